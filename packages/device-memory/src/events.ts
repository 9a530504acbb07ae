/**
 * What a program asks of the device's memory (requests), and what the caching allocator answers (facts).
 */
import { Id, Whole } from '@reheap/kernel'
import * as t from 'io-ts/lib/index.js'

/** Directions of a copy, by their number in a batch's `tag` column. */
export const DIRECTIONS = ['hostToDevice', 'deviceToHost', 'deviceToDevice'] as const
/** One of the {@link DIRECTIONS}. */
export const Direction = t.keyof({ hostToDevice: null, deviceToHost: null, deviceToDevice: null }, 'direction')
export type Direction = (typeof DIRECTIONS)[number]

/** Number of a device: it stands in the `tag` column. */
const Device = t.refinement(Whole, (device) => device < DEVICES_MAX, 'device (whole number from 0 to 254)')
const onDevice = t.partial({ device: Device })
const streamOrAll = t.union([Id, t.null], 'stream or null (whole number from 0 to 4294967294)')
const nullableAddress = t.union([Whole, t.null], 'address or null (whole number from 0 to 9007199254740991)')
const fraction = t.refinement(t.number, (value) => value >= 0 && value <= 1, 'fraction (number from 0 to 1)')

/** Devices are numbered from 0; the number behind the last one means all of them. */
export const DEVICES_MAX = 255
/** In a request: every device that was opened. */
export const ALL_DEVICES = 255
/** Address of a `DeviceMalloc` row whose recorded answer was "out of memory". */
export const REFUSED = -1

/** The allocator of a device came to life. `contextBytes` are those of the driver's context and of other programs. */
export const DeviceOpened = t.type({ kind: t.literal('DeviceOpened'), device: Device, capacityBytes: Whole, contextBytes: Whole })
/** A tensor's memory is asked for: `address` is what the real allocator answered, null that it ran out of memory. */
export const DeviceMalloc = t.intersection([
  t.type({ kind: t.literal('DeviceMalloc'), block: Id, device: Device, stream: Id, bytes: Whole }),
  t.partial({ address: nullableAddress }),
])
/** A block is given back; it waits for the streams that were recorded on it. @rejects BlockNotLive */
export const DeviceFree = t.type({ kind: t.literal('DeviceFree'), block: Id })
/** `Tensor.record_stream`: the block is used on another stream than its own. */
export const RecordStream = t.type({ kind: t.literal('RecordStream'), block: Id, stream: Id })
/** The device has done all work of a stream so far; null: of every stream. */
export const CompleteStreamEvents = t.intersection([t.type({ kind: t.literal('CompleteStreamEvents'), stream: streamOrAll }), onDevice])
/** `torch.cuda.empty_cache()`, on every device. */
export const EmptyCache = t.type({ kind: t.literal('EmptyCache') })
/** `torch.cuda.reset_peak_memory_stats()`. */
export const ResetPeakStats = t.intersection([t.type({ kind: t.literal('ResetPeakStats') }), onDevice])
/** A string as in `PYTORCH_CUDA_ALLOC_CONF`. */
export const Configure = t.type({ kind: t.literal('Configure'), settings: t.string })
/** `torch.cuda.set_per_process_memory_fraction`. */
export const SetMemoryFraction = t.intersection([t.type({ kind: t.literal('SetMemoryFraction'), fraction }), onDevice])
/** Memory asked for on the stream (null: on any) comes from a private pool from now on. A stream: a graph is captured on it. */
export const BeginPool = t.intersection([t.type({ kind: t.literal('BeginPool'), pool: Id, stream: streamOrAll }), onDevice])
/** Requests go to the common pools again. @rejects PoolNotBegun */
export const EndPool = t.intersection([t.type({ kind: t.literal('EndPool'), pool: Id }), onDevice])
/** A graph that used the pool was destroyed. */
export const ReleasePool = t.intersection([t.type({ kind: t.literal('ReleasePool'), pool: Id }), onDevice])
/** A copy between host and device. @unit bytes @rejects InvalidDirection, UnknownDevice */
export const CopyMemory = t.intersection([
  t.type({ kind: t.literal('CopyMemory'), direction: Direction, bytes: Whole, pinned: t.boolean }),
  onDevice,
])

