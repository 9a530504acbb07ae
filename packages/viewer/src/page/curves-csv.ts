/** The curves of the timeline as a table. */
import type { Overview } from '../session/messages.ts'
import { csvText } from './csv.ts'
import { cellWidth, knownWidth, windowOf } from './curve-window.ts'
import { closerParts } from './detail.ts'
import { range } from './store.ts'
import { EVENT_AXIS } from './timeline-axis.ts'
import { hidden, keyOf, shownAxis } from './timeline-state.ts'

/** Rows of a table. */
const ROWS_MAX = 16_384

/** Of what is shown, as close as it is known: each cell's largest and smallest value of each curve, and its time where time is shown. */
export function curvesCsv(log: Overview): string {
  const curves = log.curves.filter((curve) => !hidden.value.has(keyOf(curve)))
  const [from, to] = range.value ?? [0, log.events]
  const parts = closerParts.value
  const width = Math.max(knownWidth(log, parts, [from, to]), cellWidth(from, to, ROWS_MAX))
  const { x, min, max } = windowOf(curves, parts, from, to, width)
  const axis = shownAxis.value
  const isTimed = axis !== EVENT_AXIS
  const rows = x.map((event, cell) => [
    event,
    ...(isTimed ? [Math.round(axis.toAxis(event))] : []),
    ...curves.flatMap((_, curve) => [max[curve]?.[cell], min[curve]?.[cell]]),
  ])
  const heads = ['event', ...(isTimed ? ['nanoseconds'] : []), ...curves.flatMap((curve) => [keyOf(curve), `${keyOf(curve)}_min`])]
  return csvText(heads, rows)
}
