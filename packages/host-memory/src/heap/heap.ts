/** The C library's calls. @source glibc 2.36 `__libc_malloc`, `__libc_calloc`, `__libc_realloc`, `_mid_memalign`, `__libc_free` */
import type { SystemCalls } from '../system-calls.ts'
import { touchHeader, unlink } from './bins.ts'
import { give, giveMapping, unmapChunk } from './give.ts'
import {
  ALIGNMENT,
  absorbNext,
  CACHE_BINS,
  CACHED,
  CHUNK_BYTES_MIN,
  type CLibraryHeap,
  chunkBytesFor,
  FAST,
  FREE,
  HEADER_BYTES,
  IN_USE,
  MAPPED,
  NONE,
  SIZE_BYTES,
  split,
  TOP,
} from './heap-state.ts'
import { cacheBinOf, fromCache, take } from './take.ts'

/** The thread's own cache lies in the heap: its first chunk. @source sizeof (tcache_perthread_struct) */
const CACHE_BYTES = 640
const PAGE_BYTES = 4096

function openCache(h: CLibraryHeap, calls: SystemCalls): void {
  if (h.hasCache === 1) return
  const row = take(h, calls, chunkBytesFor(CACHE_BYTES))
  if (row === NONE) return
  h.hasCache = 1
  calls.touch(h.address[row], h.size[row])
}

/** Bytes of a chunk that the program may use. */
export const usableBytes = (h: CLibraryHeap, row: number): number => h.size[row] - (h.state[row] === MAPPED ? HEADER_BYTES : SIZE_BYTES)

/** @returns the row of the chunk, or NONE: the system refused; the program's bytes begin {@link HEADER_BYTES} behind its address */
export function malloc(h: CLibraryHeap, calls: SystemCalls, bytes: number): number {
  const size = chunkBytesFor(bytes)
  openCache(h, calls)
  const slot = cacheBinOf(size)
  if (slot < CACHE_BINS) {
    const row = fromCache(h, slot)
    if (row !== NONE) return row
  }
  return take(h, calls, size)
}

/** `calloc` passes the thread's cache by. What comes fresh from the system is zero already and is not written. */
export function calloc(h: CLibraryHeap, calls: SystemCalls, bytes: number): number {
  openCache(h, calls)
  const topBefore = h.top
  const oldTopBytes = topBefore === NONE ? 0 : h.size[topBefore]
  const row = take(h, calls, chunkBytesFor(bytes))
  if (row === NONE || h.state[row] === MAPPED) return row
  const written = row === topBefore ? Math.min(usableBytes(h, row), oldTopBytes - SIZE_BYTES) : usableBytes(h, row)
  calls.touch(h.address[row] + HEADER_BYTES, written)
  return row
}

export function free(h: CLibraryHeap, calls: SystemCalls, row: number): void {
  if (h.state[row] === MAPPED) giveMapping(h, calls, row)
  else {
    openCache(h, calls)
    give(h, calls, row)
  }
}

/** @returns the row of the chunk that the block is in then; NONE: the system refused, and the old chunk is as it was */
export function realloc(h: CLibraryHeap, calls: SystemCalls, row: number, bytes: number): number {
  const size = chunkBytesFor(bytes)
  if (h.state[row] === MAPPED) return reallocMapping(h, calls, row, bytes, size)
  openCache(h, calls)
  return reallocChunk(h, calls, row, size)
}

function reallocMapping(h: CLibraryHeap, calls: SystemCalls, row: number, bytes: number, size: number): number {
  const lead = h.before[row]
  const total = lead + h.size[row]
  const wanted = Math.ceil((size + lead + SIZE_BYTES) / PAGE_BYTES) * PAGE_BYTES
  if (wanted === total) return row
  const moved = calls.remap(h.address[row] - lead, total, wanted)
  if (moved >= 0) {
    h.mappedBytes += wanted - total
    h.address[row] = moved + lead
    h.size[row] = wanted - lead
    return row
  }
  if (h.size[row] - SIZE_BYTES >= size) return row
  const other = malloc(h, calls, bytes)
  if (other !== NONE) unmapChunk(h, calls, row)
  return other
}

function reallocChunk(h: CLibraryHeap, calls: SystemCalls, row: number, size: number): number {
  const has = h.size[row]
  const after = h.after[row]
  if (has < size) {
    if (after === h.top && has + h.size[after] >= size + CHUNK_BYTES_MIN) return growIntoTop(h, calls, row, size)
    if (h.state[after] === FREE && has + h.size[after] >= size) {
      unlink(h, after)
      absorbNext(h, row)
    } else {
      const other = take(h, calls, size)
      if (other === NONE) return NONE
      if (other !== h.after[row] || h.state[other] === MAPPED) {
        calls.touch(h.address[other] + HEADER_BYTES, has - SIZE_BYTES)
        give(h, calls, row)
        return other
      }
      absorbNext(h, row)
    }
  }
  if (h.size[row] - size >= CHUNK_BYTES_MIN) giveRest(h, calls, row, size)
  return row
}

/** Gives back what lies behind the first bytes of a chunk. */
function giveRest(h: CLibraryHeap, calls: SystemCalls, row: number, size: number): void {
  const rest = split(h, row, size, IN_USE)
  calls.touch(h.address[rest] + SIZE_BYTES, SIZE_BYTES)
  give(h, calls, rest)
  // What has become part of the top has no links.
  if (h.state[rest] === CACHED || h.state[rest] === FAST) touchHeader(h, calls, rest)
}

function growIntoTop(h: CLibraryHeap, calls: SystemCalls, row: number, size: number): number {
  absorbNext(h, row)
  h.top = split(h, row, size, TOP)
  calls.touch(h.address[h.top] + SIZE_BYTES, SIZE_BYTES)
  return row
}

/** `memalign`: a chunk large enough that an aligned one lies in it; what is left before and behind goes back. */
export function align(h: CLibraryHeap, calls: SystemCalls, alignment: number, bytes: number): number {
  if (alignment <= ALIGNMENT) return malloc(h, calls, bytes)
  const step = Math.max(2 ** Math.ceil(Math.log2(alignment)), CHUNK_BYTES_MIN)
  const size = chunkBytesFor(bytes)
  // The one call that does not open the thread's cache.
  let row = take(h, calls, chunkBytesFor(size + step + CHUNK_BYTES_MIN))
  if (row === NONE) return NONE
  const start = h.address[row] + HEADER_BYTES
  if (start % step !== 0) {
    let lead = Math.ceil(start / step) * step - start
    if (lead < CHUNK_BYTES_MIN) lead += step
    if (h.state[row] === MAPPED) {
      h.before[row] += lead
      h.address[row] += lead
      h.size[row] -= lead
    } else {
      const leading = row
      row = split(h, leading, lead, IN_USE)
      calls.touch(h.address[row] + SIZE_BYTES, SIZE_BYTES)
      give(h, calls, leading)
    }
  }
  if (h.state[row] !== MAPPED && h.size[row] > size + CHUNK_BYTES_MIN) giveRest(h, calls, row, size)
  return row
}
