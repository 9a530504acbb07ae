/** Chunks from the end of the heap, and from the system when that is too short. @source glibc 2.36 `sysmalloc`, `sysmalloc_mmap` */
import type { SystemCalls } from '../system-calls.ts'
import { CHUNK_BYTES_MIN, type CLibraryHeap, HEADER_BYTES, IN_USE, MAPPED, NONE, openRow, SIZE_BYTES, split, TOP } from './heap-state.ts'

/** Bytes asked of the system beyond what is needed. @source DEFAULT_TOP_PAD */
export const TOP_PAD_BYTES = 131_072
/** Requests that may have a mapping of their own at a time. @source DEFAULT_MMAP_MAX */
const MAPPED_CHUNKS_MAX = 65_536
const PAGE_BYTES = 4096

/** Cuts a chunk off the top, which is large enough. */
export function fromTop(h: CLibraryHeap, calls: SystemCalls, size: number): number {
  const row = h.top
  h.top = split(h, row, size, TOP)
  h.state[row] = IN_USE
  calls.touch(h.address[h.top] + SIZE_BYTES, SIZE_BYTES)
  return row
}

/** Asks the system: for a mapping above the threshold, else for a longer heap. */
export function fromSystem(h: CLibraryHeap, calls: SystemCalls, size: number): number {
  if (size >= h.mapThresholdBytes && h.mappedChunks < MAPPED_CHUNKS_MAX) {
    const row = fromMapping(h, calls, size)
    if (row !== NONE) return row
  }
  const old = h.top === NONE ? 0 : h.size[h.top]
  const more = Math.ceil((size + TOP_PAD_BYTES + CHUNK_BYTES_MIN - old) / PAGE_BYTES) * PAGE_BYTES
  const start = calls.moveBreak(more)
  if (start < 0) return NONE
  if (h.top === NONE) {
    h.heapStart = start
    h.top = openRow(h, start, more, TOP)
  } else h.size[h.top] += more
  return fromTop(h, calls, size)
}

/** A mapping for one chunk. */
function fromMapping(h: CLibraryHeap, calls: SystemCalls, size: number): number {
  const bytes = Math.ceil((size + SIZE_BYTES) / PAGE_BYTES) * PAGE_BYTES
  const address = calls.map(bytes, PAGE_BYTES)
  if (address < 0) return NONE
  const row = openRow(h, address, bytes, MAPPED)
  h.before[row] = 0
  h.mappedChunks += 1
  h.mappedBytes += bytes
  calls.touch(address, HEADER_BYTES)
  return row
}
