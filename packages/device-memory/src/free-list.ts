/**
 * Cached blocks of one pool and stream, ordered by size, then address.
 *
 * A list is a sequence of runs of at most 32 blocks: finding takes two binary searches, putting in and taking out move
 * at most one run. A cursor is a place in the list: the run's place times 32, and the place in the run.
 *
 * @source `BlockComparatorSize` and the `std::set` of `BlockPool`
 */
import { grown } from '@reheap/kernel'
import { type DeviceMemoryState, NONE, RUN_ROWS, RUN_SHIFT } from './state.ts'

const RUN_MASK = RUN_ROWS - 1
/** Behind the last block. */
export const END = -1

/** Cursor of the first block that is not before the given size and address, or {@link END}. */
export function lowerBound(s: DeviceMemoryState, list: number, size: number, address: number): number {
  const { runBlock, runCount, blockSize, blockAddress } = s
  const runs = s.listRuns[list]
  const count = s.listRunCount[list]
  let low = 0
  let high = count
  while (low < high) {
    const middle = (low + high) >> 1
    const run = runs[middle]
    const last = runBlock[(run << RUN_SHIFT) + runCount[run] - 1]
    const bytes = blockSize[last]
    if (bytes < size || (bytes === size && blockAddress[last] < address)) low = middle + 1
    else high = middle
  }
  if (low === count) return END
  const run = runs[low]
  const base = run << RUN_SHIFT
  let from = base
  let to = base + runCount[run] - 1
  while (from < to) {
    const middle = (from + to) >> 1
    const block = runBlock[middle]
    const bytes = blockSize[block]
    if (bytes < size || (bytes === size && blockAddress[block] < address)) from = middle + 1
    else to = middle
  }
  return (low << RUN_SHIFT) + from - base
}

/** The block at a cursor. */
export function blockAt(s: DeviceMemoryState, list: number, cursor: number): number {
  return s.runBlock[(s.listRuns[list][cursor >> RUN_SHIFT] << RUN_SHIFT) + (cursor & RUN_MASK)]
}

/** Cursor of the first block, or {@link END}. */
export const firstCursor = (s: DeviceMemoryState, list: number): number => (s.listRunCount[list] === 0 ? END : 0)

export function nextCursor(s: DeviceMemoryState, list: number, cursor: number): number {
  const place = cursor >> RUN_SHIFT
  if ((cursor & RUN_MASK) + 1 < s.runCount[s.listRuns[list][place]]) return cursor + 1
  return place + 1 < s.listRunCount[list] ? (place + 1) << RUN_SHIFT : END
}

/** Cursor before one, or before the end; {@link END} if there is none. */
export function previousCursor(s: DeviceMemoryState, list: number, cursor: number): number {
  if (cursor !== END && (cursor & RUN_MASK) > 0) return cursor - 1
  const place = (cursor === END ? s.listRunCount[list] : cursor >> RUN_SHIFT) - 1
  return place < 0 ? END : (place << RUN_SHIFT) + s.runCount[s.listRuns[list][place]] - 1
}

/** Puts a block in its place, and notes how many searches its pool has seen. */
export function insertFree(s: DeviceMemoryState, block: number): void {
  const list = s.blockList[block]
  s.blockSearches[block] = s.poolSearches[s.listPool[list]]
  const cursor = lowerBound(s, list, s.blockSize[block], s.blockAddress[block])
  const count = s.listRunCount[list]
  if (count === 0) openRun(s, list, 0)
  let place = cursor === END ? Math.max(count, 1) - 1 : cursor >> RUN_SHIFT
  let run = s.listRuns[list][place]
  let at = cursor === END ? s.runCount[run] : cursor & RUN_MASK
  if (s.runCount[run] === RUN_ROWS) {
    halveRun(s, list, place)
    if (at > RUN_ROWS / 2) {
      place++
      at -= RUN_ROWS / 2
    }
    run = s.listRuns[list][place]
  }
  const { runBlock } = s
  const base = run << RUN_SHIFT
  for (let row = base + s.runCount[run]; row > base + at; row--) runBlock[row] = runBlock[row - 1]
  runBlock[base + at] = block
  s.runCount[run]++
}

