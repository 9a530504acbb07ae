/** The curves by name, with their values at the pointer, and what the marks on the track are. */
import type { Curve, EventTimes, Overview } from '../session/messages.ts'
import { bytes, count, counted } from './format.ts'
import { MOMENT_COLOURS, momentKinds, momentName } from './moments.ts'
import { curveColour } from './timeline-plot.ts'
import { drawn, hidden, isFitted, isOverTime, keyOf, pointed, shownAxis, toggleFitted, toggleTime } from './timeline-state.ts'

export function Legend({ overview }: { readonly overview: Overview }) {
  const { curves, times } = overview
  return (
    <div class="curve-legend">
      <div class="ticks">
        <Pointed />
        {momentKinds(overview).map((kind) => (
          <span key={kind}>
            <i style={{ background: MOMENT_COLOURS[kind] }} /> {momentName(kind, overview)}
          </span>
        ))}
        <button type="button" aria-pressed={isOverTime.value} disabled={times === null} title={timesText(times)} onClick={toggleTime}>
          over time
        </button>
        <button
          type="button"
          aria-pressed={isFitted.value}
          title="scales from the smallest value that is shown, or from 0 (f)"
          onClick={toggleFitted}
        >
          fit scales
        </button>
      </div>
      <fieldset class="curves" aria-label="curves">
        {curves.map((curve, place) => (
          <CurveButton key={keyOf(curve)} curve={curve} place={place} colour={curveColour(overview, curve)} />
        ))}
      </fieldset>
    </div>
  )
}

const timesText = (times: EventTimes | null): string =>
  times === null
    ? 'the log does not say when its events happened'
    : `over time or over events (t); ${counted(times.event.length, 'time')} of the log are known, events between two are spread evenly`

function CurveButton({ curve, place, colour }: { readonly curve: Curve; readonly place: number; readonly colour: string }) {
  const key = keyOf(curve)
  const isHidden = hidden.value.has(key)
  const cell = pointed.value?.cell
  const [low, high] = cell === undefined ? [undefined, undefined] : [drawn.value?.min[place]?.[cell], drawn.value?.max[place]?.[cell]]
  const text = curve.unit === 'bytes' ? bytes : count
  return (
    <button
      type="button"
      class={curve.isBeside === true ? 'curve beside' : 'curve'}
      aria-pressed={!isHidden}
      title={isHidden ? 'show this curve' : 'hide this curve'}
      onClick={() => {
        const rest = [...hidden.value].filter((each) => each !== key)
        hidden.value = new Set(isHidden ? rest : [...rest, key])
      }}
    >
      <i style={{ borderColor: colour, background: isHidden ? 'none' : colour }} />
      {curve.label}
      <output>{low === undefined || high === undefined ? '' : low === high ? text(high) : `${text(low)} … ${text(high)}`}</output>
    </button>
  )
}

/** Which events the pointer is at. */
function Pointed() {
  const at = pointed.value
  const shown = drawn.value
  const first = at === null ? undefined : shown?.x[at.cell]
  if (at === null || shown === null || first === undefined)
    return <p class="quiet">Click: go there. Drag: show that part. Drag with Shift, or below the curves: pan. Wheel: zoom.</p>
  const events = shown.width === 1 ? `event ${count(first)}` : `events ${count(first)} … ${count(first + shown.width - 1)}`
  const { toAxis, label } = shownAxis.value
  return (
    <p>
      {events}
      {isOverTime.value && `, ${label(toAxis(first), toAxis(first + shown.width) - toAxis(first))}`}
      {at.moment !== null && `: ${at.moment}`}
    </p>
  )
}
