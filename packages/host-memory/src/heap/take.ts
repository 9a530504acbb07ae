/** Where a chunk is taken from. @source glibc 2.36 `_int_malloc`, `sysmalloc` */
import type { SystemCalls } from '../system-calls.ts'
import { binOf, firstFilledBin, isSmall, linkSorted, linkUnsorted, touchHeader, unlink } from './bins.ts'
import { consolidate } from './give.ts'
import { CACHE_BINS, CACHED, CHUNK_BYTES_MIN, type CLibraryHeap, FREE, IN_USE, NONE, split, UNSORTED } from './heap-state.ts'
import { fromSystem, fromTop } from './top.ts'

/** Chunks of a size that the thread keeps. @source mp_.tcache_count */
export const CACHE_CHUNKS_MAX = 7
/** The largest chunk that goes to a fast bin. @source global_max_fast */
export const FAST_BYTES_MAX = 128
/** Chunks that are sorted for one request. @source MAX_ITERS */
const SORTED_MAX = 10_000

export const cacheBinOf = (size: number): number => size / 16 - 2

/** A chunk for so many bytes, header included. @returns its row, or NONE: the system refused */
export function take(h: CLibraryHeap, calls: SystemCalls, size: number): number {
  if (size <= FAST_BYTES_MAX) {
    const row = fromFastBin(h, size)
    if (row !== NONE) return row
  }
  if (isSmall(size)) {
    const row = fromSmallBin(h, size)
    if (row !== NONE) return row
  } else if (h.hasFast === 1) consolidate(h, calls)
  for (;;) {
    const sorted = sortUnsorted(h, calls, size)
    if (sorted !== NONE) return sorted
    const binned = fromBins(h, calls, size)
    if (binned !== NONE) return binned
    if (h.top !== NONE && h.size[h.top] >= size + CHUNK_BYTES_MIN) return fromTop(h, calls, size)
    if (h.hasFast === 0) return fromSystem(h, calls, size)
    consolidate(h, calls)
  }
}

function cache(h: CLibraryHeap, bin: number, row: number): void {
  h.state[row] = CACHED
  h.next[row] = h.cacheHead[bin]
  h.cacheHead[bin] = row
  h.cacheCount[bin] += 1
}

/** The last chunk freed of this size; its like go to the thread's cache. */
function fromFastBin(h: CLibraryHeap, size: number): number {
  const bin = cacheBinOf(size)
  const row = h.fastHead[bin]
  if (row === NONE) return NONE
  h.fastHead[bin] = h.next[row]
  while (h.hasCache === 1 && h.cacheCount[bin] < CACHE_CHUNKS_MAX && h.fastHead[bin] !== NONE) {
    const other = h.fastHead[bin]
    h.fastHead[bin] = h.next[other]
    cache(h, bin, other)
  }
  h.state[row] = IN_USE
  return row
}

/** The chunk that has waited longest in the bin of its size; its like go to the thread's cache. */
function fromSmallBin(h: CLibraryHeap, size: number): number {
  const bin = binOf(size)
  const row = h.previous[bin]
  if (row === bin) return NONE
  unlink(h, row)
  const slot = cacheBinOf(size)
  while (h.hasCache === 1 && h.cacheCount[slot] < CACHE_CHUNKS_MAX && h.previous[bin] !== bin) {
    const other = h.previous[bin]
    unlink(h, other)
    cache(h, slot, other)
  }
  h.state[row] = IN_USE
  return row
}

/** Sorts what was freed of late into bins, until a chunk of this very size is met. @returns its row, or NONE */
function sortUnsorted(h: CLibraryHeap, calls: SystemCalls, size: number): number {
  const slot = cacheBinOf(size)
  const isCacheable = h.hasCache === 1 && slot < CACHE_BINS
  let isCached = false
  for (let sorted = 0; sorted < SORTED_MAX; ) {
    const row = h.previous[UNSORTED]
    if (row === UNSORTED) break
    const has = h.size[row]
    const isOnly = h.previous[row] === UNSORTED
    unlink(h, row)
    if (isSmall(size) && isOnly && h.address[row] === h.lastRemainder && has > size + CHUNK_BYTES_MIN) {
      const rest = split(h, row, size, FREE)
      linkUnsorted(h, rest)
      touchHeader(h, calls, rest)
      h.lastRemainder = h.address[rest]
      h.state[row] = IN_USE
      return row
    }
    if (has !== size) {
      linkSorted(h, row)
      sorted++
    } else if (isCacheable && h.cacheCount[slot] < CACHE_CHUNKS_MAX) {
      cache(h, slot, row)
      isCached = true
    } else {
      h.state[row] = IN_USE
      return row
    }
  }
  return isCached ? fromCache(h, slot) : NONE
}

/** The chunk that the thread's cache was given last, or NONE. */
export function fromCache(h: CLibraryHeap, slot: number): number {
  const row = h.cacheHead[slot]
  if (row === NONE) return NONE
  h.cacheHead[slot] = h.next[row]
  h.cacheCount[slot] -= 1
  h.state[row] = IN_USE
  return row
}

/** The smallest sorted chunk that is large enough, cut to size. */
function fromBins(h: CLibraryHeap, calls: SystemCalls, size: number): number {
  const own = binOf(size)
  if (!isSmall(size)) {
    const row = bestInLargeBin(h, own, size)
    if (row !== NONE) return cut(h, calls, row, size, false)
  }
  const bin = firstFilledBin(h, own + 1)
  return bin === NONE ? NONE : cut(h, calls, h.previous[bin], size, isSmall(size))
}

function bestInLargeBin(h: CLibraryHeap, bin: number, size: number): number {
  const largest = h.next[bin]
  if (largest === bin || h.size[largest] < size) return NONE
  let row = h.larger[largest]
  while (h.size[row] < size) row = h.larger[row]
  // Not the first of its size, where there are several: then the list of sizes stays as it is.
  const second = h.next[row]
  return row !== h.previous[bin] && h.size[second] === h.size[row] ? second : row
}

/** Takes a chunk out of its bin; what is left over becomes unsorted. */
function cut(h: CLibraryHeap, calls: SystemCalls, row: number, size: number, isLastRemainder: boolean): number {
  unlink(h, row)
  h.state[row] = IN_USE
  if (h.size[row] - size < CHUNK_BYTES_MIN) return row
  const rest = split(h, row, size, FREE)
  linkUnsorted(h, rest)
  touchHeader(h, calls, rest)
  if (isLastRemainder) h.lastRemainder = h.address[rest]
  return row
}
