/** Two logs side by side, or two moments of one, for people. */
import { formatBytes, formatChange, formatCount } from '@reheap/kernel'
import type { DeviceDifference, DeviceSummary, HeapDifference, HeapStretch, Turnover } from '@reheap/machine'
import { type Between, DEVICE_FIGURES, HEAP_FIGURES, isCompared, SIDES } from '@reheap/projections'
import { figureLines, reachedLines } from './difference-figures.ts'
import { table } from './table.ts'

/** Two logs of devices. @param top rows of each table */
export const deviceDifferenceLines = (
  before: DeviceSummary,
  after: DeviceSummary,
  difference: DeviceDifference,
  top: number,
): readonly string[] => [title(before, after), ...deviceLines(before, after, difference, top, 'logs')]

/** A part of a log of devices. @param top rows of each table */
export const deviceStretchLines = (
  before: DeviceSummary,
  after: DeviceSummary,
  difference: DeviceDifference,
  top: number,
): readonly string[] => [
  ...stretchTitle(before, after, after.turnover),
  ...reachedLines(DEVICE_FIGURES, after.cost),
  ...deviceLines(before, after, difference, top, 'moments'),
]

function deviceLines(
  before: DeviceSummary,
  after: DeviceSummary,
  { owners, segments }: DeviceDifference,
  top: number,
  between: Between,
): readonly string[] {
  return [
    ...figureLines(
      between,
      DEVICE_FIGURES.filter(([, figure]) => isCompared(figure, between)).map(([label, figure, shown]) => [
        label,
        before.cost[figure],
        after.cost[figure],
        shown,
      ]),
    ),
    '',
    ...(owners.length === 0
      ? ['The same is live at the end, by who asked for it.']
      : [
          'live at the end, by who asked for it, the largest change first:',
          ...changeLines(between, 'who', top, owners, ({ owner }) => owner),
        ]),
    ...(segments.length === 0
      ? []
      : [
          '',
          'segments at the end, by kind and size:',
          ...changeLines(between, 'segments', top, segments, ({ type, segmentBytes, before: first, after: second }) =>
            [`${type} of ${formatBytes(segmentBytes)}`, `${formatCount(first.segments)} and ${formatCount(second.segments)}`].join(', '),
          ),
        ]),
  ]
}

/** Two logs of interpreters. @param top rows of each table */
export const heapDifferenceLines = (difference: HeapDifference, top: number): readonly string[] => {
  const { before, after } = difference
  return [
    title(before, after),
    ...(before.profile === after.profile ? [] : [`the first replayed as ${before.profile}, the second as ${after.profile}`]),
    ...heapLines(difference, top, 'logs'),
  ]
}

/** A part of a log of an interpreter. @param top rows of each table */
export const heapStretchLines = (stretch: HeapStretch, top: number): readonly string[] => {
  const { born, died } = stretch.between
  return [
    ...stretchTitle(stretch.before, stretch.after, stretch.between),
    ...reachedLines(HEAP_FIGURES, stretch.after.cost),
    ...(born === 0 && died === 0 ? [] : [`${formatCount(born)} objects came to life, ${formatCount(died)} died`]),
    ...askedLines(stretch.askedBy, top),
    ...heapLines(stretch, top, 'moments'),
  ]
}

/** Who asked in between, what is still live of it, and a line before what follows. */
const askedLines = (askedBy: HeapStretch['askedBy'], top: number): readonly string[] =>
  askedBy.length === 0
    ? []
    : [
        '',
        'of it still live at the end, by who asked for it:',
        ...table(
          [{ title: 'live' }, { title: 'blocks' }, { title: 'asked for' }, { title: 'blocks' }, { title: 'who', align: 'left' }],
          askedBy
            .slice(0, top)
            .map(({ owner, live, allocated }) => [
              formatBytes(live.bytes),
              formatCount(live.blocks),
              formatBytes(allocated.bytes),
              formatCount(allocated.blocks),
              owner,
            ]),
        ),
        '',
      ]

function heapLines({ before, after, types, sizeClasses }: HeapDifference, top: number, between: Between): readonly string[] {
  const figures = HEAP_FIGURES.filter(
    ([, figure]) => isCompared(figure, between) && (before.cost[figure] !== 0 || after.cost[figure] !== 0),
  )
  return [
    ...figureLines(
      between,
      figures.map(([label, figure, shown]) => [label, before.cost[figure], after.cost[figure], shown]),
    ),
    ...(types.length === 0
      ? []
      : [
          '',
          'live objects at the end, by type, the largest change first:',
          ...changeLines(between, 'type', top, types, ({ type }) => type),
        ]),
    '',
    ...(sizeClasses.length === 0
      ? ['The same blocks are live at the end, by size class.']
      : [
          'live blocks at the end, by size class, the largest change first:',
          ...changeLines(between, 'block size', top, sizeClasses, ({ blockBytes }) => `${blockBytes} B`),
        ]),
  ]
}

type Side = { readonly name: string; readonly events: number }

const title = (before: Side, after: Side): string =>
  `${before.name} (${formatCount(before.events)} events) and ${after.name} (${formatCount(after.events)} events)`

const stretchTitle = (before: Side, after: Side, { events, allocated, freed }: Turnover): readonly string[] => {
  const blocks = ({ blocks, bytes }: Turnover['allocated']): string => `${formatCount(blocks)} blocks, ${formatBytes(bytes)}`
  return [
    `${after.name}: after ${formatCount(before.events)} and after ${formatCount(after.events)} events`,
    `in these ${formatCount(events)} events asked for: ${blocks(allocated)}; given back: ${blocks(freed)}`,
  ]
}

interface Change {
  readonly before: { readonly bytes: number }
  readonly after: { readonly bytes: number }
  readonly change: number
}

function changeLines<A extends Change>(
  between: Between,
  what: string,
  top: number,
  rows: readonly A[],
  named: (row: A) => string,
): readonly string[] {
  return table(
    [{ title: 'change' }, ...SIDES[between].map((title) => ({ title })), { title: what, align: 'left' }],
    rows
      .slice(0, top)
      .map((row) => [formatChange(row.change, formatBytes), formatBytes(row.before.bytes), formatBytes(row.after.bytes), named(row)]),
  )
}
