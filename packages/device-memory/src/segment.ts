/** Segments that the driver gives at once, and how they are given back. */
import { dropBlock, isSplit, newBlock } from './block.ts'
import { FACT_OPCODES } from './events.ts'
import { releaseExpandable, unmapBlock } from './expandable.ts'
import { type Facts, segmentFact } from './fact-rows.ts'
import { blockAt, END, gatherFree, lowerBound, previousCursor, removeFree } from './free-list.ts'
import { deviceFigures, poolFigures } from './pool.ts'
import { releasePrivatePools } from './private-pool.ts'
import { type DeviceMemoryState, NONE } from './state.ts'
import {
  decrease,
  decreaseOversize,
  increase,
  increaseOversize,
  NUM_DEVICE_ALLOC,
  NUM_DEVICE_FREE,
  OVERSIZE_SEGMENTS,
  RESERVED_BYTES,
  SEGMENT,
} from './statistics.ts'
import { synchronizeEvents } from './stream.ts'

const { SegmentAllocated, SegmentFreed } = FACT_OPCODES

/** Asks the driver for a segment. @returns its one block, in no list; NONE if the driver refuses @source `alloc_block` */
export function allocateSegment(s: DeviceMemoryState, emit: Facts, cause: number, list: number, bytes: number): number {
  const pool = s.listPool[list]
  const address = s.driver.malloc(s.poolDevice[pool], bytes)
  if (address < 0) return NONE
  const own = poolFigures(pool)
  const base = deviceFigures(s, pool)
  if (s.poolPrivate[pool] !== NONE) s.privateMallocs[s.poolPrivate[pool]]++
  increase(s.figures, base + SEGMENT, own, 1)
  increase(s.figures, base + RESERVED_BYTES, own, bytes)
  if (bytes >= s.maxSplitBytes) increaseOversize(s.figures, base + OVERSIZE_SEGMENTS)
  s.figures[base + NUM_DEVICE_ALLOC]++
  segmentFact(s, emit, cause, SegmentAllocated, list, bytes, address)
  return newBlock(s, list, address, bytes)
}

/** Gives a segment back whose one block is cached. @source `release_block` */
export function releaseSegment(s: DeviceMemoryState, emit: Facts, cause: number, block: number): void {
  const list = s.blockList[block]
  const pool = s.listPool[list]
  const own = poolFigures(pool)
  const base = deviceFigures(s, pool)
  const size = s.blockSize[block]
  s.figures[base + NUM_DEVICE_FREE]++
  segmentFact(s, emit, cause, SegmentFreed, list, size, s.blockAddress[block])
  s.driver.free(s.poolDevice[pool], s.blockAddress[block], size)
  if (s.poolPrivate[pool] !== NONE) s.privateMallocs[s.poolPrivate[pool]]--
  decrease(s.figures, base + SEGMENT, own, 1)
  decrease(s.figures, base + RESERVED_BYTES, own, size)
  if (size >= s.maxSplitBytes) decreaseOversize(s.figures, base + OVERSIZE_SEGMENTS)
  removeFree(s, block)
  dropBlock(s, block)
}

/** Is the block a whole segment of the driver's? */
export function isWholeSegment(s: DeviceMemoryState, block: number): boolean {
  return s.blockSegment[block] === NONE && !isSplit(s, block)
}

/** Answers of {@link releaseAvailable}. */
export const NOT_ENOUGH = 0
export const ENOUGH = 1
export const ASSERTED = 2

/**
 * Gives oversize segments of a stream back, enough for a request: one that is large enough, or the largest ones.
 *
 * @returns was it enough? {@link ASSERTED}: a version that takes expandable blocks for segments came upon one
 * @source `release_available_cached_blocks`
 */
export function releaseAvailable(s: DeviceMemoryState, emit: Facts, cause: number, list: number, size: number): number {
  const least = s.maxSplitBytes
  if (least === Number.POSITIVE_INFINITY) return NOT_ENOUGH
  const wanted = Math.max(size, least)
  let cursor = lowerBound(s, list, wanted, 0)
  if (cursor !== END) {
    const block = blockAt(s, list, cursor)
    if (isAsserted(s, block)) return ASSERTED
    if (isWholeSegment(s, block)) {
      releaseSegment(s, emit, cause, block)
      return ENOUGH
    }
  }
  let released = 0
  cursor = previousCursor(s, list, cursor)
  while (cursor !== END && released < wanted) {
    const block = blockAt(s, list, cursor)
    if (s.blockSize[block] < least) break
    if (isAsserted(s, block)) return ASSERTED
    cursor = previousCursor(s, list, cursor)
    if (!isWholeSegment(s, block)) continue
    released += s.blockSize[block]
    // Taking the block out may close its run, which moves only what lies behind it.
    releaseSegment(s, emit, cause, block)
  }
  return released >= wanted ? ENOUGH : NOT_ENOUGH
}

const isAsserted = (s: DeviceMemoryState, block: number): boolean => !s.profile.keepsExpandableOversize && s.blockSegment[block] !== NONE

/** Gives every segment back that holds nothing, and every page. @param releasesAll false: only of released private pools @source `release_cached_blocks` */
export function releaseCached(s: DeviceMemoryState, emit: Facts, cause: number, device: number, releasesAll: boolean): void {
  if (releasesAll) {
    synchronizeEvents(s, emit, cause, device)
    releasePool(s, emit, cause, s.devicePool[device] + 1)
    releasePool(s, emit, cause, s.devicePool[device])
  }
  releasePrivatePools(s, emit, cause, device)
}

/** @source `release_blocks` */
export function releasePool(s: DeviceMemoryState, emit: Facts, cause: number, pool: number): void {
  const count = gatherFree(s, pool)
  let expandable = 0
  for (let place = 0; place < count; place++) {
    const block = s.work[place]
    if (s.blockSegment[block] !== NONE) s.work[expandable++] = block
    else if (!isSplit(s, block)) releaseSegment(s, emit, cause, block)
  }
  // Unmapping changes the list that was gone through.
  for (let place = 0; place < expandable; place++) {
    const block = s.work[place]
    unmapBlock(s, emit, cause, block)
    if (!isSplit(s, block)) releaseExpandable(s, block)
  }
}
