/** What is shown, saved as a file. */
import type { Overview, View } from '../session/messages.ts'
import { cellWidth, knownWidth, windowOf } from './curve-window.ts'
import { closerParts } from './detail.ts'
import { counted, save } from './format.ts'
import { pictureOf } from './picture.ts'
import { cursor, range, theme } from './store.ts'
import { extentOf } from './timeline-scales.ts'
import { drawn, hidden, isOverTime, keyOf, shownAxis } from './timeline-state.ts'
import { timelineSvg } from './timeline-svg.ts'

/** Rows of a table. */
const ROWS_MAX = 16_384

/** Columns are written as plain lists. */
const plain = (_: string, value: unknown): unknown => (ArrayBuffer.isView(value) ? Array.from(value as Float64Array) : value)

const drawing = (log: Overview): ReturnType<typeof timelineSvg> =>
  timelineSvg({
    log,
    cut: drawn.value ?? { width: 1, x: [], min: [], max: [] },
    range: range.value ?? [0, log.events],
    axis: shownAxis.value,
    extentOf: (scale) => extentOf(log, scale),
    isShown: (curve) => !hidden.value.has(keyOf(curve)),
    at: cursor.value,
    isLight: theme.value === 'light',
  })

/** Of what is shown, as close as it is known: each cell's largest and smallest value of each curve. */
function csvOf(log: Overview): string {
  const { curves, events } = log
  const [from, to] = range.value ?? [0, events]
  const parts = closerParts.value
  const width = Math.max(knownWidth(log, parts, [from, to]), cellWidth(from, to, ROWS_MAX))
  const { x, min, max } = windowOf(curves, parts, from, to, width)
  const { toAxis } = shownAxis.value
  const time = (event: number): readonly number[] => (isOverTime.value ? [Math.round(toAxis(event))] : [])
  const rows = x.map((event, cell) => [event, ...time(event), ...curves.flatMap((_, curve) => [max[curve]?.[cell], min[curve]?.[cell]])])
  const heads = ['event', ...(isOverTime.value ? ['nanoseconds'] : []), ...curves.flatMap((curve) => [keyOf(curve), `${keyOf(curve)}_min`])]
  return `${[heads, ...rows].map((row) => row.join(',')).join('\n')}\n`
}

const blobOf = (text: string, type: string): Blob => new Blob([text], { type })

async function savePicture(log: Overview, { at }: View): Promise<void> {
  const shown = document.querySelector('[role=tab][aria-selected=true]')?.textContent ?? ''
  const picture = await pictureOf(drawing(log), `${shown}, after ${counted(at, 'event')}`)
  if (picture !== null) save(`${log.name}.png`, picture)
}

/** @param log with what stands beside it */
export function Export({ log, view }: { readonly log: Overview; readonly view: View }) {
  const files: readonly (readonly [name: string, what: string, write: () => void])[] = [
    ['PNG', 'the timeline and the map as a picture', () => void savePicture(log, view)],
    ['SVG', 'the timeline as a drawing', () => save(`${log.name}.svg`, blobOf(drawing(log).text, 'image/svg+xml'))],
    ['CSV', 'the curves of the timeline', () => save(`${log.name}.csv`, blobOf(csvOf(log), 'text/csv'))],
    [
      'JSON',
      'the moment at the cursor',
      () => save(`${log.name}.${view.at}.json`, blobOf(JSON.stringify(view, plain), 'application/json')),
    ],
  ]
  return (
    <>
      {files.map(([name, what, write]) => (
        <button key={name} type="button" title={`save ${what}`} aria-label={`save ${what} as ${name}`} onClick={write}>
          {name}
        </button>
      ))}
    </>
  )
}
