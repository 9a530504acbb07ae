/** The timeline as a drawing that needs no other file. */
import type { Curve, Overview } from '../session/messages.ts'
import { type CloserPart, cellWidth, windowOf } from './curve-window.ts'
import { bytes, colourOf, count } from './format.ts'

const WIDTH = 1200
const HEIGHT = 420
const LEFT = 90
const RIGHT = 80
/** Of one scale at the right, where there are two. */
const SCALE = 60
const TOP = 20
const BOTTOM = 90
const POINTS = 1000
const LINES = 5

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')

/** Curves, scales and marks between two events. */
export function timelineSvg(
  { name, events, curves, moments }: Overview,
  parts: readonly CloserPart[],
  range: readonly [number, number] | null,
  isLight: boolean,
): string {
  const [from, to] = range ?? [0, events]
  const { x: cells, min, max } = windowOf(curves, parts, from, to, cellWidth(from, to, POINTS))
  const tops = { bytes: 1, count: 1, gpu: 1 }
  curves.forEach(({ axis }, place) => {
    for (const value of max[place] ?? []) tops[axis] = Math.max(tops[axis], value)
  })
  const atRight = (['count', 'gpu'] as const).filter((axis) => curves.some((curve) => curve.axis === axis))
  const right = atRight.length > 1 ? RIGHT + SCALE : RIGHT
  const x = (event: number): string => (LEFT + ((event - from) / Math.max(1, to - from)) * (WIDTH - LEFT - right)).toFixed(1)
  const y = (value: number, axis: Curve['axis']): string => (HEIGHT - BOTTOM - (value / tops[axis]) * (HEIGHT - TOP - BOTTOM)).toFixed(1)
  const ink = isLight ? '#57606a' : '#8b95a5'
  const text = (left: string | number, top: string | number, anchor: string, what: string, fill = ink): string =>
    `<text x="${left}" y="${top}" text-anchor="${anchor}" fill="${fill}">${escaped(what)}</text>`
  const scales = Array.from({ length: LINES + 1 }, (_, place) => {
    const share = place / LINES
    const level = y(share * tops.bytes, 'bytes')
    const event = from + share * (to - from)
    return [
      `<path d="M${LEFT} ${level}H${WIDTH - right}" stroke="${ink}" stroke-opacity="0.25"/>`,
      text(LEFT - 8, Number(level) + 4, 'end', bytes(Math.round(share * tops.bytes))),
      ...atRight.map((axis, column) => {
        const value = Math.round(share * tops[axis])
        return text(WIDTH - right + 8 + column * SCALE, Number(level) + 4, 'start', axis === 'gpu' ? bytes(value) : count(value))
      }),
      text(x(event), HEIGHT - BOTTOM + 18, 'middle', count(Math.round(event))),
    ].join('')
  })
  const lines = curves.map(({ unit, axis }, place) => {
    const steps = cells.map((event, row) => {
      const [low, high] = [y(min[place]?.[row] ?? 0, axis), y(max[place]?.[row] ?? 0, axis)]
      return `${row === 0 ? 'M' : 'H'}${x(Math.max(from, event))}${row === 0 ? ' ' : 'V'}${low}V${high}`
    })
    const dash = unit === 'count' ? ' stroke-dasharray="4 3"' : ''
    return `<path d="${steps.join('')}H${x(to)}" fill="none" stroke="${colourOf(place)}" stroke-width="1.5"${dash}/>`
  })
  const marks = moments
    .filter(({ index, kind }) => (kind === 'mark' || kind === 'outOfMemory') && index >= from && index <= to)
    .slice(0, POINTS)
    .map(({ index, label }) => `<path d="M${x(index)} ${TOP}v8" stroke="${ink}"><title>${escaped(label)}</title></path>`)
  const legend = curves.map(({ label }, place) =>
    text(LEFT + (place % 4) * 260, HEIGHT - BOTTOM + 46 + Math.floor(place / 4) * 20, 'start', `■ ${label}`, colourOf(place)),
  )
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="system-ui, sans-serif" font-size="12"><title>${escaped(name)}</title><rect width="100%" height="100%" fill="${isLight ? '#ffffff' : '#161c26'}"/>${[...scales, ...marks, ...lines, ...legend].join('')}</svg>\n`
}
