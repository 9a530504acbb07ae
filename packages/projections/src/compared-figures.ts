/** Figures that two logs, or two moments of one, are compared by. */
import { formatBytes, formatCount } from '@reheap/kernel'

/** What it is called, its key in the cost of a log, and how its value is shown. */
export type ComparedFigure<Key extends string = string> = readonly [label: string, key: Key, shown: (value: number) => string]

/** What is compared, and what its two sides are called. */
export const SIDES = { logs: ['first', 'second'], moments: ['before', 'after'] } as const
/** Two logs, or two moments of one. */
export type Between = keyof typeof SIDES

/** Those of an interpreter's memory, in the order in which they are told. */
export const HEAP_FIGURES = [
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
] as const satisfies readonly ComparedFigure[]

/** Those of a device's memory. */
export const DEVICE_FIGURES = [
  ['allocated: peak', 'allocatedBytesPeak', formatBytes],
  ['allocated: end', 'allocatedBytes', formatBytes],
  ['reserved: peak', 'reservedBytesPeak', formatBytes],
  ['reserved: end', 'reservedBytes', formatBytes],
  ['driver calls', 'driverCalls', formatCount],
  ['retries', 'retries', formatCount],
  ['refused', 'ooms', formatCount],
] as const satisfies readonly ComparedFigure[]

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

/** Is it a figure of a log, or of a part of it, as a whole, and of no moment? @param key of a {@link ComparedFigure} */
export const isOfWhole = (key: string): boolean => OF_WHOLE.includes(key)

/** Does each side have it? A moment has nothing of the whole. */
export const isCompared = (key: string, between: Between): boolean => between === 'logs' || !isOfWhole(key)
