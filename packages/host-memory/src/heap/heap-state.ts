/**
 * The columns of the C library's heap, as glibc's malloc arranges it.
 *
 * Glossary
 * - chunk: a stretch of the heap with its header of 16 bytes, of which the first 8 belong to the chunk before while that is in use.
 * - top: the chunk at the end of the heap, which the break moves with.
 * - bin: free chunks of one size (small) or of a range of sizes, largest first (large); the unsorted bin holds what was freed last.
 * - fast bin and cache of the thread (tcache): freed chunks that still count as in use for their neighbours, last in first out.
 *
 * In the real heap all this stands in the chunks' own bytes; here a chunk is a row, and rows link to their neighbours by address and in
 * their bin. The first rows are the bins themselves.
 *
 * @source glibc 2.36 `malloc/malloc.c`
 */
import { copyColumns, grown } from '@reheap/kernel'

/** "None" in a column of rows. */
export const NONE = -1

/** A multiple of this is where a chunk lies and how long it is. @source MALLOC_ALIGNMENT */
export const ALIGNMENT = 16
/** What precedes the program's bytes. @source CHUNK_HDR_SZ, SIZE_SZ */
export const HEADER_BYTES = 16
export const SIZE_BYTES = 8
/** The smallest chunk. @source MINSIZE */
export const CHUNK_BYTES_MIN = 32

/** What a chunk is. A chunk that is cached or in a fast bin counts as in use for its neighbours. */
export const IN_USE = 0
export const CACHED = 1
export const FAST = 2
export const FREE = 3
export const TOP = 4
/** A mapping of its own. */
export const MAPPED = 5
/** A row that is no chunk now. */
export const UNUSED = 6

export const BINS = 128
export const UNSORTED = 1
export const CACHE_BINS = 64
export const FAST_BINS = 8

/** The threshold above which a request gets a mapping of its own, before any such was freed. @source DEFAULT_MMAP_THRESHOLD_MIN */
export const MAP_THRESHOLD_BYTES = 131_072

const FIRST_ROWS = 1024

export class CLibraryHeap {
  /** @shape chunk columns: [rows] @unit bytes */
  address = new Float64Array(FIRST_ROWS)
  size = new Float64Array(FIRST_ROWS)
  state = new Uint8Array(FIRST_ROWS)
  /** Neighbours by address; of a mapping, `before` is what lies before the chunk in its mapping. @unit rows, but for that: bytes */
  before = new Int32Array(FIRST_ROWS)
  after = new Int32Array(FIRST_ROWS)
  /** Neighbours in a bin, in a fast bin, in the cache (`next` alone), or among the rows that are no chunks. */
  next = new Int32Array(FIRST_ROWS)
  previous = new Int32Array(FIRST_ROWS)
  /** Of the first chunk of each size in a large bin: the first of the next smaller, next larger size. NONE: not the first of its size. */
  smaller = new Int32Array(FIRST_ROWS)
  larger = new Int32Array(FIRST_ROWS)
  rows = BINS
  unusedRow = NONE

  /** A bit for each bin that may hold a chunk; cleared when it is found empty. @source binmap */
  binMap = new Uint32Array(BINS / 32)
  fastHead = new Int32Array(FAST_BINS).fill(NONE)
  cacheHead = new Int32Array(CACHE_BINS).fill(NONE)
  cacheCount = new Uint8Array(CACHE_BINS)
  /** 1: the thread's cache has its own chunk, the first of the heap. */
  hasCache = 0
  /** 1: some fast bin may hold a chunk. */
  hasFast = 0

  top = NONE
  /** Where what was left of the last small chunk that was cut lies, or lay. @unit bytes */
  lastRemainder = -1
  heapStart = 0
  mapThresholdBytes = MAP_THRESHOLD_BYTES
  trimThresholdBytes = 131_072
  mappedChunks = 0
  mappedBytes = 0

  constructor() {
    for (let bin = 0; bin < BINS; bin++) {
      this.next[bin] = bin
      this.previous[bin] = bin
      this.state[bin] = UNUSED
    }
  }

  clone(): CLibraryHeap {
    const copy = new CLibraryHeap()
    copyColumns(this, copy)
    return copy
  }
}

/** A row for a chunk. */
export function openRow(h: CLibraryHeap, address: number, size: number, state: number): number {
  let row = h.unusedRow
  if (row === NONE) {
    row = h.rows++
    if (row >= h.address.length) growRows(h, row + 1)
  } else h.unusedRow = h.next[row]
  h.address[row] = address
  h.size[row] = size
  h.state[row] = state
  h.before[row] = NONE
  h.after[row] = NONE
  h.smaller[row] = NONE
  h.larger[row] = NONE
  return row
}

export function closeRow(h: CLibraryHeap, row: number): void {
  h.state[row] = UNUSED
  h.next[row] = h.unusedRow
  h.unusedRow = row
}

function growRows(h: CLibraryHeap, rows: number): void {
  h.address = grown(h.address, rows)
  h.size = grown(h.size, rows)
  h.state = grown(h.state, rows)
  h.before = grown(h.before, rows)
  h.after = grown(h.after, rows)
  h.next = grown(h.next, rows)
  h.previous = grown(h.previous, rows)
  h.smaller = grown(h.smaller, rows)
  h.larger = grown(h.larger, rows)
}

/** The chunk keeps its first bytes; the rest is a chunk of its own behind it. @returns the row of the rest */
export function split(h: CLibraryHeap, row: number, size: number, stateOfRest: number): number {
  const rest = openRow(h, h.address[row] + size, h.size[row] - size, stateOfRest)
  const after = h.after[row]
  h.size[row] = size
  h.after[row] = rest
  h.before[rest] = row
  h.after[rest] = after
  if (after !== NONE) h.before[after] = rest
  return rest
}

/** The chunk takes in the one behind it, which is in no bin. */
export function absorbNext(h: CLibraryHeap, row: number): void {
  const taken = h.after[row]
  const after = h.after[taken]
  h.size[row] += h.size[taken]
  h.after[row] = after
  if (after !== NONE) h.before[after] = row
  if (h.top === taken) h.top = row
  closeRow(h, taken)
}

/** What the C library takes for a request: the header's second half and whole alignments. @source checked_request2size */
export const chunkBytesFor = (bytes: number): number =>
  Math.max(CHUNK_BYTES_MIN, Math.floor((bytes + SIZE_BYTES + ALIGNMENT - 1) / ALIGNMENT) * ALIGNMENT)
