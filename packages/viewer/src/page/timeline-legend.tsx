/** The curves by name, with their values at the pointer, and what the marks on the track are. */
import type { Curve, EventTimes, Overview } from '../session/messages.ts'
import { momentColour } from './colours.ts'
import { bytes, count, counted } from './format.ts'
import { momentKinds, trackName } from './moments.ts'
import { theme } from './store.ts'
import { AREA_OPACITY, areasOf, type Stroke, strokeOf } from './strokes.ts'
import { drawn, hidden, isFitted, isOverTime, keyOf, pointed, shownAxis, toggleCurve, toggleFitted, toggleTime } from './timeline-state.ts'

/** Fewer known times than this are worth a word. */
const TIMES_FEW = 100

export function Legend({ overview }: { readonly overview: Overview }) {
  const { curves, times } = overview
  const isLight = theme.value === 'light'
  const filled = new Set(areasOf(curves, () => true).map(({ upper }) => upper))
  return (
    <div class="curve-legend">
      <div class="ticks">
        <Pointed events={overview.events} />
        {momentKinds(overview).map((kind) => (
          <span key={kind}>
            <i style={{ background: momentColour(kind, isLight) }} /> {trackName(kind, overview)}
          </span>
        ))}
        {isOverTime.value && times !== null && times.event.length < TIMES_FEW && <span>{knownText(times)}</span>}
        <button type="button" aria-pressed={isOverTime.value} disabled={times === null} title={timesText(overview)} onClick={toggleTime}>
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
          <CurveButton
            key={keyOf(curve)}
            curve={curve}
            place={place}
            stroke={strokeOf(curves, curve, isLight)}
            isFilled={filled.has(place)}
          />
        ))}
      </fieldset>
    </div>
  )
}

const knownText = ({ event }: EventTimes): string => `${counted(event.length, 'time')} known, events between are spread evenly`

function timesText({ times, curves }: Overview): string {
  if (times !== null) return `over time or over events (t); ${knownText(times)}`
  const isCompared = curves.some(({ end }) => end !== undefined)
  return isCompared ? 'two logs are drawn over their events' : 'the log does not say when its events happened'
}

interface CurveButtonProps {
  readonly curve: Curve
  /** Among all curves. */
  readonly place: number
  readonly stroke: Stroke
  readonly isFilled: boolean
}

function CurveButton({ curve, place, stroke, isFilled }: CurveButtonProps) {
  const isHidden = hidden.value.has(keyOf(curve))
  const cell = pointed.value?.cell
  const [low, high] = cell === undefined ? [] : [drawn.value?.min[place]?.[cell], drawn.value?.max[place]?.[cell]]
  const text = curve.unit === 'bytes' ? bytes : count
  return (
    <button
      type="button"
      class={curve.isBeside === true ? 'curve beside' : 'curve'}
      aria-pressed={!isHidden}
      title={isHidden ? 'show this curve' : 'hide this curve'}
      onClick={() => toggleCurve(curve)}
    >
      <svg width="24" height="10" aria-hidden="true">
        {isFilled && <rect width="24" height="10" fill={stroke.colour} opacity={AREA_OPACITY} />}
        <line
          x2="24"
          y1={isFilled ? 1 : 5}
          y2={isFilled ? 1 : 5}
          stroke={stroke.colour}
          stroke-width={stroke.width + 0.5}
          stroke-dasharray={stroke.dash.join(' ')}
        />
      </svg>
      {curve.label}
      <output>
        {typeof low !== 'number' || typeof high !== 'number' ? '' : low === high ? text(high) : `${text(low)} … ${text(high)}`}
      </output>
    </button>
  )
}

/** Which events the pointer is at. */
function Pointed({ events }: { readonly events: number }) {
  const at = pointed.value
  const shown = drawn.value
  const first = at === null ? undefined : shown?.x[at.cell]
  if (at === null || shown === null || first === undefined)
    return <p class="quiet">Click: go there. Drag: show that part. Drag with Shift, or below the curves: pan. Wheel: zoom.</p>
  const last = Math.min(first + shown.width, events) - 1
  const { toAxis, label } = shownAxis.value
  return (
    <p>
      {last <= first ? `event ${count(first)}` : `events ${count(first)} … ${count(last)}`}
      {isOverTime.value && `, ${label(toAxis(first), toAxis(first + shown.width) - toAxis(first))}`}
      {at.moment !== null && `: ${at.moment}`}
    </p>
  )
}
