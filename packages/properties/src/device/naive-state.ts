/** A device's memory as the naive model has it: plain objects, every list sorted anew, every figure counted anew. */
import { type DeviceMemoryProfile, defaultSettings, type Settings } from '@reheap/device-memory'

export const MIB = 1024 * 1024

/** Cached blocks of one kind: small or large, of everybody or of one private pool. */
export interface Pool {
  readonly isSmall: boolean
  readonly owner: PrivatePool | null
  searches: number
}

/** A pool that a graph has to itself. */
export interface PrivatePool {
  readonly id: number
  readonly small: Pool
  readonly large: Pool
  uses: number
  mallocs: number
}

/** Memory that the driver gave as one. */
export interface Segment {
  readonly pool: Pool
  readonly stream: number
  readonly isExpandable: boolean
  readonly base: number
  readonly bytes: number
  readonly page: number
  /** In the order of addresses. */
  readonly blocks: Block[]
}

/** A part of a segment. */
export interface Block {
  readonly segment: Segment
  address: number
  size: number
  requested: number
  isAllocated: boolean
  isMapped: boolean
  /** Streams that use it; true: since a pool was begun. */
  readonly uses: Map<number, boolean>
  events: number
  searches: number
}

/** A fact in short: its action, address, bytes and stream. */
export type DeviceFact = readonly [action: string, address: number, bytes: number, stream: number]

export const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0)
export const isFree = (block: Block): boolean => !block.isAllocated && block.events === 0 && block.uses.size === 0
export const newPool = (isSmall: boolean, owner: PrivatePool | null = null): Pool => ({ isSmall, owner, searches: 0 })

/** Everything that one device has. */
export class NaiveDevice {
  readonly profile: DeviceMemoryProfile
  settings: Settings
  facts: DeviceFact[] = []
  segments: Segment[] = []
  reserved: { start: number; bytes: number }[] = []
  small = newPool(true)
  large = newPool(false)
  privates: PrivatePool[] = []
  captures: { readonly owner: PrivatePool; readonly stream: number | null }[] = []
  queues = new Map<number, { readonly block: Block; done: boolean }[]>()
  deferred: Block[] = []
  /** Blocks that the program has; null: it asked and got none. */
  live = new Map<number, Block | null>()
  capacity = 0
  context = 0
  limit = Number.POSITIVE_INFINITY
  readonly counters = { retries: 0, ooms: 0, syncs: 0, deviceAllocs: 0, deviceFrees: 0 }

  constructor(profile: DeviceMemoryProfile) {
    this.profile = profile
    this.settings = defaultSettings(profile)
  }
}

export function tell(d: NaiveDevice, action: string, address: number, bytes: number, stream: number): void {
  d.facts.push([action, address, bytes, stream])
}

export function allBlocks(d: NaiveDevice): Block[] {
  return d.segments.flatMap(({ blocks }) => blocks)
}

/** Cached blocks in order. */
export function cachedBlocks(d: NaiveDevice, wanted: Pool, stream: number | null = null): Block[] {
  return allBlocks(d)
    .filter(
      (block) => block.segment.pool === wanted && block.isMapped && isFree(block) && (stream === null || block.segment.stream === stream),
    )
    .sort((a, b) => a.segment.stream - b.segment.stream || a.size - b.size || a.address - b.address)
}

export function freeBytes(d: NaiveDevice): number {
  const round = (bytes: number): number => Math.ceil(bytes / (2 * MIB)) * 2 * MIB
  const used = d.segments.map((segment) => {
    if (!segment.isExpandable) return round(segment.bytes)
    const mapped = sum(segment.blocks.filter(({ isMapped }) => isMapped).map(({ size }) => size))
    return (mapped / segment.page) * round(segment.page)
  })
  return d.capacity - d.context - sum(used)
}

/** Current figures, counted anew. */
export function deviceFigures(d: NaiveDevice): Readonly<Record<string, number>> {
  const mapped = allBlocks(d).filter(({ isMapped }) => isMapped)
  const allocated = mapped.filter(({ isAllocated }) => isAllocated)
  const active = mapped.filter((block) => !isFree(block))
  const split = mapped.filter((block) => isFree(block) && !block.segment.isExpandable && block.segment.blocks.length > 1)
  const bytes = (blocks: readonly Block[]): number => sum(blocks.map(({ size }) => size))
  return {
    allocation: allocated.length,
    segment: d.segments.filter(({ isExpandable }) => !isExpandable).length,
    active: active.length,
    inactive_split: split.length,
    allocated_bytes: bytes(allocated),
    reserved_bytes: bytes(mapped),
    active_bytes: bytes(active),
    inactive_split_bytes: bytes(split),
    requested_bytes: sum(active.map(({ requested }) => requested)),
  }
}

export function newBlock(segment: Segment, address: number, size: number, isMapped = true): Block {
  return {
    segment,
    address,
    size,
    requested: 0,
    isAllocated: false,
    isMapped,
    uses: new Map(),
    events: 0,
    searches: segment.pool.searches,
  }
}