/** The kinds of pool that a segment belongs to; a place is the number in the `tag` column. */
export const SEGMENT_TYPES = ['small', 'large'] as const
export const SegmentType = t.keyof({ small: null, large: null }, 'type (small or large)')
/** States of a block, as a snapshot names them, by their number in the `tag` column. */
export const BLOCK_STATES = ['active_allocated', 'active_pending_free', 'inactive'] as const
export const BlockState = t.keyof({ active_allocated: null, active_pending_free: null, inactive: null }, 'state')

/** A segment (of an expandable one: a mapped range) that was there before the log begins. Its blocks follow. */
export const RestoreSegment = t.intersection([
  t.type({ kind: t.literal('RestoreSegment'), stream: Id, address: Whole, bytes: Whole, type: SegmentType, isExpandable: t.boolean }),
  t.partial({ device: Device, pool: t.union([Id, t.null], 'pool or null (whole number from 0 to 4294967294)') }),
])
/** The next block of the segment restored last; `block` null: it is inactive, or nothing in the log names it. */
export const RestoreBlock = t.type({
  kind: t.literal('RestoreBlock'),
  block: t.union([Id, t.null], 'block or null (whole number from 0 to 4294967294)'),
  bytes: Whole,
  requestedBytes: Whole,
  state: BlockState,
})

/** What a program asks of the allocator of its GPUs, as a tagged value. */
export const Request = t.union([
  DeviceOpened,
  DeviceMalloc,
  DeviceFree,
  RecordStream,
  CompleteStreamEvents,
  EmptyCache,
  ResetPeakStats,
  Configure,
  SetMemoryFraction,
  BeginPool,
  EndPool,
  ReleasePool,
  CopyMemory,
  RestoreSegment,
  RestoreBlock,
])
export type Request = t.TypeOf<typeof Request>

/**
 * Opcodes of requests, and their operand columns:
 *
 * | kind                 | tag       | id    | other          | size          | address                     |
 * |----------------------|-----------|-------|----------------|---------------|-----------------------------|
 * | DeviceOpened         | device    |       |                | capacityBytes | contextBytes                |
 * | DeviceMalloc         | device    | block | stream         | bytes         | observed; -1: out of memory |
 * | DeviceFree           |           | block |                |               |                             |
 * | RecordStream         |           | block | stream         |               |                             |
 * | CompleteStreamEvents | device    |       | stream or none |               |                             |
 * | EmptyCache           |           |       |                |               |                             |
 * | ResetPeakStats       | device    |       |                |               |                             |
 * | Configure            |           |       |                |               |                             | detail: settings
 * | SetMemoryFraction    | device    |       |                | fraction      |                             |
 * | BeginPool            | device    | pool  | stream or none |               |                             |
 * | EndPool, ReleasePool | device    | pool  |                |               |                             |
 * | CopyMemory           | direction |       | pinned (0, 1)  | bytes         | device                      |
 * | RestoreSegment       | device    | pool or none | stream  | bytes         | address                     | detail: type, isExpandable
 * | RestoreBlock         | state     | block or none |        | bytes         | requestedBytes              |
 *
 * A device that a request leaves out is device 0, but for `CompleteStreamEvents`: there it is every device (255).
 */
export const REQUEST_OPCODES = {
  DeviceOpened: 96,
  DeviceMalloc: 97,
  DeviceFree: 98,
  RecordStream: 99,
  CompleteStreamEvents: 100,
  EmptyCache: 101,
  ResetPeakStats: 102,
  Configure: 103,
  SetMemoryFraction: 104,
  BeginPool: 105,
  EndPool: 106,
  ReleasePool: 107,
  CopyMemory: 108,
  RestoreSegment: 109,
  RestoreBlock: 110,
} as const satisfies Record<Request['kind'], number>
/** Number of a request in the `code` column. */
export type RequestOpcode = (typeof REQUEST_OPCODES)[Request['kind']]

