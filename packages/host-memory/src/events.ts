/**
 * What programs ask of the C library and of the operating system (requests), and what these answer (facts).
 *
 * A request that leaves its process out belongs to process 0, the one that the log is about.
 */
import { Id, Whole } from '@reheap/kernel'
import * as t from 'io-ts/lib/index.js'

/** Processes are numbered from 0 to 254: the number stands in the `tag` column. */
export const PROCESSES_MAX = 255
const Process = t.refinement(Whole, (process) => process < PROCESSES_MAX, 'process (whole number from 0 to 254)')
const ofProcess = t.partial({ process: Process })
const given = t.partial({ address: Whole, process: Process })
const nullableId = t.union([Id, t.null], 'id or null (whole number from 0 to 4294967294)')

/** Who says which memory is written: the log, or the rules of SPEC.md (H20). */
export const TOUCHES = ['assumed', 'recorded'] as const
/** One of the {@link TOUCHES}. */
export const Touches = t.keyof({ assumed: null, recorded: null }, 'touches (assumed or recorded)')
/** What is behind a mapping, by its number in the `other` column. */
export const BACKINGS = ['anonymous', 'file', 'shared', 'stack'] as const
/** One of the {@link BACKINGS}. */
export const Backing = t.keyof({ anonymous: null, file: null, shared: null, stack: null }, 'backing (anonymous, file, shared or stack)')
export type Backing = (typeof BACKINGS)[number]

/** The machine as it was when the log begins: what the system and all others use, and what is page cache. */
export const HostOpened = t.type({
  kind: t.literal('HostOpened'),
  ramBytes: Whole,
  swapBytes: Whole,
  romBytes: Whole,
  systemBytes: Whole,
  cacheBytes: Whole,
  touches: Touches,
})
/** A process begins, with nothing mapped. */
export const StartProcess = t.type({ kind: t.literal('StartProcess'), process: Process })
/** The process ended: all its memory goes back. */
export const EndProcess = t.type({ kind: t.literal('EndProcess'), process: Process })

/** `malloc(bytes)` of the C library: `address` is what the real one answered. */
export const LibraryMalloc = t.intersection([t.type({ kind: t.literal('LibraryMalloc'), block: Id, bytes: Whole }), given])
/** `calloc`: a block of `count` times `elementBytes`, zeroed. @unit bytes */
export const LibraryCalloc = t.intersection([
  t.type({ kind: t.literal('LibraryCalloc'), block: Id, count: Id, elementBytes: Whole }),
  given,
])
/** `posix_memalign`, `aligned_alloc`, `memalign`, `valloc`. */
export const LibraryAlign = t.intersection([t.type({ kind: t.literal('LibraryAlign'), block: Id, alignment: Id, bytes: Whole }), given])
/** `realloc(block, bytes)`: `block` dies, `newBlock` is born; `block` null is `realloc(NULL, bytes)`. */
export const LibraryRealloc = t.intersection([
  t.type({ kind: t.literal('LibraryRealloc'), block: nullableId, newBlock: Id, bytes: Whole }),
  given,
])
/** `free(block)`; null is `free(NULL)`. */
export const LibraryFree = t.intersection([t.type({ kind: t.literal('LibraryFree'), block: nullableId }), ofProcess])

