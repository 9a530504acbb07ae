/** What is shown, saved as a file. */
import type { Overview, View } from '../session/messages.ts'
import { save } from './format.ts'
import { range, theme } from './store.ts'
import { timelineSvg } from './timeline-svg.ts'

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

function csvOf({ curves }: Overview): string {
  const rows = Array.from(curves[0]?.max ?? [], (_, place) =>
    [place * (curves[0]?.width ?? 1), ...curves.map(({ max }) => max[place])].join(','),
  )
  return `event,${curves.map(({ key }) => key).join(',')}\n${rows.join('\n')}\n`
}

export function Export({ log, view }: { readonly log: Overview; readonly view: View }) {
  const files: readonly (readonly [name: string, what: string, write: () => void])[] = [
    ['PNG', 'the timeline and the map as a picture', () => picture().toBlob((blob) => blob && save(`${log.name}.png`, blob))],
    [
      'SVG',
      'the timeline as a drawing',
      () => save(`${log.name}.svg`, new Blob([timelineSvg(log, range.value, theme.value === 'light')], { type: 'image/svg+xml' })),
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
