/** What the worker has answered to what is on the page. */
import { useEffect } from 'preact/hooks'
import type { Answers, Requests } from '../session/messages.ts'

interface Asked<K extends keyof Requests = keyof Requests> {
  readonly kind: K
  readonly value: Requests[K] | null
  /** Undefined while it is awaited. */
  readonly answer: Answers[K] | undefined
}

const shown = new Set<Asked>()

/** Keeps an answer among them as long as it is shown. */
export function useShown<K extends keyof Requests>(kind: K, value: Requests[K] | null, answer: Answers[K] | undefined): void {
  useEffect(() => {
    const asked = { kind, value, answer }
    shown.add(asked)
    return () => void shown.delete(asked)
  }, [answer])
}

/** Those that are there, in the order in which they came. */
export const answersShown = (): readonly Asked[] => [...shown].filter(({ answer }) => answer !== undefined)
