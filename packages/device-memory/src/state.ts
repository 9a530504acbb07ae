/**
 * The columns of the caching allocator.
 *
 * Glossary
 * - segment: what the driver gave at once (cudaMalloc), or address space into which pages are mapped (expandable).
 * - block: a part of a segment, linked to its neighbours; handed out, cached (free), pending (freed, but other streams
 *   may still use it) or, in an expandable segment, unmapped.
 * - pool: small or large blocks of a device, or of a private pool. Small pools have even rows, the large one follows.
 * - list: the cached blocks of one pool and one stream, ordered by size, then address.
 * - capture: a private pool that was begun and not ended.
 *
 * Rows are used again when what they hold is gone; `NONE` in a column of rows is none.
 */
import { copyColumns, createKeeper, type Draft, grown, IdTable, type Keeper, type Sealed } from '@reheap/kernel'
import type { DeviceHardware } from './device-hardware.ts'
import type { Driver } from './driver.ts'
import { HashOrder } from './hash-order.ts'
import type { DeviceMemoryProfile } from './profile.ts'
import { DIVISION_INTERVALS, type Settings } from './settings.ts'

/** "None" in a column of rows. */
export const NONE = -1

/** Bits of `blockFlags`. */
export const ALLOCATED = 1
export const UNMAPPED = 2
/** Another stream uses the block, or did until it was freed. */
export const IN_USE = 4

/** Rows in one run of a free list. */
export const RUN_ROWS = 32
export const RUN_SHIFT = 5

/** Handle of a block whose memory was refused: a program may free it all the same. */
export const REFUSED_HANDLE = -1

const FIRST_BLOCKS = 256

/** A class, so that every state, copied or new, has the one shape that the loop is compiled for. */
export class DeviceMemoryState {
  readonly profile: DeviceMemoryProfile
  readonly hardware: DeviceHardware
  driver: Driver
  /** Handles of live blocks by id: their row and one, or {@link REFUSED_HANDLE}. */
  ids = new IdTable()

  settings: Settings
  /** Why the last settings were refused; null: they were not. */
  settingsFault: string | null = null
  /** What every request needs of settings and profile, one load away. @unit bytes */
  maxSplitBytes = 0
  nonSplitRoundingBytes = 0
  largeSegmentBytes = 0
  smallBytesMax = 0
  gcThreshold = 0
  /** 1: new memory comes from expandable segments. */
  expandable = 0
  /** 1: some entry of `divisions` is above 1. */
  rounds = 0
  divisions = new Float64Array(DIVISION_INTERVALS)

  /** @shape block columns: [blockCapacity] @unit bytes */
  blockAddress = new Float64Array(FIRST_BLOCKS)
  blockSize = new Float64Array(FIRST_BLOCKS)
  /** What was asked for; keeps its last value in a cached block. */
  blockRequested = new Float64Array(FIRST_BLOCKS)
  blockList = new Int32Array(FIRST_BLOCKS)
  blockPrev = new Int32Array(FIRST_BLOCKS)
  blockNext = new Int32Array(FIRST_BLOCKS)
  blockFlags = new Uint8Array(FIRST_BLOCKS)
  /** Its expandable segment, or NONE. */
  blockSegment = new Int32Array(FIRST_BLOCKS)
  /** Streams whose work must be done before it is free. */
  blockEvents = new Int32Array(FIRST_BLOCKS)
  /** First stream that it was recorded on, or NONE. */
  blockUses = new Int32Array(FIRST_BLOCKS)
  /** Searches in its pool when it was put into its list. */
  blockSearches = new Float64Array(FIRST_BLOCKS)
  /** Id in the log, while it is handed out or pending. */
  blockId = new Uint32Array(FIRST_BLOCKS)
  /** Unmapped: the next unmapped block of the list. Unused row: the next unused one. */
  blockLink = new Int32Array(FIRST_BLOCKS)
  blockRows = 0
  blockUnused = NONE

  /** @shape list columns: [listCapacity] */
  listPool = new Int32Array(8)
  listStream = new Float64Array(8)
  /** Next list of the pool, in ascending order of streams. Unused row: the next unused one. */
  listNext = new Int32Array(8)
  /** First unmapped block, in ascending order of addresses. */
  listUnmapped = new Int32Array(8)
  /** Runs of each list in order, `listRunCount` of them. */
  listRuns: Int32Array[] = []
  listRunCount = new Int32Array(8)
  listRows = 0
  listUnused = NONE

  /** Rows of cached blocks, `runCount` in each run. @shape [runs * RUN_ROWS] */
  runBlock = new Int32Array(16 * RUN_ROWS)
  runCount = new Int32Array(16)
  runUnused = new Int32Array(16)
  runUnusedCount = 0
  runRows = 0

  /** @shape pool columns: [poolCapacity] */
  poolDevice = new Uint8Array(8)
  /** Its private pool, or NONE. */
  poolPrivate = new Int32Array(8)
  poolLists = new Int32Array(8)
  /** Searches for a free block, counted while garbage is collected. */
  poolSearches = new Float64Array(8)
  /** Blocks of any kind. */
  poolBlocks = new Int32Array(8)
  poolRows = 0
  poolUnused = NONE

  /** @shape private pool columns: [privateCapacity] */
  privateId = new Uint32Array(4)
  /** Its small pool; NONE: an unused row. */
  privatePool = new Int32Array(4)
  privateUses = new Int32Array(4)
  /** Calls of the driver whose memory was not given back. */
  privateMallocs = new Int32Array(4)
  /** Hash of the pool, see `hash-order.ts`. */
  privateHash = new Float64Array(4)
  privateRows = 0
  /** Begun private pools, first begun first, and the stream of each (-1: any). */
  capturePrivate = new Int32Array(4)
  captureStream = new Float64Array(4)
  captures = 0

