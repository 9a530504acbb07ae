/** Freeing: from the program's request to a cached block. */
import { isCached, isSplit, join } from './block.ts'
import { FACT_OPCODES } from './events.ts'
import { blockFact, type Facts } from './fact-rows.ts'
import { cursorOf, insertFree, removeFree, replaceAt } from './free-list.ts'
import { deviceFigures, poolFigures } from './pool.ts'
import { ALLOCATED, type DeviceMemoryState, NONE } from './state.ts'
import {
  ACTIVE,
  ACTIVE_BYTES,
  ALLOCATED_BYTES,
  ALLOCATION,
  change,
  decrease,
  decreaseOversize,
  INACTIVE_SPLIT,
  INACTIVE_SPLIT_BYTES,
  OVERSIZE_ALLOCATIONS,
  REQUESTED_BYTES,
} from './statistics.ts'
import { deferEvents, insertEvents } from './stream.ts'

const { FreeRequested, FreeCompleted } = FACT_OPCODES

/** The program gives a block back. @source `DeviceCachingAllocator::free` */
export function free(s: DeviceMemoryState, emit: Facts, cause: number, block: number): void {
  s.blockFlags[block] &= ~ALLOCATED
  const pool = s.listPool[s.blockList[block]]
  const own = poolFigures(pool)
  const base = deviceFigures(s, pool)
  const size = s.blockSize[block]
  decrease(s.figures, base + ALLOCATION, own, 1)
  decrease(s.figures, base + ALLOCATED_BYTES, own, size)
  blockFact(s, emit, cause, FreeRequested, block)
  if (size >= s.maxSplitBytes) decreaseOversize(s.figures, base + OVERSIZE_ALLOCATIONS)
  if (s.blockUses[block] === NONE) freeBlock(s, emit, cause, block)
  else if (s.deviceCaptures[s.poolDevice[pool]] > 0) deferEvents(s, block)
  else insertEvents(s, block, true)
}

/** Puts a block that nobody uses into its pool, merged with its free neighbours. @source `free_block` */
export function freeBlock(s: DeviceMemoryState, emit: Facts, cause: number, block: number): void {
  blockFact(s, emit, cause, FreeCompleted, block)
  s.blockFlags[block] = 0
  const size = s.blockSize[block]
  const prev = s.blockPrev[block]
  const next = s.blockNext[block]
  const before = isCached(s, prev) ? s.blockSize[prev] : 0
  const after = isCached(s, next) ? s.blockSize[next] : 0
  if (before > 0) swallow(s, block, prev, next, after > 0)
  else if (after > 0) swallow(s, block, next, NONE, false)
  else insertFree(s, block)
  const pool = s.listPool[s.blockList[block]]
  const own = poolFigures(pool)
  const base = deviceFigures(s, pool)
  // Fully free pages of an expandable segment can always be given back, so it has no inactive split blocks.
  if (s.blockSegment[block] === NONE) {
    const isPart = isSplit(s, block)
    change(s.figures, base + INACTIVE_SPLIT, own, (isPart ? 1 : 0) - (before > 0 ? 1 : 0) - (after > 0 ? 1 : 0))
    change(s.figures, base + INACTIVE_SPLIT_BYTES, own, (isPart ? s.blockSize[block] : 0) - before - after)
  }
  decrease(s.figures, base + ACTIVE, own, 1)
  decrease(s.figures, base + ACTIVE_BYTES, own, size)
  decrease(s.figures, base + REQUESTED_BYTES, own, s.blockRequested[block])
}

/** Merges one or both cached neighbours into a block, which takes the place of the last one in the list. */
function swallow(s: DeviceMemoryState, block: number, first: number, second: number, isBoth: boolean): void {
  if (isBoth) removeFree(s, first)
  const cursor = cursorOf(s, isBoth ? second : first)
  join(s, block, first)
  if (isBoth) join(s, block, second)
  replaceAt(s, block, cursor)
}
