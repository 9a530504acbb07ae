import { formatBytes, formatCount } from '@reheap/kernel'
import type { ObjectFigures, ObjectTables } from '../object-figures.ts'
import { counted, table } from './table.ts'

const GENERATION_COLUMNS = [
  { title: 'generation' },
  { title: 'objects' },
  { title: 'count' },
  { title: 'threshold' },
  { title: 'collections' },
  { title: 'collected' },
  { title: 'uncollectable' },
] as const

/** The figures of objects for people; nothing where a log holds none. */
export function objectLines(figures: ObjectFigures | null): readonly string[] {
  if (figures === null) return []
  const { live, bytes, peaks, generations, frozen } = figures
  const rows = generations.map(({ objects, count, threshold, collections, collected, uncollectable }, generation) =>
    [generation, objects, count, threshold, collections, collected, uncollectable].map(formatCount),
  )
  const most =
    peaks === undefined
      ? ''
      : `; at most ${formatCount(peaks.live.value)} after event ${formatCount(peaks.live.index)}, ${formatBytes(peaks.bytes.value)} after event ${formatCount(peaks.bytes.index)}`
  return [
    '',
    `${counted(live, 'live object')}, ${formatBytes(bytes)}${most}`,
    ...table(GENERATION_COLUMNS, rows),
    ...(frozen === 0 ? [] : [`${counted(frozen, 'frozen object')} beside them`]),
  ]
}

/** Types that are listed for people. */
const TYPES_SHOWN = 20

export function objectTableLines({ types = [], freeLists = [] }: ObjectTables): readonly string[] {
  const typeColumns = [
    { title: 'type', align: 'left' },
    { title: 'layout', align: 'left' },
    { title: 'objects' },
    { title: 'size' },
  ] as const
  const listColumns = [
    { title: 'free list', align: 'left' },
    { title: 'kept' },
    { title: 'at most' },
    { title: 'hits' },
    { title: 'misses' },
  ] as const
  const typeRows = types
    .slice(0, TYPES_SHOWN)
    .map(({ type, layout, objects, bytes }) => [type, layout, formatCount(objects), formatBytes(bytes)])
  const listRows = freeLists.map(({ layout, items, kept, max, hits, misses }) => [
    items === 0 ? layout : `${layout} of ${items}`,
    ...[kept, max, hits, misses].map(formatCount),
  ])
  return [
    ...(typeRows.length === 0 ? [] : ['', ...table(typeColumns, typeRows)]),
    ...(types.length <= TYPES_SHOWN ? [] : [`... and ${counted(types.length - TYPES_SHOWN, 'more type')}`]),
    ...(listRows.length === 0 ? [] : ['', ...table(listColumns, listRows)]),
  ]
}
