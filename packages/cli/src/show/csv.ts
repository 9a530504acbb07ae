import { TIMELINE_LAYERS } from '@reheap/projections'
import type { TimelineFigure } from './timeline-figure.ts'

/** A timeline as CSV: one stretch a line, for each layer the largest and the last value in bytes. */
export function timelineCsv({ points }: TimelineFigure): string {
  const titles = ['from', 'to', ...TIMELINE_LAYERS.flatMap((layer) => [`${layer}Max`, `${layer}Last`])]
  const rows = points.map(({ from, to, max, last }) => [from, to, ...TIMELINE_LAYERS.flatMap((layer) => [max[layer], last[layer]])])
  return [titles, ...rows].map((cells) => `${cells.join(',')}\n`).join('')
}
