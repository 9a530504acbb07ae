import type { StopReason } from './findings.ts'

/**
 * The file through which the program's records come: a page of control words, then chunks.
 *
 * `shim/ring.h` has the same offsets and opcodes.
 */
export const RING_MAGIC = 0x3150_4852
export const RING_HEADER_BYTES = 4096
export const RECORD_BYTES = 32
/** A chunk's share of the ring: large enough that handing it over costs nothing per record. */
export const CHUNK_BYTES = 256 * 1024
export const CHUNK_COUNT = 64

/** Byte offsets in the first page. */
export const RING_OFFSETS = {
  magic: 0,
  chunkBytes: 4,
  chunkCount: 8,
  readerPid: 12,
  observeEvery: 16,
  sampleEvery: 24,
  followsChildren: 32,
  readerStops: 128,
  samplesTaken: 132,
  recordedPid: 192,
  stopped: 196,
  children: 200,
  forks: 204,
  full: 256,
  child: 768,
  used: 2048,
} as const

/** Processes that a recorded one starts, which may be recorded too, and bytes of the entry that each has: its number, and the descriptor of its ring. */
export const CHILDREN_MAX = 128
export const CHILD_BYTES = 8

/** What a record says, in its first byte. */
export const RECORD_OPS = {
  malloc: 1,
  calloc: 2,
  realloc: 3,
  free: 4,
  arenaMapped: 5,
  arenaUnmapped: 6,
  arenaUnmappedOutside: 7,
  refused: 8,
  bypassed: 9,
  mark: 10,
  stats: 11,
  blocks: 12,
  skipped: 13,
  text: 14,
  libraryMalloc: 15,
  libraryCalloc: 16,
  libraryAlign: 17,
  libraryRealloc: 18,
  libraryFree: 19,
  mapped: 20,
  unmapped: 21,
  remapped: 22,
  advised: 23,
  touched: 24,
  sample: 25,
} as const

/** Why the program stopped recording before it ended, by the number that it leaves. */
export const STOP_REASONS: readonly (StopReason | null)[] = [null, 'readerGone', 'byReader', 'tooManyHeaps']
