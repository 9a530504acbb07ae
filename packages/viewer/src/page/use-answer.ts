import { useEffect, useState } from 'preact/hooks'
import type { Answers, Requests } from '../session/messages.ts'
import { ask } from './session-client.ts'
import { fault } from './store.ts'

/** What the worker answers; the last answer while the next is awaited, null before the first and where nothing is asked. */
export function useAnswer<K extends keyof Requests>(kind: K, value: Requests[K] | null): Answers[K] | null {
  const [answer, setAnswer] = useState<Answers[K] | null>(null)
  const key = JSON.stringify(value)
  useEffect(() => {
    if (value === null) return setAnswer(null)
    let isWanted = true
    ask(kind, value).then(
      (told) => isWanted && setAnswer(told),
      (error: Error) => {
        if (isWanted) fault.value = error.message
      },
    )
    return () => {
      isWanted = false
    }
  }, [kind, key])
  return answer
}