interface MemoryFact<Kind extends string> {
  readonly kind: Kind
  readonly device: number
  readonly stream: number
  readonly bytes: number
  readonly address: number
}
interface BlockFact<Kind extends string> extends MemoryFact<Kind> {
  /** Bytes are those that the program asked for, not those of the rounded block. */
  readonly block: number
}

/** What the allocator answers. Addresses and sizes in bytes. */
export type Fact =
  /** The driver gave memory (cudaMalloc), or got it back (cudaFree). */
  | MemoryFact<'SegmentAllocated'>
  | MemoryFact<'SegmentFreed'>
  /** Pages were mapped into an expandable segment, or taken out of it. */
  | MemoryFact<'SegmentMapped'>
  | MemoryFact<'SegmentUnmapped'>
  | BlockFact<'BlockAllocated'>
  | BlockFact<'FreeRequested'>
  /** The block is free for others: at once, or when the other streams that used it were done. */
  | BlockFact<'FreeCompleted'>
  /** The program got an error; `bytes` are the rounded ones. */
  | {
      readonly kind: 'OutOfMemoryRaised'
      readonly block: number
      readonly device: number
      readonly stream: number
      readonly bytes: number
      readonly deviceFreeBytes: number
    }
  /** The program got an internal error of the allocator, where a version has a fault; there is no block. */
  | {
      readonly kind: 'AssertionRaised'
      readonly block: number
      readonly device: number
      readonly stream: number
      readonly bytes: number
    }
  /** The settings were not understood; what stood before the fault holds. `settingsFault` has the text. */
  | { readonly kind: 'SettingsRefused' }
  | {
      readonly kind: 'MemoryCopied'
      readonly device: number
      readonly direction: Direction
      readonly pinned: boolean
      readonly bytes: number
      readonly nanoseconds: number
    }

/**
 * Opcodes of facts, and their operand columns:
 *
 * | kind              | tag       | id     | other  | size  | address         |
 * |-------------------|-----------|--------|--------|-------|-----------------|
 * | Segment...        | device    |       | stream | bytes | address         |
 * | BlockAllocated    | device    | block | stream | bytes | address         |
 * | FreeRequested     | device    | block | stream | bytes | address         |
 * | FreeCompleted     | device    | block | stream | bytes | address         |
 * | OutOfMemoryRaised | device    | block | stream | bytes | deviceFreeBytes |
 * | AssertionRaised   | device    | block  | stream | bytes |                 |
 * | SettingsRefused   |           |       |        |       |                 |
 * | MemoryCopied      | direction | device | pinned | bytes | nanoseconds     |
 */
export const FACT_OPCODES = {
  SegmentAllocated: 112,
  SegmentFreed: 113,
  SegmentMapped: 114,
  SegmentUnmapped: 115,
  BlockAllocated: 116,
  FreeRequested: 117,
  FreeCompleted: 118,
  OutOfMemoryRaised: 119,
  SettingsRefused: 120,
  MemoryCopied: 121,
  AssertionRaised: 122,
} as const satisfies Record<Fact['kind'], number>
/** Number of a fact in the `code` column. */
export type FactOpcode = (typeof FACT_OPCODES)[Fact['kind']]

/** Facts by the names of the actions in a snapshot of `torch.cuda.memory._snapshot()`. */
export const ACTION_FACTS = {
  segment_alloc: 'SegmentAllocated',
  segment_free: 'SegmentFreed',
  segment_map: 'SegmentMapped',
  segment_unmap: 'SegmentUnmapped',
  alloc: 'BlockAllocated',
  free_requested: 'FreeRequested',
  free_completed: 'FreeCompleted',
  oom: 'OutOfMemoryRaised',
} as const satisfies Record<string, Fact['kind']>
/** What an allocator was seen to do, as a snapshot names it: one of the {@link ACTION_FACTS}. */
export type Action = keyof typeof ACTION_FACTS
