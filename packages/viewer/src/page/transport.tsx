/** The cursor's controls. */
import type { Overview } from '../session/messages.ts'
import { counted } from './format.ts'
import { momentKinds, momentName } from './moments.ts'
import { chosenSpeed, SPEEDS, speed, WHOLE_SECONDS } from './playback.ts'
import { stepLine } from './stepping.ts'
import { cursor, jump, moveTo, playing } from './store.ts'

const NO_LINES = 'the log names no lines of the program: record it with reheap run, or a GPU with stacks'

/** Steps, jumps, and playing at a speed. */
export function Transport({ log }: { readonly log: Overview }) {
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
            const { valueAsNumber } = event.currentTarget
            if (Number.isFinite(valueAsNumber)) void moveTo(valueAsNumber)
            // What is beyond the log, or no number, gives way to where the cursor is.
            event.currentTarget.value = String(cursor.value)
            event.currentTarget.blur()
          }}
        />
      </Pair>
      <Pair name="line" lacking={log.hasLines ? undefined : NO_LINES} back={() => void stepLine(-1)} on={() => void stepLine(1)}>
        <span>line</span>
      </Pair>
      {momentKinds(log).map((kind) => (
        <Pair key={kind} name={momentName(kind, log)} back={() => jump(kind, -1)} on={() => jump(kind, 1)}>
          <span>{momentName(kind, log)}</span>
        </Pair>
      ))}
      <button
        type="button"
        title="plays forwards from the cursor (space)"
        onClick={() => {
          playing.value = !playing.value
        }}
      >
        {playing.value ? 'Pause' : 'Play'}
      </button>
      <select
        aria-label="speed"
        value={String(chosenSpeed())}
        onChange={(event) => {
          speed.value = event.currentTarget.value
        }}
      >
        {SPEEDS.map((each) => (
          <option key={each} value={String(each)}>
            {each === 0 ? `all in ${WHOLE_SECONDS} s` : `${counted(each, 'event')}/s`}
          </option>
        ))}
      </select>
    </div>
  )
}

interface PairProps {
  readonly name: string
  /** Why it cannot be stepped by. */
  readonly lacking?: string | undefined
  readonly back: () => void
  readonly on: () => void
  readonly children: preact.ComponentChildren
}

/** What is stepped by, between a button back and one on. */
function Pair({ name, lacking, back, on, children }: PairProps) {
  const isLacking = lacking !== undefined
  return (
    <span class={isLacking ? 'pair lacking' : 'pair'} title={lacking}>
      <button type="button" aria-label={`previous ${name}`} disabled={isLacking} title={lacking} onClick={back}>
        ‹
      </button>
      {children}
      <button type="button" aria-label={`next ${name}`} disabled={isLacking} title={lacking} onClick={on}>
        ›
      </button>
    </span>
  )
}
