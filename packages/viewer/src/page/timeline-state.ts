/** What of the log the timeline shows, and how. */
import { computed, signal } from '@preact/signals'
import type { Curve, Overview } from '../session/messages.ts'
import { withBeside } from './beside.ts'
import type { CurveWindow } from './curve-window.ts'
import { closerParts } from './detail.ts'
import { linked, linkedChoice } from './permalink.ts'
import { range } from './store.ts'
import { type Axis, EVENT_AXIS, timeAxis } from './timeline-axis.ts'

/** Fewest events that are shown. */
const SPAN_MIN = 32

/** What is drawn. */
export const drawn = signal<CurveWindow | null>(null)
/** Where the pointer is, and the moment that is marked there; null: elsewhere. */
export const pointed = signal<{ readonly cell: number; readonly moment: string | null } | null>(null)
/** One curve among all: one that stands beside has the key of the log's own. */
export const keyOf = ({ key, isBeside = false }: Curve): string => (isBeside ? `${key} beside` : key)

const hiddenKeys = linkedChoice('hide', '')
/** Those that are not shown. */
export const hidden = computed((): ReadonlySet<string> => new Set(hiddenKeys.value === '' ? [] : hiddenKeys.value.split(',')))

/** Shows a curve that is hidden, and hides one that is shown. */
export function toggleCurve(curve: Curve): void {
  const key = keyOf(curve)
  const rest = [...hidden.value].filter((each) => each !== key)
  hiddenKeys.value = (hidden.value.has(key) ? rest : [...rest, key]).join(',')
}

const axisKind = linked('axis', 'events')
const scaleKind = linked('scale', 'zero')
const times = computed(() => withBeside.value?.times ?? null)
/** Do scales begin at the smallest value that is shown, and not at 0? */
export const isFitted = computed(() => scaleKind.value === 'fitted')

export function toggleTime(): void {
  if (times.value !== null) axisKind.value = axisKind.value === 'time' ? 'events' : 'time'
}

export function toggleFitted(): void {
  scaleKind.value = isFitted.value ? 'zero' : 'fitted'
}

export const shownAxis = computed((): Axis => {
  if (axisKind.value !== 'time' || times.value === null) return EVENT_AXIS
  const axis = timeAxis(
    times.value,
    closerParts.value.flatMap((part) => part.times ?? []),
  )
  // Behind the last event that has a time all would be at one place.
  const [from, to] = range.value ?? [0, withBeside.value?.events ?? 0]
  return axis.toAxis(to) > axis.toAxis(from) ? axis : EVENT_AXIS
})

/** Is it drawn over time, and not over events? */
export const isOverTime = computed(() => shownAxis.value !== EVENT_AXIS)

/** Zooms by a factor around an event, and moves by a share of what is shown. @param log with what stands beside it */
export function zoom({ events }: Overview, factor: number, around: number, move = 0): void {
  const { toAxis, toEvent } = shownAxis.value
  const [first, last] = [toAxis(0), toAxis(events)]
  const [from, to] = (range.value ?? [0, events]).map(toAxis) as [number, number]
  const span = Math.min(last - first, (to - from) * factor)
  const share = to === from ? 0.5 : (toAxis(around) - from) / (to - from)
  const start = Math.max(first, Math.min(last - span, toAxis(around) - span * share + span * move))
  range.value = span >= last - first ? null : atLeast(toEvent(start), toEvent(start + span), events)
}

/** So many events that they can be told apart. */
function atLeast(from: number, to: number, events: number): readonly [number, number] | null {
  if (to - from >= SPAN_MIN) return [from, to]
  if (events <= SPAN_MIN) return null
  const start = Math.max(0, Math.min(events - SPAN_MIN, (from + to - SPAN_MIN) / 2))
  return [start, start + SPAN_MIN]
}
