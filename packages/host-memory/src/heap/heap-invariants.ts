/** Checks of the C library's heap. @source glibc 2.36 `do_check_malloc_state` */
import type { Violation } from '../invariants.ts'
import { binOf, isSmall } from './bins.ts'
import { BINS, CACHE_BINS, CACHED, type CLibraryHeap, FAST, FAST_BINS, FREE, NONE, TOP, UNSORTED, UNUSED } from './heap-state.ts'
import { CACHE_CHUNKS_MAX, cacheBinOf } from './take.ts'

type Found = Violation | null

const broken = (invariant: string, ...values: readonly number[]): Violation => ({ invariant, message: values.join(', ') })

/** In time of the chunks: is every byte in one chunk, and every free chunk in one bin? @param end the break */
export function checkHeap(h: CLibraryHeap, end: number): Found {
  if (h.top === NONE) return null
  const listed = new Uint8Array(h.rows)
  return checkBins(h, listed) ?? checkStack(h, listed, h.fastHead, FAST_BINS, FAST) ?? checkCache(h, listed) ?? checkChunks(h, listed, end)
}

/** Chunks follow one another from the heap's start to the break, the top last; no two free ones are neighbours. */
function checkChunks(h: CLibraryHeap, listed: Uint8Array, end: number): Found {
  let first = h.top
  while (h.before[first] !== NONE) first = h.before[first]
  let address = h.heapStart
  let isFree = false
  for (let row = first; row !== NONE; row = h.after[row]) {
    if (h.address[row] !== address) return broken('a chunk begins where the one before ends', h.address[row], address)
    address += h.size[row]
    const state = h.state[row]
    if (state === UNUSED) return broken('a row that is no chunk lies in no heap', row)
    if ((state === TOP) !== (row === h.top)) return broken('the top alone is the top', row, h.top)
    if (isFree && (state === FREE || state === TOP)) return broken('no two free chunks are neighbours', row)
    isFree = state === FREE
    const isListed = state === FREE || state === FAST || state === CACHED
    if (isListed !== (listed[row] === 1)) return broken('what is free is in one bin', row, state)
  }
  return address === end ? null : broken('the last chunk ends at the break', address, end)
}

/** Rings of the bins: both ways, chunks of the bin's sizes alone, and a large bin from its largest down. */
function checkBins(h: CLibraryHeap, listed: Uint8Array): Found {
  for (let bin = UNSORTED; bin < BINS; bin++) {
    let above = Number.POSITIVE_INFINITY
    for (let row = h.next[bin]; row !== bin; row = h.next[row]) {
      if (h.next[h.previous[row]] !== row) return broken('neighbours in a bin name each other', bin, row)
      if (h.state[row] !== FREE || listed[row] === 1) return broken('a bin holds free chunks, each once', bin, row)
      listed[row] = 1
      if (bin === UNSORTED) continue
      const size = h.size[row]
      if (binOf(size) !== bin || size > above) return broken('a bin holds its sizes, largest first', bin, size)
      const isFirst = h.smaller[row] !== NONE
      if (isFirst !== (!isSmall(size) && size < above)) return broken('the first of its size is in the list of sizes', bin, row)
      above = size
      if ((h.binMap[bin >> 5] & (1 << (bin & 31))) === 0) return broken('a bin that holds a chunk has its bit', bin)
    }
  }
  return null
}

function checkStack(h: CLibraryHeap, listed: Uint8Array, heads: Int32Array, slots: number, state: number): Found {
  for (let slot = 0; slot < slots; slot++)
    for (let row = heads[slot]; row !== NONE; row = h.next[row]) {
      if (h.state[row] !== state || listed[row] === 1) return broken('the cache and fast bins hold freed chunks, each once', slot, row)
      if (cacheBinOf(h.size[row]) !== slot) return broken('and one size each', slot, h.size[row])
      listed[row] = 1
    }
  return null
}

function checkCache(h: CLibraryHeap, listed: Uint8Array): Found {
  for (let slot = 0; slot < CACHE_BINS; slot++) {
    let chunks = 0
    for (let row = h.cacheHead[slot]; row !== NONE && chunks <= CACHE_CHUNKS_MAX; row = h.next[row]) chunks++
    if (chunks !== h.cacheCount[slot] || chunks > CACHE_CHUNKS_MAX) return broken('chunks of the cache = its count', slot, chunks)
  }
  return checkStack(h, listed, h.cacheHead, CACHE_BINS, CACHED)
}
