import { type DeviceMemoryState, FACT_OPCODES as FACTS, REQUEST_OPCODES as REQUESTS } from '@reheap/device-memory'
import { ANY_LAYER_OPCODES, type Draft, type EventBatch, type FactBatch, NO_ID, OPCODE_RANGES } from '@reheap/kernel'
import { slotOf } from '../event-row.ts'
import { SLOTS } from '../field.ts'
import type { LogHeader } from '../header.ts'
import { LogReplay, type SeenFact } from './log-replay.ts'
import {
  ACTIONS,
  ALLOC,
  FREE_COMPLETED,
  FREE_REQUESTED,
  OOM,
  SEGMENT_ALLOC,
  SEGMENT_FREE,
  SEGMENT_MAP,
  SEGMENT_UNMAP,
  SNAPSHOT,
  UNKNOWN,
} from './snapshot-keys.ts'
import { TraceEntries } from './trace-entries.ts'

const { Mark, Observe, Stack } = ANY_LAYER_OPCODES
const { from: FIRST, to: LAST } = OPCODE_RANGES.deviceMemory

/** The action of every fact that a trace has. */
const ACTION_OF_FACT = new Uint8Array(256).fill(UNKNOWN)
ACTION_OF_FACT[FACTS.BlockAllocated] = ALLOC
ACTION_OF_FACT[FACTS.FreeRequested] = FREE_REQUESTED
ACTION_OF_FACT[FACTS.FreeCompleted] = FREE_COMPLETED
ACTION_OF_FACT[FACTS.SegmentAllocated] = SEGMENT_ALLOC
ACTION_OF_FACT[FACTS.SegmentFreed] = SEGMENT_FREE
ACTION_OF_FACT[FACTS.SegmentMapped] = SEGMENT_MAP
ACTION_OF_FACT[FACTS.SegmentUnmapped] = SEGMENT_UNMAP
ACTION_OF_FACT[FACTS.OutOfMemoryRaised] = OOM

/** A region that the log names. */
export interface ToldRegion {
  readonly stage: string
  readonly name: string
  readonly time: number
}

/** A device log told as a snapshot has it: the entries of its traces, and the state that they lead to. */
export class ToldLog {
  readonly #replay: LogReplay
  /** Entries of each device; `frames` is the id of a stack of the log, `metadata` the place of a text, `pool` the id of a pool. */
  readonly traces: TraceEntries[] = []
  readonly texts: string[] = []
  readonly regions: ToldRegion[] = []
  /** Details of `Stack` rows by their id. */
  readonly stacks = new Map<number, string>()
  /** Stack of every live block by its id, and of segments by their address. */
  readonly stackOfBlock = new Map<number, number>()
  readonly stackOfSegment = new Map<number, number>()
  /** Did the log set settings? */
  isConfigured = false
  #time = Number.NaN
  #stack = NO_ID
  #seen: SeenFact[] = []
  #text = NO_ID
  readonly #pools: number[] = []

  constructor(header: LogHeader) {
    this.#replay = new LogReplay(header)
  }

  /** The state that the rows so far lead to. */
  get state(): Draft<DeviceMemoryState> {
    return this.#replay.state
  }

  /** Takes the rows before `to`. @throws SnapshotFault for a request that cannot have happened */
  feed(batch: EventBatch, to: number): void {
    for (let row = 0; row < to; row++) {
      const code = batch.code[row]
      if (code === Observe) this.#observe(batch, row)
      else if (code === Stack) this.#learnStack(batch.detail(row) ?? '')
      else if (code === Mark) {
        this.#settle()
        this.#mark((JSON.parse(batch.detail(row) ?? '{}') as { readonly label?: string }).label ?? '', slotOf(batch, row, SLOTS.time))
      } else if (code >= FIRST && code <= LAST) {
        this.#settle()
        this.#hold(batch, row)
      }
    }
  }

  /** Serves the last request. */
  end(): void {
    this.#settle()
  }

