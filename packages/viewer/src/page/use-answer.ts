/** Questions that a view asks the worker. */
import { useLayoutEffect, useState } from 'preact/hooks'
import type { Answers, Overview, Requests } from '../session/messages.ts'
import { ask } from './session-client.ts'
import { useShown } from './shown-answers.ts'
import { fault, overview } from './store.ts'

interface Answered<A> {
  readonly answer: A
  /** The log and the subject that it is about. */
  readonly log: Overview | null
  readonly subject: string
}

/**
 * What the worker answers; undefined while that is awaited, and where nothing is asked. As the cursor moves, the answer
 * for where it was stands until the next one is there: never one about another subject, or another log.
 *
 * @param moving fields of the question that are places in the log, not its subject
 */
export function useAnswer<K extends keyof Requests>(
  kind: K,
  value: Requests[K] | null,
  moving: readonly string[] = ['at'],
): Answers[K] | undefined {
  const [answered, setAnswered] = useState<Answered<Answers[K]> | null>(null)
  const log = overview.value
  const subject = JSON.stringify(value, (key, part) => (moving.includes(key) ? undefined : part))
  // Not after the browser has painted: the worker answers meanwhile.
  useLayoutEffect(() => {
    if (value === null) return setAnswered(null)
    let isWanted = true
    ask(kind, value).then(
      (answer) => isWanted && setAnswered({ answer, log, subject }),
      (error: Error) => {
        if (isWanted) fault.value = error.message
      },
    )
    return () => {
      isWanted = false
    }
  }, [log, kind, JSON.stringify(value)])
  const answer = answered?.log === log && answered.subject === subject ? answered.answer : undefined
  useShown(kind, value, answer)
  return answer
}
