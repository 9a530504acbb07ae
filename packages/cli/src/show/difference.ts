/** Two logs side by side, or two moments of one, for people. */
import { formatBytes, formatCount } from '@reheap/kernel'
import type { DeviceCost, DeviceDifference, DeviceSummary, HeapCost, HeapDifference, HeapStretch, Turnover } from '@reheap/machine'
import { table } from './table.ts'

type Shown = (value: number) => string
/** What the two sides are called. */
type Sides = readonly [first: string, second: string]

const LOGS: Sides = ['first', 'second']
const MOMENTS: Sides = ['before', 'after']

/** What a log has as a whole, and no moment of it. */
const OF_WHOLE: readonly string[] = [
  'heldBytesPeak',
  'objectsPeak',
  'collections',
  'allocatedBytesPeak',
  'reservedBytesPeak',
  'driverCalls',
  'retries',
  'ooms',
]

type Figure<Key> = readonly [label: string, figure: Key, shown: Shown]

const DEVICE_FIGURES: readonly Figure<keyof DeviceCost>[] = [
  ['allocated: peak', 'allocatedBytesPeak', formatBytes],
  ['allocated: end', 'allocatedBytes', formatBytes],
  ['reserved: peak', 'reservedBytesPeak', formatBytes],
  ['reserved: end', 'reservedBytes', formatBytes],
  ['driver calls', 'driverCalls', formatCount],
  ['retries', 'retries', formatCount],
  ['refused', 'ooms', formatCount],
]

const HEAP_FIGURES: readonly Figure<keyof HeapCost>[] = [
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
export const deviceDifferenceLines = (
  before: DeviceSummary,
  after: DeviceSummary,
  difference: DeviceDifference,
  top: number,
): readonly string[] => [title(before, after), ...deviceLines(before, after, difference, top, LOGS)]

/** A part of a log of devices. @param top rows of each table */
export const deviceStretchLines = (
  before: DeviceSummary,
  after: DeviceSummary,
  difference: DeviceDifference,
  top: number,
): readonly string[] => [
  ...stretchTitle(before, after, after.turnover),
  reachedLine(DEVICE_FIGURES, after.cost),
  ...deviceLines(before, after, difference, top, MOMENTS),
]

/** What a part of a log reached and did: it has this once, and neither of its ends. */
const reachedLine = <Key extends string>(figures: readonly Figure<Key>[], cost: Readonly<Record<Key, number>>): string =>
  figures
    .filter(([, figure]) => OF_WHOLE.includes(figure) && cost[figure] !== 0)
    .map(([label, figure, shown]) => `${label} ${shown(cost[figure])}`)
    .join('; ')

/** Figures of both sides; a moment has no peaks and no counts of its own. */
const figuresOf = <Key extends string>(figures: readonly Figure<Key>[], sides: Sides): readonly Figure<Key>[] =>
  figures.filter(([, figure]) => sides === LOGS || !OF_WHOLE.includes(figure))

function deviceLines(
  before: DeviceSummary,
  after: DeviceSummary,
  { owners, segments }: DeviceDifference,
  top: number,
  sides: Sides,
): readonly string[] {
  return [
    ...figureLines(
      sides,
      figuresOf(DEVICE_FIGURES, sides).map(([label, figure, shown]) => [label, before.cost[figure], after.cost[figure], shown]),
    ),
    '',
    ...(owners.length === 0
      ? ['The same is live at the end, by who asked for it.']
      : [
          'live at the end, by who asked for it, the largest change first:',
          ...changeLines(sides, 'who', top, owners, ({ owner }) => owner),
        ]),
    ...(segments.length === 0
      ? []
      : [
          '',
          'segments at the end, by kind and size:',
          ...changeLines(sides, 'segments', top, segments, ({ type, segmentBytes, before: first, after: second }) =>
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
    ...heapLines(difference, top, LOGS),
  ]
}

/** A part of a log of an interpreter. @param top rows of each table */
export const heapStretchLines = (stretch: HeapStretch, top: number): readonly string[] => {
  const { born, died } = stretch.between
  return [
    ...stretchTitle(stretch.before, stretch.after, stretch.between),
    reachedLine(HEAP_FIGURES, stretch.after.cost),
    ...(born === 0 && died === 0 ? [] : [`${formatCount(born)} objects came to life, ${formatCount(died)} died`]),
    ...askedLines(stretch.askedBy, top),
    ...heapLines(stretch, top, MOMENTS),
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

function heapLines({ before, after, types, sizeClasses }: HeapDifference, top: number, sides: Sides): readonly string[] {
  const figures = figuresOf(HEAP_FIGURES, sides).filter(([, figure]) => before.cost[figure] !== 0 || after.cost[figure] !== 0)
  return [
    ...figureLines(
      sides,
      figures.map(([label, figure, shown]) => [label, before.cost[figure], after.cost[figure], shown]),
    ),
    ...(types.length === 0
      ? []
      : ['', 'live objects at the end, by type, the largest change first:', ...changeLines(sides, 'type', top, types, ({ type }) => type)]),
    '',
    ...(sizeClasses.length === 0
      ? ['The same blocks are live at the end, by size class.']
      : [
          'live blocks at the end, by size class, the largest change first:',
          ...changeLines(sides, 'block size', top, sizeClasses, ({ blockBytes }) => `${blockBytes} B`),
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

const figureLines = (
  sides: Sides,
  rows: readonly (readonly [label: string, before: number, after: number, shown: Shown])[],
): readonly string[] =>
  table(
    [{ title: '', align: 'left' }, { title: sides[0] }, { title: sides[1] }, { title: 'change' }],
    rows.map(([label, before, after, shown]) => [label, shown(before), shown(after), changeText(after - before, shown)]),
  )

interface Change {
  readonly before: { readonly bytes: number }
  readonly after: { readonly bytes: number }
  readonly change: number
}

function changeLines<A extends Change>(
  sides: Sides,
  what: string,
  top: number,
  rows: readonly A[],
  named: (row: A) => string,
): readonly string[] {
  return table(
    [{ title: 'change' }, { title: sides[0] }, { title: sides[1] }, { title: what, align: 'left' }],
    rows
      .slice(0, top)
      .map((row) => [changeText(row.change, formatBytes), formatBytes(row.before.bytes), formatBytes(row.after.bytes), named(row)]),
  )
}

const changeText = (amount: number, shown: Shown): string => (amount === 0 ? 'same' : `${amount > 0 ? '+' : '-'}${shown(Math.abs(amount))}`)
