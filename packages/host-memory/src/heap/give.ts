/** Where a freed chunk goes. @source glibc 2.36 `_int_free`, `malloc_consolidate`, `systrim`, `munmap_chunk` */
import type { SystemCalls } from '../system-calls.ts'
import { linkUnsorted, touchHeader, unlink } from './bins.ts'
import {
  absorbNext,
  CACHE_BINS,
  CACHED,
  CHUNK_BYTES_MIN,
  type CLibraryHeap,
  closeRow,
  FAST,
  FAST_BINS,
  FREE,
  NONE,
  TOP,
} from './heap-state.ts'
import { CACHE_CHUNKS_MAX, cacheBinOf, FAST_BYTES_MAX } from './take.ts'
import { TOP_PAD_BYTES } from './top.ts'

/** A free chunk of this size or more makes the heap tidy up. @source FASTBIN_CONSOLIDATION_THRESHOLD */
const CONSOLIDATION_BYTES = 65_536
/** A mapping of this size or more does not move the threshold. @source DEFAULT_MMAP_THRESHOLD_MAX, which is compared with the size and a flag */
const MAP_THRESHOLD_BYTES_MAX = 33_554_432
const PAGE_BYTES = 4096

/** Frees a chunk of the heap. */
export function give(h: CLibraryHeap, calls: SystemCalls, row: number): void {
  const size = h.size[row]
  const slot = cacheBinOf(size)
  if (h.hasCache === 1 && slot < CACHE_BINS && h.cacheCount[slot] < CACHE_CHUNKS_MAX) {
    h.state[row] = CACHED
    h.next[row] = h.cacheHead[slot]
    h.cacheHead[slot] = row
    h.cacheCount[slot] += 1
    return
  }
  if (size <= FAST_BYTES_MAX) {
    h.state[row] = FAST
    h.next[row] = h.fastHead[slot]
    h.fastHead[slot] = row
    h.hasFast = 1
    return
  }
  const merged = h.size[merge(h, calls, row)]
  if (merged < CONSOLIDATION_BYTES) return
  if (h.hasFast === 1) consolidate(h, calls)
  if (h.size[h.top] >= h.trimThresholdBytes) trim(h, calls)
}

/** Joins a chunk with its free neighbours. @returns the row of what it is part of then: an unsorted chunk, or the top */
function merge(h: CLibraryHeap, calls: SystemCalls, chunk: number): number {
  let row = chunk
  const before = h.before[row]
  if (before !== NONE && h.state[before] === FREE) {
    unlink(h, before)
    absorbNext(h, before)
    row = before
  }
  const after = h.after[row]
  if (after === h.top) {
    absorbNext(h, row)
    h.state[row] = TOP
    return row
  }
  if (h.state[after] === FREE) {
    unlink(h, after)
    absorbNext(h, row)
  }
  linkUnsorted(h, row)
  touchHeader(h, calls, row)
  return row
}

/** Empties the fast bins: their chunks are joined with their neighbours. */
export function consolidate(h: CLibraryHeap, calls: SystemCalls): void {
  h.hasFast = 0
  for (let bin = 0; bin < FAST_BINS; bin++) {
    let row = h.fastHead[bin]
    h.fastHead[bin] = NONE
    while (row !== NONE) {
      const following = h.next[row]
      merge(h, calls, row)
      row = following
    }
  }
}

/** Gives the end of the top chunk back, all but what is kept for the next requests. */
function trim(h: CLibraryHeap, calls: SystemCalls): void {
  const spare = h.size[h.top] - CHUNK_BYTES_MIN - 1 - TOP_PAD_BYTES
  if (spare < PAGE_BYTES) return
  const extra = Math.floor(spare / PAGE_BYTES) * PAGE_BYTES
  if (calls.moveBreak(-extra) < 0) return
  h.size[h.top] -= extra
}

/** Frees a mapping of one chunk. What was large enough to be mapped is asked for again: from now on the heap serves such sizes. */
export function giveMapping(h: CLibraryHeap, calls: SystemCalls, row: number): void {
  const size = h.size[row]
  if (size >= h.mapThresholdBytes && size < MAP_THRESHOLD_BYTES_MAX) {
    h.mapThresholdBytes = size
    h.trimThresholdBytes = 2 * size
  }
  unmapChunk(h, calls, row)
}

/** Unmaps a chunk, and what lies before it in its mapping. */
export function unmapChunk(h: CLibraryHeap, calls: SystemCalls, row: number): void {
  const lead = h.before[row]
  const bytes = h.size[row] + lead
  h.mappedChunks -= 1
  h.mappedBytes -= bytes
  calls.unmap(h.address[row] - lead, bytes)
  closeRow(h, row)
}
