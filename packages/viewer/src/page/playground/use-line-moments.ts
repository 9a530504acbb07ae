/** Blocks and generations behind runs of lines. */
import { useEffect, useRef, useState } from 'preact/hooks'
import type { LineMoment } from '../../session/explore-messages.ts'
import type { Overview } from '../../session/messages.ts'
import { ask } from '../session-client.ts'
import { fault } from '../store.ts'

/** The moments behind these events, as far as they are known yet: each is asked for once. @param log that the events are of */
export function useLineMoments(log: Overview | null, events: readonly number[]): ReadonlyMap<number, LineMoment> {
  const known = useRef({ log, moments: new Map<number, LineMoment>() })
  const [, setCount] = useState(0)
  if (known.current.log !== log) known.current = { log, moments: new Map() }
  const { moments } = known.current
  const missing = events.filter((at) => !moments.has(at))
  useEffect(() => {
    if (log === null || missing.length === 0) return
    ask('lineMoments', { events: missing }).then(
      (told) => {
        for (const moment of told) moments.set(moment.at, moment)
        setCount(moments.size)
      },
      (error: Error) => {
        fault.value = error.message
      },
    )
  }, [log, missing.join()])
  return moments
}