/** `mmap` by anyone but the C library's malloc; also an area that was there when the log begins. */
export const MapMemory = t.intersection([t.type({ kind: t.literal('MapMemory'), mapping: Id, bytes: Whole, backing: Backing }), given])
/** A mapping that shows the file or shared memory of another one, from its start: their pages are in RAM once. */
export const MapShared = t.intersection([t.type({ kind: t.literal('MapShared'), mapping: Id, of: Id, bytes: Whole }), given])
/** `munmap` of a part of a mapping, `from` bytes behind its start. */
export const UnmapMemory = t.intersection([t.type({ kind: t.literal('UnmapMemory'), mapping: Id, from: Whole, bytes: Whole }), ofProcess])
/** `mremap` of a whole mapping to another size; it may move. */
export const RemapMemory = t.intersection([t.type({ kind: t.literal('RemapMemory'), mapping: Id, bytes: Whole }), given])
/** Pages of a mapping are used for the first time: written, or where a file or shared memory is behind it, read. */
export const TouchPages = t.intersection([t.type({ kind: t.literal('TouchPages'), mapping: Id, from: Whole, bytes: Whole }), ofProcess])
/** Pages of a mapping are read and were never written: fresh anonymous memory shows the one page of zeros, which takes no RAM. */
export const ReadPages = t.intersection([t.type({ kind: t.literal('ReadPages'), mapping: Id, from: Whole, bytes: Whole }), ofProcess])
/** Private pages of a file are written for the first time: the process has copies of its own from now on. */
export const CopyPages = t.intersection([t.type({ kind: t.literal('CopyPages'), mapping: Id, from: Whole, bytes: Whole }), ofProcess])
/** Pages of a block of the C library are read or written for the first time. */
export const TouchBlock = t.intersection([t.type({ kind: t.literal('TouchBlock'), block: Id, from: Whole, bytes: Whole }), ofProcess])
/** `madvise(MADV_DONTNEED)`: the pages go back, the mapping stays. */
export const ReleasePages = t.intersection([t.type({ kind: t.literal('ReleasePages'), mapping: Id, from: Whole, bytes: Whole }), ofProcess])
/** `madvise(MADV_HUGEPAGE)` or `MADV_NOHUGEPAGE` on a part of a mapping. */
export const AdviseHugePages = t.intersection([
  t.type({ kind: t.literal('AdviseHugePages'), mapping: Id, from: Whole, bytes: Whole, huge: t.boolean }),
  ofProcess,
])
/** The same inside a block of the C library. */
export const AdviseHugeBlock = t.intersection([
  t.type({ kind: t.literal('AdviseHugeBlock'), block: Id, from: Whole, bytes: Whole, huge: t.boolean }),
  ofProcess,
])
/** A file was read: its pages are page cache now. */
export const ReadFile = t.type({ kind: t.literal('ReadFile'), bytes: Whole })
/** RAM loses everything; swap and ROM keep their bytes. */
export const PowerOff = t.type({ kind: t.literal('PowerOff') })
/** The machine starts again: RAM is empty but for the system. */
export const PowerOn = t.type({ kind: t.literal('PowerOn') })

/** What processes ask of the C library and of the system, as a tagged value. */
export const Request = t.union([
  HostOpened,
  StartProcess,
  EndProcess,
  LibraryMalloc,
  LibraryCalloc,
  LibraryAlign,
  LibraryRealloc,
  LibraryFree,
  MapMemory,
  UnmapMemory,
  RemapMemory,
  TouchPages,
  TouchBlock,
  ReleasePages,
  AdviseHugePages,
  AdviseHugeBlock,
  CopyPages,
  ReadPages,
  MapShared,
  ReadFile,
  PowerOff,
  PowerOn,
])
export type Request = t.TypeOf<typeof Request>

/**
 * Opcodes of requests, and their operand columns; `tag` is the process:
 *
 * | kind            | id            | other     | size         | address   |
 * |-----------------|---------------|-----------|--------------|-----------|
 * | HostOpened      |               |           | ramBytes     | swapBytes | detail: romBytes, systemBytes, cacheBytes, touches
 * | StartProcess    |               |           |              |           |
 * | EndProcess      |               |           |              |           |
 * | LibraryMalloc   | block         |           | bytes        | observed  |
 * | LibraryCalloc   | block         | count     | elementBytes | observed  |
 * | LibraryAlign    | block         | alignment | bytes        | observed  |
 * | LibraryRealloc  | block or none | newBlock  | bytes        | observed  |
 * | LibraryFree     | block or none |           |              |           |
 * | MapMemory       | mapping       | backing   | bytes        | observed  |
 * | MapShared       | mapping       | of        | bytes        | observed  |
 * | UnmapMemory     | mapping       |           | bytes        | from      |
 * | RemapMemory     | mapping       |           | bytes        | observed  |
 * | TouchPages      | mapping       |           | bytes        | from      |
 * | ReadPages       | mapping       |           | bytes        | from      |
 * | CopyPages       | mapping       |           | bytes        | from      |
 * | TouchBlock      | block         |           | bytes        | from      |
 * | ReleasePages    | mapping       |           | bytes        | from      |
 * | AdviseHugePages | mapping       | huge (0, 1) | bytes      | from      |
 * | AdviseHugeBlock | block         | huge (0, 1) | bytes      | from      |
 * | ReadFile        |               |           | bytes        |           |
 * | PowerOff, PowerOn |             |           |              |           |
 */
