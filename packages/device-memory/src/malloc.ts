/** Allocation: the search for a cached block, and what is tried when there is none. */
import { enterId } from '@reheap/kernel'
import { newBlock, splice } from './block.ts'
import { FACT_OPCODES } from './events.ts'
import { allocateExpandable } from './expandable.ts'
import { blockFact, type Facts } from './fact-rows.ts'
import { blockAt, END, insertFree, lowerBound, moveForward, nextCursor, removeAt } from './free-list.ts'
import { collectGarbage, collectsGarbage } from './garbage-collection.ts'
import { raiseOutOfMemory } from './out-of-memory.ts'
import { deviceFigures, isSmallPool, listOf, poolFigures, poolFor } from './pool.ts'
import { capturesGraph } from './private-pool.ts'
import { roundedBytes, segmentBytesFor } from './rounding.ts'
import { ASSERTED, allocateSegment, ENOUGH, releaseAvailable, releaseCached } from './segment.ts'
import { ALLOCATED, type DeviceMemoryState, NONE, REFUSED_HANDLE, UNMAPPED } from './state.ts'
import {
  ACTIVE,
  ACTIVE_BYTES,
  ALLOCATED_BYTES,
  ALLOCATION,
  DEVICE_STRIDE,
  decrease,
  INACTIVE_SPLIT,
  INACTIVE_SPLIT_BYTES,
  increase,
  increaseOversize,
  NUM_ALLOC_RETRIES,
  OVERSIZE_ALLOCATIONS,
  REQUESTED_BYTES,
  RESERVED_BYTES,
} from './statistics.ts'
import { processEvents } from './stream.ts'

const { AssertionRaised, BlockAllocated } = FACT_OPCODES

/** The allocator itself failed. */
const FAILED = -2

/** Serves a request, or raises out of memory. @source `DeviceCachingAllocator::malloc` */
export function malloc(s: DeviceMemoryState, emit: Facts, cause: number, device: number, stream: number, bytes: number, id: number): void {
  // A captured graph must not be asked for its events.
  if (s.deviceCaptures[device] === 0) processEvents(s, emit, cause, device)
  const size = roundedBytes(s, bytes)
  const pool = poolFor(s, device, stream, size)
  const list = listOf(s, pool, stream)
  const cursor = bestFit(s, list, size)
  const block = cursor === END ? makeRoom(s, emit, cause, list, size) : blockAt(s, list, cursor)
  if (block === NONE) {
    enterId(s.ids, id, REFUSED_HANDLE)
    raiseOutOfMemory(s, emit, cause, device, stream, size, id)
    return
  }
  if (block === FAILED) {
    enterId(s.ids, id, REFUSED_HANDLE)
    emit.push(AssertionRaised, cause, device, id, stream, size, 0)
    return
  }
  handOut(s, emit, cause, block, cursor, size, bytes, id)
}

/** The best fit among the cached blocks; END if there is none, or only one that is too large. @source `get_free_block` */
function bestFit(s: DeviceMemoryState, list: number, size: number): number {
  const pool = s.listPool[list]
  if (collectsGarbage(s, s.poolDevice[pool])) s.poolSearches[pool]++
  let cursor = lowerBound(s, list, size, 0)
  if (cursor === END) return END
  let block = blockAt(s, list, cursor)
  if (s.blockSegment[block] !== NONE) {
    cursor = s.expandable === 1 ? leastExpanded(s, list, cursor) : firstFixed(s, list, cursor)
    if (cursor === END) return END
    block = blockAt(s, list, cursor)
  }
  const found = s.blockSize[block]
  return (size < s.maxSplitBytes ? found >= s.maxSplitBytes : found >= size + s.nonSplitRoundingBytes) ? END : cursor
}

/** An expandable block counts as large as it can grow: goes on while the next one can grow less. */
function leastExpanded(s: DeviceMemoryState, list: number, from: number): number {
  let cursor = from
  let block = blockAt(s, list, cursor)
  while (s.blockSegment[block] !== NONE) {
    const next = nextCursor(s, list, cursor)
    if (next === END) break
    const candidate = blockAt(s, list, next)
    if (grownSize(s, candidate) >= grownSize(s, block)) break
    cursor = next
    block = candidate
  }
  return cursor
}

/** Size of a block with the unmapped one behind it. */
function grownSize(s: DeviceMemoryState, block: number): number {
  const next = s.blockNext[block]
  return s.blockSize[block] + (next !== NONE && (s.blockFlags[next] & UNMAPPED) !== 0 ? s.blockSize[next] : 0)
}

/** The first block that is in no expandable segment: the option was switched off. */
function firstFixed(s: DeviceMemoryState, list: number, from: number): number {
  let cursor = from
  while (cursor !== END && s.blockSegment[blockAt(s, list, cursor)] !== NONE) cursor = nextCursor(s, list, cursor)
  return cursor
}

