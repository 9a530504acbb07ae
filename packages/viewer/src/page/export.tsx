/** What is shown, saved as a file. */
import type { Overview, View } from '../session/messages.ts'
import { cellWidth, knownWidth, windowOf } from './curve-window.ts'
import { closerParts } from './detail.ts'
import { save } from './format.ts'
import { range, theme } from './store.ts'
import { timelineSvg } from './timeline-svg.ts'

/** Rows of a table. */
const ROWS_MAX = 16_384

/** Columns are written as plain lists. */
const plain = (_: string, value: unknown): unknown => (ArrayBuffer.isView(value) ? Array.from(value as Float64Array) : value)

/** The timeline and the map below it as one picture. */
function picture(): HTMLCanvasElement {
  const parts = [...document.querySelectorAll<HTMLCanvasElement>('.timeline canvas, #heap, #device, #history, .region canvas')]
  const made = document.createElement('canvas')
  made.width = Math.max(1, ...parts.map(({ width }) => width))
  made.height = Math.max(
    1,
    parts.reduce((sum, { height }) => sum + height, 0),
  )
  const context = made.getContext('2d')
  if (context === null) return made
  context.fillStyle = getComputedStyle(document.body).backgroundColor
  context.fillRect(0, 0, made.width, made.height)
  let top = 0
  for (const part of parts) {
    context.drawImage(part, 0, top)
    top += part.height
  }
  return made
}

/** Of what is shown, as close as it is known: each cell's largest and smallest value of each curve. */
function csvOf(log: Overview): string {
  const { curves, events } = log
  const [from, to] = range.value ?? [0, events]
  const parts = closerParts.value
  const width = Math.max(knownWidth(log, parts, [from, to]), cellWidth(from, to, ROWS_MAX))
  const { x, min, max } = windowOf(curves, parts, from, to, width)
  const rows = x.map((event, cell) => [event, ...curves.flatMap((_, curve) => [max[curve]?.[cell], min[curve]?.[cell]])].join(','))
  return `event,${curves.map(({ key }) => `${key},${key}_min`).join(',')}\n${rows.join('\n')}\n`
}

export function Export({ log, view }: { readonly log: Overview; readonly view: View }) {
  const files: readonly (readonly [name: string, what: string, write: () => void])[] = [
    ['PNG', 'the timeline and the map as a picture', () => picture().toBlob((blob) => blob && save(`${log.name}.png`, blob))],
    [
      'SVG',
      'the timeline as a drawing',
      () =>
        save(
          `${log.name}.svg`,
          new Blob([timelineSvg(log, closerParts.value, range.value, theme.value === 'light')], { type: 'image/svg+xml' }),
        ),
    ],
    ['CSV', 'the curves of the timeline', () => save(`${log.name}.csv`, new Blob([csvOf(log)], { type: 'text/csv' }))],
    [
      'JSON',
      'the moment at the cursor',
      () => save(`${log.name}.${view.at}.json`, new Blob([JSON.stringify(view, plain)], { type: 'application/json' })),
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
