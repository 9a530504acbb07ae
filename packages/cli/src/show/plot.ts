import { formatBytes, formatCount } from '@reheap/kernel'
import type { Mark, Peak, TimelinePoint } from '@reheap/projections'
import { roundTop } from './scale.ts'
import { counted } from './table.ts'
import { BANDS, type Band, type TimelineFigure } from './timeline-figure.ts'

/** Size of a plot in characters, its labels included. */
export interface PlotSize {
  readonly width: number
  readonly height: number
}

/** How the bands and the axes are drawn. */
export interface Glyphs {
  readonly bands: readonly string[]
  readonly axis: string
  readonly corner: string
  readonly base: string
}

const BLOCKS: Glyphs = { bands: ['█', '▓', '▒', '░'], axis: '┤', corner: '└', base: '─' }
const ASCII: Glyphs = { bands: ['#', '+', '.', ':'], axis: '|', corner: '+', base: '-' }

/** Columns for the labels of the axis. */
export const LABEL_WIDTH = 11
/** Marks that get a letter on the axis. */
const LETTERS = 'abcdefghij'

export const glyphs = (): Glyphs => (process.env.TERM === 'dumb' || process.env.NO_UNICODE !== undefined ? ASCII : BLOCKS)

/** A timeline for the terminal. Each column shows the largest value of its stretch of events. */
export function plotLines(figure: TimelineFigure, peak: Peak, { width, height }: PlotSize): readonly string[] {
  const { title, events, points, marks, bands = BANDS } = figure
  if (events === 0) return [title, 'the log holds no event: there is nothing to plot']
  const drawn = glyphs()
  const columns = columnsOf(points, events, Math.max(10, width - LABEL_WIDTH - 1), bands)
  const top = roundTop(peak.value)
  const rows = Array.from({ length: height }, (_, row) => {
    const label = row === 0 ? formatBytes(top) : row === Math.floor(height / 2) && height > 3 ? formatBytes(top * (1 - row / height)) : ''
    const bytes = top * (1 - (row + 0.5) / height)
    return `${label.padStart(LABEL_WIDTH)}${drawn.axis}${columns.map((tops) => glyphAt(tops, bytes, drawn)).join('')}`.trimEnd()
  })
  const end = `${formatCount(events)} events`
  return [
    title,
    ...rows,
    `${'0 B'.padStart(LABEL_WIDTH)}${drawn.corner}${axisLine(marks, events, columns.length, drawn.base)}`,
    `${' '.repeat(LABEL_WIDTH + 1)}0${end.padStart(columns.length - 1)}`,
    `${' '.repeat(LABEL_WIDTH + 1)}${bands.map(({ name }, band) => `${drawn.bands[band]} ${name}`).join('   ')}`,
    `peak: ${formatBytes(peak.value)} held after event ${formatCount(peak.index)}`,
    ...(marks.length === 0 ? [] : [markLine(marks)]),
  ]
}

/** For each column the top of every band. */
function columnsOf(
  points: readonly TimelinePoint[],
  events: number,
  count: number,
  bands: readonly Band[],
): readonly (readonly number[])[] {
  return stretchesOf(points, events, count).map(([first, end]) => {
    const inside = points.slice(first, end)
    return bands.map(({ top }) => Math.max(0, ...inside.map(top)))
  })
}

/** For each column the first point in it, and the first behind it. */
export function stretchesOf(points: readonly TimelinePoint[], events: number, count: number): readonly (readonly [number, number])[] {
  const stretch = points[0]?.to ?? 1
  return Array.from({ length: count }, (_, column) => {
    const first = Math.floor((column * events) / count / stretch)
    return [first, Math.max(first, Math.ceil(((column + 1) * events) / count / stretch) - 1) + 1] as const
  })
}

export function glyphAt(tops: readonly number[], bytes: number, { bands }: Glyphs): string {
  const band = tops.findIndex((top) => top >= bytes)
  return band < 0 ? ' ' : (bands[band] ?? ' ')
}

function axisLine(marks: readonly Mark[], events: number, width: number, base: string): string {
  const cells = base.repeat(width).split('')
  for (const [place, { index }] of [...marks.slice(0, LETTERS.length).entries()].reverse()) {
    cells[Math.min(width - 1, Math.floor((index * width) / events))] = LETTERS[place] ?? ''
  }
  return cells.join('')
}

function markLine(marks: readonly Mark[]): string {
  const named = marks.slice(0, LETTERS.length).map(({ label, index }, place) => `${LETTERS[place]} ${label} (${formatCount(index)})`)
  const rest = marks.length - named.length
  return `marks: ${named.join(', ')}${rest === 0 ? '' : ` and ${counted(rest, 'more mark')}`}`
}
