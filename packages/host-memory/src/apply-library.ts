/** What the calls of the C library do: the heap of the process answers, and the block that it gave has an id from then on. */
import { type Batch, enterId, handleOfId, NO_HANDLE, NO_ID, removeId } from '@reheap/kernel'
import { FACT_OPCODES, REQUEST_OPCODES, type RequestOpcode } from './events.ts'
import { align, calloc, free, malloc, realloc, usableBytes } from './heap/heap.ts'
import { type CLibraryHeap, HEADER_BYTES, MAP_THRESHOLD_BYTES, NONE } from './heap/heap-state.ts'
import { HostCalls } from './host-calls.ts'
import { adviseHuge } from './mapping.ts'
import { type Facts, touch, WRITE } from './paging.ts'
import { ACCEPTED, REASONS } from './rejected.ts'
import { ALIVE, blocksOf, type HostMemoryState, heapOf } from './state.ts'

const { LibraryMalloc, LibraryCalloc, LibraryAlign, LibraryRealloc, LibraryFree, TouchBlock } = REQUEST_OPCODES
const { ChunkGiven, ChunkFreed } = FACT_OPCODES
const BYTES_MAX = 2 ** 46
const ALIGNMENT_MAX = 2 ** 30

type Requests = Batch<RequestOpcode>
/** Set anew for every request: it keeps nothing. */
const calls = new HostCalls()

export function applyLibrary(
  s: HostMemoryState,
  batch: Requests,
  row: number,
  kind: RequestOpcode,
  process: number,
  emit: Facts,
  cause: number,
): number {
  const [id, other, size] = [batch.id[row], batch.other[row], batch.size[row]]
  calls.of(s, emit, cause, process)
  switch (kind) {
    case LibraryMalloc:
    case LibraryCalloc:
    case LibraryAlign:
      return given(s, emit, cause, process, kind, id, other, size)
    case LibraryRealloc:
      return resized(s, emit, cause, process, id, other, size)
    case LibraryFree:
      return freed(s, emit, cause, process, id)
  }
  return inBlock(s, emit, cause, process, kind, id, other, size, batch.address[row])
}

const isSize = (bytes: number): boolean => bytes >= 0 && bytes <= BYTES_MAX && Number.isSafeInteger(bytes)

function given(
  s: HostMemoryState,
  emit: Facts,
  cause: number,
  process: number,
  kind: RequestOpcode,
  id: number,
  other: number,
  size: number,
): number {
  const bytes = kind === LibraryCalloc ? other * size : size
  if (!isSize(bytes)) return REASONS.InvalidBytes
  if (kind === LibraryAlign && (other < 1 || other > ALIGNMENT_MAX)) return REASONS.InvalidAlignment
  if (handleOfId(blocksOf(s, process), id) !== NO_HANDLE) return REASONS.BlockAlreadyLive
  const h = heapOf(s, process)
  let chunk: number
  if (kind === LibraryCalloc) chunk = calloc(h, calls, bytes)
  else if (kind === LibraryAlign) chunk = align(h, calls, other, bytes)
  else chunk = malloc(h, calls, bytes)
  // Refused, or killed on the way: the block never was.
  if (chunk === NONE || s.processState[process] !== ALIVE) return ACCEPTED
  enterId(blocksOf(s, process), id, chunk + 1)
  emit.push(ChunkGiven, cause, process, id, 0, h.size[chunk], h.address[chunk] + HEADER_BYTES)
  if (kind !== LibraryCalloc || bytes < MAP_THRESHOLD_BYTES) written(s, emit, cause, process, h, chunk, bytes)
  return ACCEPTED
}

/** A block is written whole when it is given, unless it is a large one and the log says what is written. */
function written(s: HostMemoryState, emit: Facts, cause: number, process: number, h: CLibraryHeap, chunk: number, bytes: number): void {
  if (s.touchesRecorded === 1 && bytes >= MAP_THRESHOLD_BYTES) return
  touch(s, emit, cause, process, h.address[chunk] + HEADER_BYTES, bytes, WRITE)
}

function resized(s: HostMemoryState, emit: Facts, cause: number, process: number, id: number, newId: number, bytes: number): number {
  if (id === NO_ID) return given(s, emit, cause, process, LibraryMalloc, newId, NO_ID, bytes)
  if (!isSize(bytes)) return REASONS.InvalidBytes
  if (newId !== id && handleOfId(blocksOf(s, process), newId) !== NO_HANDLE) return REASONS.BlockAlreadyLive
  const handle = handleOfId(blocksOf(s, process), id)
  if (handle === NO_HANDLE) return REASONS.BlockNotLive
  // The answer of realloc is NULL then: the new block never is.
  if (bytes === 0) return freed(s, emit, cause, process, id)
  const h = heapOf(s, process)
  const old = handle - 1
  emit.push(ChunkFreed, cause, process, id, 0, h.size[old], h.address[old] + HEADER_BYTES)
  const chunk = realloc(h, calls, old, bytes)
  if (s.processState[process] !== ALIVE) return ACCEPTED
  removeId(blocksOf(s, process), id)
  const now = chunk === NONE ? old : chunk
  enterId(blocksOf(s, process), newId, now + 1)
  emit.push(ChunkGiven, cause, process, newId, 0, h.size[now], h.address[now] + HEADER_BYTES)
  written(s, emit, cause, process, h, now, Math.min(bytes, usableBytes(h, now)))
  return ACCEPTED
}

function freed(s: HostMemoryState, emit: Facts, cause: number, process: number, id: number): number {
  if (id === NO_ID) return ACCEPTED
  const handle = handleOfId(blocksOf(s, process), id)
  if (handle === NO_HANDLE) return REASONS.BlockNotLive
  const h = heapOf(s, process)
  const chunk = handle - 1
  removeId(blocksOf(s, process), id)
  emit.push(ChunkFreed, cause, process, id, 0, h.size[chunk], h.address[chunk] + HEADER_BYTES)
  free(h, calls, chunk)
  return ACCEPTED
}

function inBlock(
  s: HostMemoryState,
  emit: Facts,
  cause: number,
  process: number,
  kind: RequestOpcode,
  id: number,
  other: number,
  bytes: number,
  from: number,
): number {
  if (!isSize(bytes)) return REASONS.InvalidBytes
  const handle = handleOfId(blocksOf(s, process), id)
  if (handle === NO_HANDLE) return REASONS.BlockNotLive
  const h = heapOf(s, process)
  const chunk = handle - 1
  if (!isSize(from) || from + bytes > usableBytes(h, chunk)) return REASONS.OutsideBlock
  const address = h.address[chunk] + HEADER_BYTES + from
  if (kind === TouchBlock) touch(s, emit, cause, process, address, bytes, WRITE)
  else adviseHuge(s, process, address, bytes, other === 1)
  return ACCEPTED
}
