import { NO_ID } from '@reheap/kernel'
import type { KnownBlocks } from './known-blocks.ts'
import { MappedRanges } from './mapped-ranges.ts'
import type { SegmentRecord, Snapshot } from './snapshot.ts'
import { contradiction, type SnapshotFault } from './snapshot-fault.ts'
import { ACTIONS, ALLOC, FREE_COMPLETED, FREE_REQUESTED, SEGMENT_ALLOC, SEGMENT_FREE, SEGMENT_MAP, SEGMENT_UNMAP } from './snapshot-keys.ts'
import type { TraceEntries } from './trace-entries.ts'

const ALLOCATED = 0
const PENDING = 1

/** One device before its trace. */
export interface Beginning {
  readonly device: number
  /** By address, expandable ones once for each mapped range. */
  readonly segments: readonly Omit<SegmentRecord, 'blocks'>[]
  /** Live blocks, by address. */
  readonly live: readonly number[]
  /** Of every live block, the lowest address behind it at which memory was given while it lived; Infinity: there was none. */
  readonly nextSeen: readonly number[]
  /** Entries that belong to a request before the trace: they are passed over. */
  readonly skipped: number
}

/** Goes back through the trace of a device. @param blockOfEntry gets the block of every entry that is about one */
export class Rewinding {
  readonly #snapshot: Snapshot
  readonly #entries: TraceEntries
  readonly #device: number
  readonly #blocks: KnownBlocks
  readonly #blockOfEntry: Uint32Array
  readonly #live = new Map<number, number>()
  readonly #segments = new Map<number, Omit<SegmentRecord, 'blocks'>>()
  readonly #ranges = new MappedRanges()

  constructor(snapshot: Snapshot, device: number, blocks: KnownBlocks, blockOfEntry: Uint32Array) {
    this.#snapshot = snapshot
    this.#entries = snapshot.records.entries
    this.#device = device
    this.#blocks = blocks
    this.#blockOfEntry = blockOfEntry
    for (const segment of snapshot.segments) {
      if (segment.device !== device) continue
      if (segment.isExpandable) this.#ranges.add(segment)
      else this.#segments.set(segment.address, segment)
      for (const { address, bytes, requestedBytes, state, stack } of segment.blocks)
        if (state === ALLOCATED || state === PENDING) this.#live.set(address, blocks.add(address, bytes, requestedBytes, state, stack))
    }
  }

  /** @throws SnapshotFault if the trace contradicts itself */
  beginning(): Beginning {
    const { from, to } = this.#snapshot.traces[this.#device] ?? { from: 0, to: 0 }
    for (let entry = to - 1; entry >= from; entry--) this.#undo(entry, entry - from)
    let skipped = 0
    while (from + skipped < to && this.#isOverwritten(from + skipped)) skipped += 1
    const segments = [...this.#segments.values(), ...this.#ranges.all()].sort((a, b) => a.address - b.address)
    const live = [...this.#live.values()].sort((a, b) => this.#blocks.address[a] - this.#blocks.address[b])
    return { device: this.#device, segments, live, nextSeen: this.#nextSeen(live, from, to), skipped }
  }

  #nextSeen(live: readonly number[], from: number, to: number): readonly number[] {
    const { address, end } = this.#blocks
    const seen = live.map(() => Number.POSITIVE_INFINITY)
    for (let entry = from; entry < to; entry++) {
      if (this.#entries.action[entry] !== ALLOC) continue
      const given = this.#entries.address[entry]
      const before = lastBelow(live, address, given)
      if (before >= 0 && given < seen[before] && end[live[before]] > entry) seen[before] = given
    }
    return seen
  }

  /** Whether an entry at the beginning ends the freeing of a block whose request is not there any more; then it counts as done. */
  #isOverwritten(entry: number): boolean {
    if (this.#entries.action[entry] !== FREE_COMPLETED) return false
    const block = this.#blockOfEntry[entry]
    if (this.#live.get(this.#blocks.address[block]) !== block || this.#blocks.state[block] !== PENDING) return false
    this.#live.delete(this.#blocks.address[block])
    return true
  }

  #undo(entry: number, place: number): void {
    const address = this.#entries.address[entry]
    const bytes = this.#entries.bytes[entry]
    switch (this.#entries.action[entry]) {
      case ALLOC:
        this.#undoAlloc(entry, place, address)
        break
      case FREE_REQUESTED: {
        const block = this.#live.get(address)
        if (block === undefined || this.#blocks.state[block] !== PENDING)
          throw this.#fault(entry, place, block === undefined ? 'no block is there' : 'the block is allocated after it')
        this.#blocks.state[block] = ALLOCATED
        this.#blockOfEntry[entry] = block
        break
      }
      case FREE_COMPLETED: {
        if (this.#live.has(address)) throw this.#fault(entry, place, 'the block is live after it')
        const block = this.#blocks.add(address, Number.NaN, bytes, PENDING, NO_ID, entry)
        this.#live.set(address, block)
        this.#blockOfEntry[entry] = block
        break
      }
      default:
        this.#undoSegment(entry, place, address, bytes)
    }
  }

  #undoAlloc(entry: number, place: number, address: number): void {
    const block = this.#live.get(address)
    if (block === undefined) throw this.#fault(entry, place, 'no block is there after it')
    if (this.#blocks.state[block] !== ALLOCATED) throw this.#fault(entry, place, 'its block is freed without a request')
    this.#live.delete(address)
    this.#blockOfEntry[entry] = block
  }

  #undoSegment(entry: number, place: number, address: number, bytes: number): void {
    const device = this.#device
    const stream = this.#entries.stream[entry]
    const added = { device, address, bytes, stream, isSmall: bytes <= SMALL_SEGMENT_BYTES, pool: '0,0', stack: NO_ID }
    switch (this.#entries.action[entry]) {
      case SEGMENT_ALLOC:
        if (this.#segments.get(address)?.bytes !== bytes) throw this.#fault(entry, place, 'no such segment is there after it')
        this.#segments.delete(address)
        break
      case SEGMENT_FREE:
        if (this.#segments.has(address)) throw this.#fault(entry, place, 'the segment is there after it')
        this.#segments.set(address, { ...added, isExpandable: false })
        break
      case SEGMENT_MAP:
        if (!this.#ranges.remove(address, bytes)) throw this.#fault(entry, place, 'its pages are not mapped after it')
        break
      case SEGMENT_UNMAP:
        if (!this.#ranges.add({ ...added, isSmall: bytes % LARGE_PAGE_BYTES !== 0, isExpandable: true }))
          throw this.#fault(entry, place, 'its pages are mapped after it')
        break
    }
  }

  #fault(entry: number, place: number, problem: string): SnapshotFault {
    const { action, address } = this.#entries
    const what = `${ACTIONS[action[entry]]} at 0x${address[entry].toString(16)}`
    return contradiction(`device_traces[${this.#device}][${place}]`, `${what}: ${problem}`)
  }
}

/** Place of the last block that begins below an address; -1: there is none. */
function lastBelow(live: readonly number[], addresses: Float64Array, address: number): number {
  let low = 0
  let high = live.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (addresses[live[middle]] < address) low = middle + 1
    else high = middle
  }
  return low - 1
}

/** A segment of the small pool is as large. @source kSmallBuffer */
const SMALL_SEGMENT_BYTES = 2 * 1024 * 1024
/** What is mapped at a time into an expandable segment of the large pool. @source kLargeBuffer */
const LARGE_PAGE_BYTES = 20 * 1024 * 1024
