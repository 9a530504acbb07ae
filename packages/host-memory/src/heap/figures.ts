/** What `mallinfo2` tells of the C library's heap. */
import { type AnyState, columnsOf } from '../state.ts'
import { BINS, type CLibraryHeap, FAST_BINS, NONE } from './heap-state.ts'

/**
 * The figures of `mallinfo2`, under its own names; what the thread's cache holds counts as in use. `usmblks` is 0 always.
 *
 * @unit bytes, but for `ordblks`, `smblks`, `hblks`: chunks
 * @source glibc 2.36 `int_mallinfo`
 */
export interface Mallinfo {
  /** Of the heap, mappings aside. */
  readonly arena: number
  /** Free chunks, the top among them. */
  readonly ordblks: number
  /** Chunks in fast bins, and their bytes. */
  readonly smblks: number
  readonly fsmblks: number
  /** Chunks that have a mapping of their own, and their bytes. */
  readonly hblks: number
  readonly hblkhd: number
  /** Of the heap, in use. */
  readonly uordblks: number
  /** Of the heap, free. */
  readonly fordblks: number
  /** Of the top chunk: what trimming could give back. */
  readonly keepcost: number
}

const EMPTY: Mallinfo = { arena: 0, ordblks: 1, smblks: 0, fsmblks: 0, hblks: 0, hblkhd: 0, uordblks: 0, fordblks: 0, keepcost: 0 }

/** Figures of a process's heap, in time of its free chunks; all but 0 for one that never lived. */
export function mallinfo(state: AnyState, process: number): Mallinfo {
  const s = columnsOf(state)
  const h = s.heaps[process] ?? null
  if (h === null) return EMPTY
  const keepcost = h.top === NONE ? 0 : h.size[h.top]
  const arena = h.top === NONE ? 0 : h.address[h.top] + keepcost - h.heapStart
  const [smblks, fsmblks] = fastChunks(h)
  let [ordblks, fordblks] = [1, keepcost + fsmblks]
  for (let bin = 1; bin < BINS; bin++)
    for (let row = h.next[bin]; row !== bin; row = h.next[row]) {
      ordblks++
      fordblks += h.size[row]
    }
  return { arena, ordblks, smblks, fsmblks, hblks: h.mappedChunks, hblkhd: h.mappedBytes, uordblks: arena - fordblks, fordblks, keepcost }
}

function fastChunks(h: CLibraryHeap): readonly [chunks: number, bytes: number] {
  let [chunks, bytes] = [0, 0]
  for (let bin = 0; bin < FAST_BINS; bin++)
    for (let row = h.fastHead[bin]; row !== NONE; row = h.next[row]) {
      chunks++
      bytes += h.size[row]
    }
  return [chunks, bytes]
}
