/** Places on the time axis that keys jump to, from the facts of a replay. */
import { FACT_OPCODES as BLOCK_FACTS } from '@reheap/allocator'
import { FACT_OPCODES as DEVICE_FACTS } from '@reheap/device-memory'
import type { FactBatch } from '@reheap/kernel'
import type { Collections, Marks } from '@reheap/projections'
import type { Moment } from './messages.ts'

/** Of each kind so many are kept. */
export const MOMENTS_MAX = 20_000

/** Arenas that come and go. */
export function gatherArenas({ code, cause, length }: FactBatch, into: Moment[]): void {
  for (let row = 0; row < length && into.length < MOMENTS_MAX; row++) {
    if (code[row] === BLOCK_FACTS.ArenaOpened) into.push({ index: cause[row], kind: 'region', label: 'arena mapped' })
    else if (code[row] === BLOCK_FACTS.ArenaReleased) into.push({ index: cause[row], kind: 'region', label: 'arena released' })
  }
}

/** Segments that come and go, and refused requests. */
export function gatherSegments({ code, cause, length }: FactBatch, into: Moment[]): void {
  for (let row = 0; row < length && into.length < MOMENTS_MAX; row++) {
    const index = cause[row]
    if (code[row] === DEVICE_FACTS.OutOfMemoryRaised) into.push({ index, kind: 'outOfMemory', label: 'out of memory' })
    else if (code[row] === DEVICE_FACTS.SegmentAllocated) into.push({ index, kind: 'region', label: 'segment allocated' })
    else if (code[row] === DEVICE_FACTS.SegmentFreed) into.push({ index, kind: 'region', label: 'segment freed' })
    else if (code[row] === DEVICE_FACTS.SegmentMapped) into.push({ index, kind: 'region', label: 'mapped into a segment' })
    else if (code[row] === DEVICE_FACTS.SegmentUnmapped) into.push({ index, kind: 'region', label: 'unmapped from a segment' })
  }
}

/** Marks and collections. */
export const momentsOf = (marks: Marks, collections: Collections): readonly Moment[] => [
  ...marks.first.map(({ index, label }): Moment => ({ index, kind: 'mark', label })),
  ...collections.first.map(
    ({ index, generation }): Moment => ({ index, kind: 'collection', label: `collection of generation ${generation}` }),
  ),
]