  /** @shape expandable segment columns: [segmentCapacity] @unit bytes */
  segmentBase = new Float64Array(4)
  segmentBytes = new Float64Array(4)
  segmentPage = new Float64Array(4)
  segmentUnused = new Int32Array(4)
  segmentUnusedCount = 0
  segmentRows = 0

  /** @shape stream columns: [streamCapacity]; streams that an event was ever recorded on */
  streamDevice = new Uint8Array(4)
  streamId = new Float64Array(4)
  streamHead = new Int32Array(4)
  streamTail = new Int32Array(4)
  streamEvents = new Int32Array(4)
  /** Events at the head that are done and were not yet looked at. */
  streamDone = new Int32Array(4)
  streamRows = 0
  /** Hash of the stream, see `hash-order.ts`. */
  streamHash = new Float64Array(4)

  /** Events in the queues of streams: block and next. @shape [eventCapacity] */
  eventBlock = new Int32Array(16)
  eventNext = new Int32Array(16)
  eventRows = 0
  eventUnused = NONE
  /** Events in all queues. */
  eventCount = 0

  /** Streams that blocks were recorded on: twice the stream's row, and one if a pool was begun then. @shape [useCapacity] */
  useStream = new Int32Array(16)
  useNext = new Int32Array(16)
  useRows = 0
  useUnused = NONE

  /** Blocks that were freed while a pool was begun and wait for their events. */
  deferred = new Int32Array(4)
  deferredCount = 0

  /** @shape device columns: [deviceCapacity] @unit bytes */
  deviceOpen = new Uint8Array(1)
  deviceCapacity = new Float64Array(1)
  /** Limit of what may be reserved; Infinity: none. */
  deviceLimit = new Float64Array(1)
  devicePool = new Int32Array(1)
  /** Pools begun on the device. */
  deviceCaptures = new Int32Array(1)
  /** Of the last failed request. @shape [deviceCapacity * OOM_STRIDE] */
  deviceOom = new Float64Array(0)
  /** Of `statistics.ts`. @shape [deviceCapacity * DEVICE_STRIDE] */
  figures = new Float64Array(0)
  /** Copies: count, bytes and nanoseconds of each direction. @shape [deviceCapacity * COPY_STRIDE] */
  copies = new Float64Array(0)
  devices = 0
  /** Streams with events, and private pools that nobody uses any more, of each device. @shape [devices] */
  eventStreams: HashOrder[] = []
  releasedPools: HashOrder[] = []
  /** Streams that use the block in hand; empty between requests. */
  usingStreams = new HashOrder()

  /** Segment that is being restored: its list, expandable segment, last block so far, and what is left of it. @unit bytes */
  restoreList = NONE
  restoreSegment = NONE
  restoreLast = NONE
  restoreAddress = 0
  restoreEnd = 0

  /** Rows in the making of a list to work through; empty between requests. */
  work = new Int32Array(64)

  constructor(profile: DeviceMemoryProfile, hardware: DeviceHardware, driver: Driver, settings: Settings) {
    this.profile = profile
    this.hardware = hardware
    this.driver = driver
    this.settings = settings
    this.smallBytesMax = profile.smallBytesMax
  }

  /** A copy that shares no column. */
  clone(): DeviceMemoryState {
    const copy = new DeviceMemoryState(this.profile, this.hardware, this.driver.clone(), this.settings)
    copyColumns(this, copy)
    copyColumns(this.ids, copy.ids)
    copy.eventStreams = this.eventStreams.map(copyOrder)
    copy.releasedPools = this.releasedPools.map(copyOrder)
    copy.settingsFault = this.settingsFault
    copy.listRuns = this.listRuns.map((runs) => runs.slice())
    return copy
  }
}

function copyOrder(order: HashOrder): HashOrder {
  const copy = new HashOrder()
  copyColumns(order, copy)
  return copy
}

/** Room for one more block. */
export function growBlocks(s: DeviceMemoryState): void {
  const rows = s.blockRows + 1
  s.blockAddress = grown(s.blockAddress, rows)
  s.blockSize = grown(s.blockSize, rows)
  s.blockRequested = grown(s.blockRequested, rows)
  s.blockList = grown(s.blockList, rows)
  s.blockPrev = grown(s.blockPrev, rows)
  s.blockNext = grown(s.blockNext, rows)
  s.blockFlags = grown(s.blockFlags, rows)
  s.blockSegment = grown(s.blockSegment, rows)
  s.blockEvents = grown(s.blockEvents, rows)
  s.blockUses = grown(s.blockUses, rows)
  s.blockSearches = grown(s.blockSearches, rows)
  s.blockId = grown(s.blockId, rows)
  s.blockLink = grown(s.blockLink, rows)
}

/** The one keeper of these states; not exported from the package. */
export const keeper: Keeper<DeviceMemoryState> = createKeeper((state) => state.clone())

/** The columns of a state, sealed or in the making, to be read only. */
export function columnsOf(state: Sealed<DeviceMemoryState> | Draft<DeviceMemoryState>): DeviceMemoryState {
  return Object.isFrozen(state) ? keeper.read(state as Sealed<DeviceMemoryState>) : keeper.own(state as Draft<DeviceMemoryState>)
}
