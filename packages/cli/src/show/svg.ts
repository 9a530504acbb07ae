import { formatBytes, formatCount } from '@reheap/kernel'
import type { Mark, TimelinePoint } from '@reheap/projections'
import { roundTop } from './scale.ts'
import { BANDS, type Band, type ObjectTimeline, type TimelineFigure } from './timeline-figure.ts'

const WIDTH = 960
const HEIGHT = 440
const LEFT = 84
const RIGHT = 24
const TOP = 64
const BOTTOM = 64
const INNER_WIDTH = WIDTH - LEFT - RIGHT
const INNER_HEIGHT = HEIGHT - TOP - BOTTOM
const FLOOR = TOP + INNER_HEIGHT
/** Bands from the axis upwards: told apart in light, in dark, and without colour by their lightness. */
const FILLS = ['#2563a8', '#7aa7d9', '#b8bec6', '#e0a33e']
/** Marks that are labelled. */
const MARKS_SHOWN = 12
const GRID_LINES = 4
const LEGEND_STEP = 160

const STYLE = `
  text { font: 12px system-ui, sans-serif; fill: #333 }
  .title { font-size: 14px }
  .mark { font-size: 11px }
  .ground { fill: #fff }
  .line { stroke: #888; stroke-width: 1 }
  .grid { stroke: #888; stroke-opacity: .25 }
  .objects { stroke: #b3261e; stroke-width: 1.5; fill: none }
  @media (prefers-color-scheme: dark) {
    text { fill: #ddd }
    .ground { fill: #16181c }
  }`

/** A timeline as a picture that needs nothing else: bands with axes, marks and a legend. */
export function timelineSvg({ title, events, points, marks, objects, bands: shown = BANDS }: TimelineFigure): string {
  const top = roundTop(Math.max(0, ...points.map(({ max }) => max.heldBytes)))
  const x = (index: number): number => LEFT + (INNER_WIDTH * index) / Math.max(1, events)
  const y = (bytes: number): number => FLOOR - (INNER_HEIGHT * bytes) / top
  const bands = shown.map(({ top: topOf }, band) => bandPath(points, x, (point) => y(topOf(point)), FILLS[band] ?? '#888'))
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img">`,
    `<title>${escaped(title)}</title>`,
    `<style>${STYLE}</style>`,
    `<rect class="ground" width="${WIDTH}" height="${HEIGHT}"/>`,
    text(LEFT, 22, title, 'start', 'title'),
    ...legend(shown),
    ...grid(top, y),
    ...bands.reverse(),
    `<path class="line" fill="none" d="M${LEFT} ${TOP}V${FLOOR}H${WIDTH - RIGHT}"/>`,
    ...(objects === null ? [] : objectLine(points, objects, x)),
    ...eventAxis(events, x),
    ...marks.slice(0, MARKS_SHOWN).flatMap((mark) => markLines(mark, x)),
    '</svg>',
    '',
  ].join('\n')
}

/** A band from the axis to its top, one step for each stretch; those below are drawn over it. */
function bandPath(
  points: readonly TimelinePoint[],
  x: (index: number) => number,
  y: (point: TimelinePoint) => number,
  fill: string,
): string {
  const steps = points.map((point) => `V${fixed(y(point))}H${fixed(x(point.to))}`)
  return `<path fill="${fill}" d="M${LEFT} ${FLOOR}${steps.join('')}V${FLOOR}Z"/>`
}

/** Live objects on a scale of their own, whose top is their peak. */
function objectLine(points: readonly TimelinePoint[], { peaks }: ObjectTimeline, x: (index: number) => number): string[] {
  const most = peaks.objects?.value ?? 0
  const y = ({ max }: TimelinePoint): number => FLOOR - (INNER_HEIGHT * max.objects) / Math.max(1, most)
  const steps = points.map((point) => `V${fixed(y(point))}H${fixed(x(point.to))}`)
  return [
    `<path class="objects" d="M${LEFT} ${FLOOR}${steps.join('')}"/>`,
    `<path class="objects" d="M${LEFT + 4 * LEGEND_STEP} 42h12"/>`,
    text(LEFT + 4 * LEGEND_STEP + 18, 46, `live objects, ${formatCount(most)} at most`, 'start'),
  ]
}

function legend(bands: readonly Band[]): string[] {
  return bands.flatMap(({ name }, band) => [
    `<rect x="${LEFT + band * LEGEND_STEP}" y="36" width="12" height="12" fill="${FILLS[band]}"/>`,
    text(LEFT + band * LEGEND_STEP + 18, 46, name, 'start'),
  ])
}

function grid(top: number, y: (bytes: number) => number): string[] {
  return Array.from({ length: GRID_LINES + 1 }, (_, line) => (top * line) / GRID_LINES).flatMap((bytes) => [
    `<path class="grid" d="M${LEFT} ${fixed(y(bytes))}H${WIDTH - RIGHT}"/>`,
    text(LEFT - 8, y(bytes) + 4, formatBytes(bytes), 'end'),
  ])
}

function eventAxis(events: number, x: (index: number) => number): string[] {
  const at = [0, 0.25, 0.5, 0.75, 1].map((share) => Math.round(share * events))
  return [
    ...[...new Set(at)].map((index) => text(x(index), FLOOR + 18, formatCount(index), index > 0 && index === events ? 'end' : 'middle')),
    text(LEFT + INNER_WIDTH / 2, FLOOR + 40, 'events', 'middle'),
  ]
}

function markLines({ index, label }: Mark, x: (index: number) => number): string[] {
  const at = fixed(x(index))
  return [
    `<path class="line" stroke-dasharray="3 3" d="M${at} ${TOP}V${FLOOR}"/>`,
    `<text class="mark" transform="translate(${fixed(x(index) - 4)} ${TOP + 4}) rotate(-90)" text-anchor="end">${escaped(label)}</text>`,
  ]
}

function text(x: number, y: number, content: string, anchor: 'start' | 'middle' | 'end', kind?: string): string {
  const named = kind === undefined ? '' : ` class="${kind}"`
  return `<text x="${fixed(x)}" y="${fixed(y)}" text-anchor="${anchor}"${named}>${escaped(content)}</text>`
}

const fixed = (value: number): string => String(Math.round(value * 100) / 100)

const escaped = (content: string): string =>
  // Control characters cannot stand in XML at all.
  content
    .replaceAll(/[^\t\n\r -\uffff]/g, ' ')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
