/** Figures that are compared of two logs, or of two moments of one, for people. */
import { formatBytes, formatCount } from '@reheap/kernel'
import type { DeviceCost, HeapCost } from '@reheap/machine'
import { table } from './table.ts'

type Shown = (value: number) => string
/** What the two sides are called. */
export type Sides = readonly [first: string, second: string]

export const LOGS: Sides = ['first', 'second']
export const MOMENTS: Sides = ['before', 'after']

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

export const DEVICE_FIGURES: readonly Figure<keyof DeviceCost>[] = [
  ['allocated: peak', 'allocatedBytesPeak', formatBytes],
  ['allocated: end', 'allocatedBytes', formatBytes],
  ['reserved: peak', 'reservedBytesPeak', formatBytes],
  ['reserved: end', 'reservedBytes', formatBytes],
  ['driver calls', 'driverCalls', formatCount],
  ['retries', 'retries', formatCount],
  ['refused', 'ooms', formatCount],
]

export const HEAP_FIGURES: readonly Figure<keyof HeapCost>[] = [
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

/** What a part of a log reached and did, in a line: it has this once, and neither of its ends. None where it is nothing. */
export function reachedLines<Key extends string>(figures: readonly Figure<Key>[], cost: Readonly<Record<Key, number>>): readonly string[] {
  const reached = figures.filter(([, figure]) => OF_WHOLE.includes(figure) && cost[figure] !== 0)
  return reached.length === 0 ? [] : [reached.map(([label, figure, shown]) => `${label} ${shown(cost[figure])}`).join('; ')]
}

/** Figures of both sides; a moment has no peaks and no counts of its own. */
export const figuresOf = <Key extends string>(figures: readonly Figure<Key>[], sides: Sides): readonly Figure<Key>[] =>
  figures.filter(([, figure]) => sides === LOGS || !OF_WHOLE.includes(figure))

export const figureLines = (
  sides: Sides,
  rows: readonly (readonly [label: string, before: number, after: number, shown: Shown])[],
): readonly string[] =>
  table(
    [{ title: '', align: 'left' }, { title: sides[0] }, { title: sides[1] }, { title: 'change' }],
    rows.map(([label, before, after, shown]) => [label, shown(before), shown(after), changeText(after - before, shown)]),
  )

export const changeText = (amount: number, shown: Shown): string =>
  amount === 0 ? 'same' : `${amount > 0 ? '+' : '-'}${shown(Math.abs(amount))}`
