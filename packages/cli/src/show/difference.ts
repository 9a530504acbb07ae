/** Two logs side by side, for people. */
import { formatBytes, formatCount } from '@reheap/kernel'
import type { DeviceDifference, DeviceSummary, HeapCost, HeapDifference } from '@reheap/machine'
import { table } from './table.ts'

type Shown = (value: number) => string

const DEVICE_FIGURES = [
  ['allocated: peak', 'allocatedBytesPeak', formatBytes],
  ['reserved: peak', 'reservedBytesPeak', formatBytes],
  ['driver calls', 'driverCalls', formatCount],
  ['retries', 'retries', formatCount],
  ['refused', 'ooms', formatCount],
] as const

const HEAP_FIGURES: readonly (readonly [label: string, figure: keyof HeapCost, shown: Shown])[] = [
  ['held: peak', 'heldBytesPeak', formatBytes],
  ['held: end', 'heldBytes', formatBytes],
  ['arenas', 'arenaBytes', formatBytes],
  ['C library', 'cLibraryBytes', formatBytes],
  ['blocks of pools', 'blockBytes', formatBytes],
  ['asked for, in pools', 'requestedBytes', formatBytes],
  ['allocated blocks', 'allocatedBlocks', formatCount],
  ['objects: peak', 'objectsPeak', formatCount],
  ['objects: end', 'objects', formatCount],
  ['objects, bytes', 'objectBytes', formatBytes],
  ['collections', 'collections', formatCount],
]

/** Two logs of devices. @param top rows of each table */
export function deviceDifferenceLines(
  before: DeviceSummary,
  after: DeviceSummary,
  { owners, segments }: DeviceDifference,
  top: number,
): readonly string[] {
  return [
    title(before, after),
    ...figureLines(DEVICE_FIGURES.map(([label, figure, shown]) => [label, before.cost[figure], after.cost[figure], shown])),
    '',
    ...(owners.length === 0
      ? ['The same is live at the end, by who asked for it.']
      : ['live at the end, by who asked for it, the largest change first:', ...changeLines('who', top, owners, ({ owner }) => owner)]),
    ...(segments.length === 0
      ? []
      : [
          '',
          'segments at the end, by kind and size:',
          ...changeLines('segments', top, segments, ({ type, segmentBytes, before: first, after: second }) =>
            [`${type} of ${formatBytes(segmentBytes)}`, `${formatCount(first.segments)} and ${formatCount(second.segments)}`].join(', '),
          ),
        ]),
  ]
}

/** Two logs of interpreters. @param top rows of each table */
export function heapDifferenceLines({ before, after, types, sizeClasses }: HeapDifference, top: number): readonly string[] {
  const figures = HEAP_FIGURES.filter(([, figure]) => before.cost[figure] !== 0 || after.cost[figure] !== 0)
  return [
    title(before, after),
    ...(before.profile === after.profile ? [] : [`the first replayed as ${before.profile}, the second as ${after.profile}`]),
    ...figureLines(figures.map(([label, figure, shown]) => [label, before.cost[figure], after.cost[figure], shown])),
    ...(types.length === 0
      ? []
      : ['', 'live objects at the end, by type, the largest change first:', ...changeLines('type', top, types, ({ type }) => type)]),
    '',
    ...(sizeClasses.length === 0
      ? ['The same blocks are live at the end, by size class.']
      : [
          'live blocks at the end, by size class, the largest change first:',
          ...changeLines('block size', top, sizeClasses, ({ blockBytes }) => `${blockBytes} B`),
        ]),
  ]
}

const title = (
  before: { readonly name: string; readonly events: number },
  after: { readonly name: string; readonly events: number },
): string => `${before.name} (${formatCount(before.events)} events) and ${after.name} (${formatCount(after.events)} events)`

const figureLines = (rows: readonly (readonly [label: string, before: number, after: number, shown: Shown])[]): readonly string[] =>
  table(
    [{ title: '', align: 'left' }, { title: 'first' }, { title: 'second' }, { title: 'change' }],
    rows.map(([label, before, after, shown]) => [label, shown(before), shown(after), changeText(after - before, shown)]),
  )

interface Change {
  readonly before: { readonly bytes: number }
  readonly after: { readonly bytes: number }
  readonly change: number
}

function changeLines<A extends Change>(what: string, top: number, rows: readonly A[], named: (row: A) => string): readonly string[] {
  return table(
    [{ title: 'change' }, { title: 'first' }, { title: 'second' }, { title: what, align: 'left' }],
    rows
      .slice(0, top)
      .map((row) => [changeText(row.change, formatBytes), formatBytes(row.before.bytes), formatBytes(row.after.bytes), named(row)]),
  )
}

const changeText = (amount: number, shown: Shown): string => (amount === 0 ? 'same' : `${amount > 0 ? '+' : '-'}${shown(Math.abs(amount))}`)
