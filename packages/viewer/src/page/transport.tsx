/** The cursor's controls. */
import type { Moment, Overview } from '../session/messages.ts'
import { count } from './format.ts'
import { SPEEDS, speed, WHOLE_SECONDS } from './playback.ts'
import { stepLine } from './stepping.ts'
import { cursor, jump, moveTo, playing } from './store.ts'

const KINDS: readonly (readonly [kind: Moment['kind'], name: (log: Overview) => string])[] = [
  ['collection', () => 'collection'],
  ['region', ({ layer, devices }) => (layer === 'device' ? 'segment' : devices.length === 0 ? 'arena' : 'arena or segment')],
  ['outOfMemory', () => 'out-of-memory'],
  ['mark', () => 'mark'],
]

/** Steps, jumps, and playing at a speed. */
export function Transport({ log }: { readonly log: Overview }) {
  const kinds = new Set(log.moments.map(({ kind }) => kind))
  return (
    <div class="transport" role="toolbar" aria-label="time">
      <Pair name="event" back={() => void moveTo(cursor.value - 1)} on={() => void moveTo(cursor.value + 1)}>
        <input
          id="event"
          aria-label="event"
          type="number"
          min="0"
          max={log.events}
          value={cursor.value}
          onChange={(event) => {
            void moveTo(Number(event.currentTarget.value))
            event.currentTarget.blur()
          }}
        />
      </Pair>
      <Pair name="line" back={() => void stepLine(-1)} on={() => void stepLine(1)}>
        <span>line</span>
      </Pair>
      {KINDS.filter(([kind]) => kinds.has(kind)).map(([kind, name]) => (
        <Pair key={kind} name={name(log)} back={() => jump(kind, -1)} on={() => jump(kind, 1)}>
          <span>{name(log)}</span>
        </Pair>
      ))}
      <button
        type="button"
        onClick={() => {
          playing.value = !playing.value
        }}
      >
        {playing.value ? 'Pause' : 'Play'}
      </button>
      <select
        aria-label="speed"
        value={speed.value}
        onChange={(event) => {
          speed.value = event.currentTarget.value
        }}
      >
        {SPEEDS.map((each) => (
          <option key={each} value={String(each)}>
            {each === 0 ? `all in ${WHOLE_SECONDS} s` : `${count(each)} event${each === 1 ? '' : 's'}/s`}
          </option>
        ))}
      </select>
    </div>
  )
}

interface PairProps {
  readonly name: string
  readonly back: () => void
  readonly on: () => void
  readonly children: preact.ComponentChildren
}

/** What is stepped by, between a button back and one on. */
function Pair({ name, back, on, children }: PairProps) {
  return (
    <span class="pair">
      <button type="button" aria-label={`one ${name} back`} onClick={back}>
        ‹
      </button>
      {children}
      <button type="button" aria-label={`next ${name}`} onClick={on}>
        ›
      </button>
    </span>
  )
}
