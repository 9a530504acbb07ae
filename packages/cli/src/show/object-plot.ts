import { formatBytes, formatCount } from '@reheap/kernel'
import { glyphAt, glyphs, LABEL_WIDTH, type PlotSize, stretchesOf } from './plot.ts'
import { roundTop } from './scale.ts'
import { counted } from './table.ts'
import type { ObjectTimeline, TimelineFigure } from './timeline-figure.ts'

/** What was unreachable fills part of what was alive. */
const BANDS = ['unreachable, not yet collected', 'live objects']

/** The live objects of a timeline for the terminal, on the same columns as its bytes; nothing where the log holds none. */
export function objectPlotLines({ events, points, objects }: TimelineFigure, { width, height }: PlotSize): readonly string[] {
  if (objects === null || events === 0) return []
  const drawn = glyphs()
  const { uncollected, peaks } = objects
  const columns = stretchesOf(points, events, Math.max(10, width - LABEL_WIDTH - 1)).map(([first, end]) => [
    Math.max(0, ...uncollected.objectsMax.slice(first, end)),
    Math.max(0, ...points.slice(first, end).map(({ max }) => max.objects)),
  ])
  const top = roundTop(peaks.objects?.value ?? 0)
  const rows = Array.from({ length: height }, (_, row) => {
    const count = top * (1 - (row + 0.5) / height)
    return `${(row === 0 ? formatCount(top) : '').padStart(LABEL_WIDTH)}${drawn.axis}${columns.map((tops) => glyphAt(tops, count, drawn)).join('')}`.trimEnd()
  })
  return [
    '',
    ...rows,
    `${'0'.padStart(LABEL_WIDTH)}${drawn.corner}${drawn.base.repeat(columns.length)}`,
    `${' '.repeat(LABEL_WIDTH + 1)}${BANDS.map((name, band) => `${drawn.bands[band]} ${name}`).join('   ')}`,
    ...figureLines(objects),
  ]
}

function figureLines({ born, died, reused, peaks, uncollected, collectionsTotal, collections }: ObjectTimeline): readonly string[] {
  const { objects, bytes } = uncollected.peaks
  return [
    `peak: ${counted(peaks.objects?.value ?? 0, 'live object')} after event ${formatCount(peaks.objects?.index ?? 0)}, ${formatBytes(peaks.objectBytes?.value ?? 0)} after event ${formatCount(peaks.objectBytes?.index ?? 0)}`,
    `${counted(born, 'birth')}, ${formatCount(reused)} of them from free lists; ${counted(died, 'death')}`,
    `uncollected: at most ${counted(objects?.value ?? 0, 'object')}, ${formatBytes(bytes?.value ?? 0)}`,
    `${counted(collectionsTotal, 'collection')}${collectionsTotal === 0 ? '' : `, the first at event ${formatCount(collections[0]?.index ?? 0)}`}`,
  ]
}
