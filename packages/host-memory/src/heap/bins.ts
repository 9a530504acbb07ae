/** Bins of free chunks. @source glibc 2.36 `malloc.c`: `bin_index`, `unlink_chunk`, the sorting in `_int_malloc` */
import type { SystemCalls } from '../system-calls.ts'
import { type CLibraryHeap, FREE, NONE, SIZE_BYTES, UNSORTED } from './heap-state.ts'

/** Chunks below this have a bin for each size. @source MIN_LARGE_SIZE */
export const LARGE_BYTES_MIN = 1024

export const isSmall = (size: number): boolean => size < LARGE_BYTES_MIN

/** Bin of a size. @source smallbin_index, largebin_index_64 */
export function binOf(size: number): number {
  if (isSmall(size)) return size / 16
  if (size < 49 * 64) return 48 + Math.floor(size / 64)
  if (size < 21 * 512) return 91 + Math.floor(size / 512)
  if (size < 11 * 4096) return 110 + Math.floor(size / 4096)
  if (size < 5 * 32_768) return 119 + Math.floor(size / 32_768)
  if (size < 3 * 262_144) return 124 + Math.floor(size / 262_144)
  return 126
}

/** Takes a chunk out of its bin. */
export function unlink(h: CLibraryHeap, row: number): void {
  const { next, previous, smaller, larger } = h
  const following = next[row]
  const preceding = previous[row]
  next[preceding] = following
  previous[following] = preceding
  if (smaller[row] === NONE) return
  // The first of its size in a large bin: the next of the same size takes its place in the list of sizes.
  if (following >= 128 && smaller[following] === NONE) {
    if (smaller[row] === row) {
      smaller[following] = following
      larger[following] = following
    } else {
      smaller[following] = smaller[row]
      larger[following] = larger[row]
      larger[smaller[row]] = following
      smaller[larger[row]] = following
    }
  } else {
    larger[smaller[row]] = larger[row]
    smaller[larger[row]] = smaller[row]
  }
  smaller[row] = NONE
  larger[row] = NONE
}

/** The C library writes the size of a chunk that it frees or cuts off, and the links of its bin behind it. @source malloc_chunk */
export function touchHeader(h: CLibraryHeap, calls: SystemCalls, row: number): void {
  calls.touch(h.address[row] + SIZE_BYTES, (isSmall(h.size[row]) ? 3 : 5) * SIZE_BYTES)
}

/** Puts a free chunk at the head of the unsorted bin. */
export function linkUnsorted(h: CLibraryHeap, row: number): void {
  h.state[row] = FREE
  h.smaller[row] = NONE
  h.larger[row] = NONE
  linkBetween(h, row, UNSORTED, h.next[UNSORTED])
}

function linkBetween(h: CLibraryHeap, row: number, preceding: number, following: number): void {
  h.previous[row] = preceding
  h.next[row] = following
  h.next[preceding] = row
  h.previous[following] = row
}

/** Puts a free chunk, taken out of the unsorted bin, into the bin of its size: at the head, or in a large bin by size. */
export function linkSorted(h: CLibraryHeap, row: number): void {
  const size = h.size[row]
  const bin = binOf(size)
  h.binMap[bin >> 5] |= 1 << (bin & 31)
  if (isSmall(size)) linkBetween(h, row, bin, h.next[bin])
  else linkLarge(h, row, bin, size)
}

function linkLarge(h: CLibraryHeap, row: number, bin: number, size: number): void {
  const { next, previous, smaller, larger } = h
  let following = next[bin]
  if (following === bin) {
    smaller[row] = row
    larger[row] = row
    linkBetween(h, row, bin, bin)
    return
  }
  const largest = following
  if (size < h.size[previous[bin]]) {
    smaller[row] = largest
    larger[row] = larger[largest]
    smaller[larger[largest]] = row
    larger[largest] = row
    linkBetween(h, row, previous[bin], bin)
    return
  }
  while (size < h.size[following]) following = smaller[following]
  if (size === h.size[following])
    // Second of its size: so the list of sizes stays as it is.
    following = next[following]
  else {
    smaller[row] = following
    larger[row] = larger[following]
    larger[following] = row
    smaller[larger[row]] = row
  }
  linkBetween(h, row, previous[following], following)
}

/** The first bin from this one on that holds a chunk, or NONE. */
export function firstFilledBin(h: CLibraryHeap, from: number): number {
  const { binMap, next } = h
  let bits = from < 128 ? (binMap[from >> 5] >>> (from & 31)) << (from & 31) : 0
  for (let word = from >> 5; word < binMap.length; bits = binMap[++word] ?? 0) {
    while (bits !== 0) {
      const lowest = bits & -bits
      const bin = (word << 5) + 31 - Math.clz32(lowest)
      if (next[bin] !== bin) return bin
      binMap[word] &= ~lowest
      bits &= ~lowest
    }
  }
  return NONE
}