/** What is tried when no cached block serves, in this order. @returns a block in no list, NONE, or {@link FAILED} */
function makeRoom(s: DeviceMemoryState, emit: Facts, cause: number, list: number, size: number): number {
  const device = s.poolDevice[s.listPool[list]]
  if (collectsGarbage(s, device)) collectGarbage(s, emit, cause, device)
  let block = askDriver(s, emit, cause, list, size)
  if (block !== NONE) return block
  const answer = releaseAvailable(s, emit, cause, list, size)
  if (answer === ASSERTED) return FAILED
  if (answer === ENOUGH) {
    block = askDriver(s, emit, cause, list, size)
    if (block !== NONE) return block
  }
  const isFree = s.deviceCaptures[device] === 0
  if (!isFree && !(s.profile.releasesBesidePools && !capturesGraph(s, device))) return NONE
  releaseCached(s, emit, cause, device, isFree || s.profile.releasesBesidePools)
  s.figures[device * DEVICE_STRIDE + NUM_ALLOC_RETRIES]++
  return askDriver(s, emit, cause, list, size)
}

/** New memory, within the limit. @source `alloc_block` */
function askDriver(s: DeviceMemoryState, emit: Facts, cause: number, list: number, size: number): number {
  const pool = s.listPool[list]
  const device = s.poolDevice[pool]
  const bytes = segmentBytesFor(s, size)
  if (s.figures[device * DEVICE_STRIDE + RESERVED_BYTES] + bytes > s.deviceLimit[device]) return NONE
  const expands = s.expandable === 1 && (s.poolPrivate[pool] === NONE || s.profile.expandablePrivatePools)
  return expands ? allocateExpandable(s, emit, cause, list, size) : allocateSegment(s, emit, cause, list, bytes)
}

/** Is what a block has beyond the size a block of its own? @source `should_split` */
function splits(s: DeviceMemoryState, block: number, size: number): boolean {
  const rest = s.blockSize[block] - size
  if (isSmallPool(s.listPool[s.blockList[block]]) || s.expandable === 1) return rest >= s.profile.blockBytesMin
  return size < s.maxSplitBytes && rest > s.smallBytesMax
}

/** Gives the front of a block to the program. @param cursor of the block in its list; END: it is in none @source `alloc_found_block` */
function handOut(
  s: DeviceMemoryState,
  emit: Facts,
  cause: number,
  found: number,
  cursor: number,
  size: number,
  bytes: number,
  id: number,
): void {
  const list = s.blockList[found]
  const pool = s.listPool[list]
  const own = poolFigures(pool)
  const base = deviceFigures(s, pool)
  const { figures } = s
  let block = found
  const wasSplit = s.blockPrev[found] !== NONE || s.blockNext[found] !== NONE
  if (splits(s, found, size)) {
    block = splitFront(s, found, cursor, size)
    if (s.blockSegment[block] === NONE) {
      if (wasSplit) decrease(figures, base + INACTIVE_SPLIT_BYTES, own, size)
      else {
        increase(figures, base + INACTIVE_SPLIT_BYTES, own, s.blockSize[found])
        increase(figures, base + INACTIVE_SPLIT, own, 1)
      }
    }
  } else {
    if (cursor !== END) removeAt(s, list, cursor)
    if (wasSplit && s.blockSegment[block] === NONE) {
      decrease(figures, base + INACTIVE_SPLIT_BYTES, own, s.blockSize[block])
      decrease(figures, base + INACTIVE_SPLIT, own, 1)
    }
  }
  const served = s.blockSize[block]
  s.blockFlags[block] = ALLOCATED
  s.blockRequested[block] = bytes
  s.blockId[block] = id
  enterId(s.ids, id, block + 1)
  blockFact(s, emit, cause, BlockAllocated, block)
  increase(figures, base + ALLOCATION, own, 1)
  increase(figures, base + ALLOCATED_BYTES, own, served)
  increase(figures, base + ACTIVE, own, 1)
  increase(figures, base + ACTIVE_BYTES, own, served)
  increase(figures, base + REQUESTED_BYTES, own, bytes)
  if (served >= s.maxSplitBytes) increaseOversize(figures, base + OVERSIZE_ALLOCATIONS)
}

/** The front of a block as a block of its own; the rest keeps its row and is cached. */
function splitFront(s: DeviceMemoryState, rest: number, cursor: number, size: number): number {
  const block = newBlock(s, s.blockList[rest], s.blockAddress[rest], size)
  s.blockSegment[block] = s.blockSegment[rest]
  splice(s, block, s.blockPrev[rest], rest)
  s.blockAddress[rest] += size
  s.blockSize[rest] -= size
  if (cursor === END) insertFree(s, rest)
  else moveForward(s, rest, cursor)
  return block
}