  #observe(batch: EventBatch, row: number): void {
    const { of, values } = JSON.parse(batch.detail(row) ?? '{}') as { readonly of?: string; readonly values: SeenFact }
    if (of === 'deviceFact') this.#seen.push({ ...values, time: slotOf(batch, row, SLOTS.time), stack: slotOf(batch, row, SLOTS.stack) })
  }

  #learnStack(detail: string): void {
    this.stacks.set((JSON.parse(detail) as { readonly stack: number }).stack, detail)
  }

  #mark(label: string, time: number): void {
    const region = /^(.*): (START|END)$/s.exec(label)
    if (region !== null) this.regions.push({ name: region[1] ?? '', stage: region[2] ?? '', time })
    else if (label.startsWith('metadata: ')) this.#text = this.texts.push(label.slice(10)) - 1
    else if (label === 'snapshot') {
      const entries = this.#trace(0)
      const row = entries.add()
      entries.action[row] = SNAPSHOT
      entries.address[row] = 0
      entries.bytes[row] = 0
      entries.time[row] = time
    }
  }

  #hold(batch: EventBatch, row: number): void {
    this.#replay.hold(batch, row)
    this.#time = slotOf(batch, row, SLOTS.time)
    this.#stack = slotOf(batch, row, SLOTS.stack)
  }

  #settle(): void {
    const { request } = this.#replay
    const seen = this.#seen
    this.#seen = []
    if (request.length === 0) return
    const facts = this.#replay.serve(seen)
    this.#remember(request.code[0], request.id[0], request.tag[0], request.address[0])
    this.#tell(facts, seen)
    request.clear()
  }

  /** What the state does not keep. */
  #remember(code: number, id: number, tag: number, address: number): void {
    if (code === REQUESTS.DeviceMalloc || code === REQUESTS.RestoreBlock) {
      if (this.#stack !== NO_ID && id !== NO_ID) this.stackOfBlock.set(id, this.#stack)
    } else if (code === REQUESTS.RestoreSegment && this.#stack !== NO_ID) this.stackOfSegment.set(address, this.#stack)
    else if (code === REQUESTS.BeginPool) this.#pools[tag] = id
    else if (code === REQUESTS.EndPool) this.#pools[tag] = NO_ID
    else if (code === REQUESTS.DeviceOpened) this.#trace(tag)
    else if (code === REQUESTS.Configure) this.isConfigured = true
  }

  /** Appends the facts of the request; when and where they were, and their order, is what was seen of them if they all were. */
  #tell(facts: FactBatch, seen: readonly SeenFact[]): void {
    const isSeen = seen.length === facts.length
    for (let fact = 0; fact < facts.length; fact++) {
      const code = facts.code[fact]
      const address = facts.address[fact]
      if (code === FACTS.FreeCompleted) this.stackOfBlock.delete(facts.id[fact])
      if (code === FACTS.SegmentAllocated || code === FACTS.SegmentFreed) this.stackOfSegment.delete(address)
      const action = ACTION_OF_FACT[code]
      if (isSeen) this.#tellSeen(seen[fact] as SeenFact)
      else if (action !== UNKNOWN) this.#add(facts.tag[fact], action, address, facts.size[fact], facts.other[fact], this.#time, this.#stack)
    }
  }

  #tellSeen({ action, device = 0, address, deviceFreeBytes, bytes, stream, time, stack }: SeenFact): void {
    const known = (ACTIONS as readonly string[]).indexOf(action)
    if (known >= 0) this.#add(device, known, address ?? deviceFreeBytes ?? 0, bytes, stream, time, stack)
  }

  #add(device: number, action: number, address: number, bytes: number, stream: number, time: number, stack: number): void {
    const entries = this.#trace(device)
    const row = entries.add()
    entries.action[row] = action
    entries.address[row] = address
    entries.bytes[row] = bytes
    entries.stream[row] = stream
    entries.time[row] = time
    entries.frames[row] = stack
    entries.metadata.set(row, this.#text)
    entries.pool.set(row, action === ALLOC || action === OOM ? (this.#pools[device] ?? NO_ID) : NO_ID)
  }

  #trace(device: number): TraceEntries {
    while (this.traces.length <= device) this.traces.push(new TraceEntries())
    return this.traces[device] as TraceEntries
  }
}
