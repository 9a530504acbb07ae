import type { SegmentView } from '@reheap/device-memory'
import { formatAddress, formatBytes, formatCount } from '@reheap/kernel'
import { segmentUses } from '@reheap/projections'
import { counted, percent, table } from './table.ts'

const METRICS = ['current', 'peak', 'allocated', 'freed'] as const
const isBytes = (name: string): boolean => name.includes('bytes')

/** Every figure of `torch.cuda.memory_stats` under its own name; a line for each four of a statistic. */
export function memoryStatsLines(stats: Readonly<Record<string, number>>): readonly string[] {
  const names = [...new Set(Object.keys(stats).map((name) => name.replace(/\.(current|peak|allocated|freed)$/, '')))]
  const shown = (name: string, value: number | undefined): string =>
    value === undefined ? '' : isBytes(name) ? formatBytes(value) : formatCount(value)
  const kept = names.filter((name) => Object.hasOwn(stats, `${name}.current`))
  const single = names.filter((name) => !Object.hasOwn(stats, `${name}.current`))
  return [
    ...table(
      [{ title: 'torch.cuda.memory_stats', align: 'left' }, ...METRICS.map((title) => ({ title }))],
      kept.map((name) => [name, ...METRICS.map((metric) => shown(name, stats[`${name}.${metric}`]))]),
    ),
    ...single.map(
      (name) => `${name} ${name === 'max_split_size' && (stats[name] ?? 0) >= 0 ? formatBytes(stats[name] ?? 0) : stats[name]}`,
    ),
  ]
}

const SEGMENT_COLUMNS = [
  { title: 'segment' },
  { title: 'kind', align: 'left' },
  { title: 'stream' },
  { title: 'bytes' },
  { title: 'live' },
  { title: 'live bytes' },
  { title: 'free' },
  { title: 'largest free' },
  { title: 'used' },
] as const

export const segmentKind = ({ type, isExpandable, pool }: SegmentView): string =>
  `${type}${isExpandable ? ', expandable' : ''}${pool === null ? '' : `, pool ${pool}`}`

/** The first segments of a device, those with the most free bytes that live blocks pin first. */
export function segmentLines(segments: readonly SegmentView[], most: number): readonly string[] {
  if (segments.length === 0) return ['no segment is held']
  const uses = segmentUses(segments)
  return [
    `${counted(segments.length, 'segment')}, those with the most free bytes beside live blocks first:`,
    ...table(
      SEGMENT_COLUMNS,
      uses
        .slice(0, most)
        .map(({ segment, liveBlocks, liveBytes, freeBytes, largestFreeBytes }) => [
          formatAddress(segment.address),
          segmentKind(segment),
          String(segment.stream),
          formatBytes(segment.bytes),
          formatCount(liveBlocks),
          formatBytes(liveBytes),
          formatBytes(freeBytes),
          formatBytes(largestFreeBytes),
          percent(liveBytes / segment.bytes),
        ]),
    ),
    ...(uses.length > most ? [`... and ${counted(uses.length - most, 'more segment')}`] : []),
  ]
}