/** Takes the block at a cursor out of the list. */
export function removeAt(s: DeviceMemoryState, list: number, cursor: number): void {
  const { runBlock } = s
  const place = cursor >> RUN_SHIFT
  const run = s.listRuns[list][place]
  const count = s.runCount[run] - 1
  const end = (run << RUN_SHIFT) + count
  for (let row = (run << RUN_SHIFT) + (cursor & RUN_MASK); row < end; row++) runBlock[row] = runBlock[row + 1]
  s.runCount[run] = count
  if (count === 0) closeRun(s, list, place)
}

/** Cursor of a block in its list. */
export function cursorOf(s: DeviceMemoryState, block: number): number {
  return lowerBound(s, s.blockList[block], s.blockSize[block], s.blockAddress[block])
}

/** Takes a block out of its list. */
export function removeFree(s: DeviceMemoryState, block: number): void {
  removeAt(s, s.blockList[block], cursorOf(s, block))
}

/** Puts a block that became smaller in its place, where it may be already. */
export function moveForward(s: DeviceMemoryState, block: number, cursor: number): void {
  const list = s.blockList[block]
  const before = previousCursor(s, list, cursor)
  if (before === END || isBefore(s, blockAt(s, list, before), block)) {
    s.blockSearches[block] = s.poolSearches[s.listPool[list]]
    return
  }
  removeAt(s, list, cursor)
  insertFree(s, block)
}

/** Puts a block that swallowed the one at a cursor in its place, which may be the same. */
export function replaceAt(s: DeviceMemoryState, block: number, cursor: number): void {
  const list = s.blockList[block]
  const after = nextCursor(s, list, cursor)
  if (after === END || isBefore(s, block, blockAt(s, list, after))) {
    s.blockSearches[block] = s.poolSearches[s.listPool[list]]
    s.runBlock[(s.listRuns[list][cursor >> RUN_SHIFT] << RUN_SHIFT) + (cursor & RUN_MASK)] = block
    return
  }
  removeAt(s, list, cursor)
  insertFree(s, block)
}

/** Does a block come before another one? */
function isBefore({ blockSize, blockAddress }: DeviceMemoryState, block: number, other: number): boolean {
  const difference = blockSize[block] - blockSize[other]
  return difference < 0 || (difference === 0 && blockAddress[block] < blockAddress[other])
}

/** An empty run at a place of a list. */
function openRun(s: DeviceMemoryState, list: number, place: number): number {
  const run = s.runUnusedCount > 0 ? s.runUnused[--s.runUnusedCount] : newRun(s)
  const count = s.listRunCount[list]
  s.listRuns[list] = grown(s.listRuns[list], count + 1)
  s.listRuns[list].copyWithin(place + 1, place, count)
  s.listRuns[list][place] = run
  s.listRunCount[list] = count + 1
  s.runCount[run] = 0
  return run
}

function newRun(s: DeviceMemoryState): number {
  const run = s.runRows++
  s.runBlock = grown(s.runBlock, s.runRows << RUN_SHIFT)
  s.runCount = grown(s.runCount, s.runRows)
  s.runUnused = grown(s.runUnused, s.runRows)
  return run
}

function closeRun(s: DeviceMemoryState, list: number, place: number): void {
  const runs = s.listRuns[list]
  s.runUnused[s.runUnusedCount++] = runs[place]
  runs.copyWithin(place, place + 1, s.listRunCount[list])
  s.listRunCount[list]--
}

/** Moves the second half of a full run into one of its own. */
function halveRun(s: DeviceMemoryState, list: number, place: number): void {
  const half = RUN_ROWS / 2
  const upper = openRun(s, list, place + 1)
  const run = s.listRuns[list][place]
  s.runBlock.copyWithin(upper << RUN_SHIFT, (run << RUN_SHIFT) + half, (run + 1) << RUN_SHIFT)
  s.runCount[run] = half
  s.runCount[upper] = half
}

/** Row of the work list behind the last of the pool's cached blocks, in the order of stream, size and address. */
export function gatherFree(s: DeviceMemoryState, pool: number): number {
  let count = 0
  for (let list = s.poolLists[pool]; list !== NONE; list = s.listNext[list]) {
    for (let cursor = firstCursor(s, list); cursor !== END; cursor = nextCursor(s, list, cursor)) {
      s.work = grown(s.work, count + 1)
      s.work[count++] = blockAt(s, list, cursor)
    }
  }
  return count
}