export const REQUEST_OPCODES = {
  HostOpened: 128,
  StartProcess: 129,
  EndProcess: 130,
  LibraryMalloc: 131,
  LibraryCalloc: 132,
  LibraryAlign: 133,
  LibraryRealloc: 134,
  LibraryFree: 135,
  MapMemory: 136,
  UnmapMemory: 137,
  RemapMemory: 138,
  TouchPages: 139,
  TouchBlock: 140,
  ReleasePages: 141,
  AdviseHugePages: 142,
  ReadFile: 143,
  PowerOff: 144,
  PowerOn: 145,
  AdviseHugeBlock: 146,
  CopyPages: 147,
  ReadPages: 148,
  MapShared: 149,
} as const satisfies Record<Request['kind'], number>
/** Number of a request in the `code` column. */
export type RequestOpcode = (typeof REQUEST_OPCODES)[Request['kind']]

interface RangeFact<Kind extends string> {
  readonly kind: Kind
  readonly process: number
  readonly bytes: number
  readonly address: number
}

/** What the C library and the operating system answer. Addresses and sizes in bytes. */
export type Fact =
  /** The C library handed out a chunk, or got it back; `bytes` are the chunk's, header included. */
  | (RangeFact<'ChunkGiven'> & { readonly block: number })
  | (RangeFact<'ChunkFreed'> & { readonly block: number })
  /** Address space was given, taken back, or moved to `address`. */
  | RangeFact<'AreaMapped'>
  | RangeFact<'AreaUnmapped'>
  | RangeFact<'AreaMoved'>
  /** The end of the heap moved: `address` is the new one, `bytes` the size of the heap now. */
  | RangeFact<'BreakMoved'>
  /** Pages became resident, `bytes` of them, from `address` on; or ceased to be because the program gave them back. */
  | RangeFact<'PagesTouched'>
  | RangeFact<'PagesReleased'>
  /** Pages went from RAM to the swap device, or back; `nanoseconds` is an estimate. */
  | { readonly kind: 'PagesSwappedOut'; readonly process: number; readonly bytes: number; readonly nanoseconds: number }
  | { readonly kind: 'PagesSwappedIn'; readonly process: number; readonly bytes: number; readonly nanoseconds: number }
  /** Page cache gave way. */
  | { readonly kind: 'CacheReclaimed'; readonly bytes: number }
  /** Nothing was left to give: the largest process was killed. */
  | { readonly kind: 'ProcessKilled'; readonly process: number; readonly rssBytes: number; readonly swapBytes: number }
  | { readonly kind: 'ProcessEnded'; readonly process: number; readonly rssBytes: number; readonly swapBytes: number }
  /** What RAM held is gone. */
  | { readonly kind: 'PowerLost'; readonly bytes: number }

/**
 * Opcodes of facts, and their operand columns; `tag` is the process:
 *
 * | kind                  | id    | size     | address     |
 * |-----------------------|-------|----------|-------------|
 * | ChunkGiven, ...Freed  | block | bytes    | address     |
 * | Area..., BreakMoved   |       | bytes    | address     |
 * | PagesTouched, ...Released |   | bytes    | address     |
 * | PagesSwappedOut, ...In |      | bytes    | nanoseconds |
 * | CacheReclaimed        |       | bytes    |             |
 * | ProcessKilled, ...Ended |     | rssBytes | swapBytes   |
 * | PowerLost             |       | bytes    |             |
 */
export const FACT_OPCODES = {
  ChunkGiven: 146,
  ChunkFreed: 147,
  AreaMapped: 148,
  AreaUnmapped: 149,
  AreaMoved: 150,
  BreakMoved: 151,
  PagesTouched: 152,
  PagesReleased: 153,
  PagesSwappedOut: 154,
  PagesSwappedIn: 155,
  CacheReclaimed: 156,
  ProcessKilled: 157,
  ProcessEnded: 158,
  PowerLost: 159,
} as const satisfies Record<Fact['kind'], number>
/** Number of a fact in the `code` column. */
export type FactOpcode = (typeof FACT_OPCODES)[Fact['kind']]
