import { REQUEST_OPCODES as CODES, REFUSED, type Settings } from '@reheap/device-memory'
import { ANY_LAYER_OPCODES, NO_ID, NOT_GIVEN } from '@reheap/kernel'
import { PoolNumbers } from './pool-numbers.ts'
import { type Group, GroupReader, stackOf } from './request-groups.ts'
import type { Beginning, KnownBlocks } from './rewind.ts'
import { on, segmentSeen } from './segment-seen.ts'
import type { Snapshot } from './snapshot.ts'
import { BatchSink, type SnapshotBatch } from './snapshot-batch.ts'
import { FREE_COMPLETED, SEGMENT_FREE, SEGMENT_UNMAP } from './snapshot-keys.ts'
import { startingBlocks } from './starting-blocks.ts'
import { StandInStreams, streamNumbers } from './stream-numbers.ts'

/** Microseconds whose nanoseconds a double holds exactly. */
const TIME_MAX = Math.floor(Number.MAX_SAFE_INTEGER / 1000)
const ALLOCATED = 0
const PENDING = 1

/** What is known of a snapshot before its rows are made. */
export interface Plan {
  readonly snapshot: Snapshot
  readonly beginnings: readonly Beginning[]
  readonly blocks: KnownBlocks
  /** Known block of every entry; {@link NO_ID}: none. */
  readonly blockOfEntry: Uint32Array
  readonly capacityBytes: readonly number[]
  readonly settings: Settings
  readonly settingsText: string | null
  /** Microseconds at which the log begins; NaN: it has no times. */
  readonly start: number
}

/** The calls of one device that are still to come. */
interface DeviceCalls {
  readonly device: number
  readonly groups: GroupReader
}

/** Makes the rows of a snapshot's log, a batch at a time. */
export class SnapshotRows {
  readonly #plan: Plan
  readonly #streams: ReadonlyMap<number, number>
  readonly #standIns: StandInStreams
  readonly #sink: BatchSink
  readonly #pools: PoolNumbers
  /** Block of the log of every known block. */
  readonly #idOf: Uint32Array
  /** Stream that each known block waits for; {@link NO_ID}: none. */
  readonly #waitsFor: Uint32Array
  /** How many blocks of each device wait. */
  readonly #waiting: number[]
  /** Number of every stack in the log, by its first use; {@link NO_ID}: it has no row yet. */
  readonly #stackNumber: Uint32Array
  #nextStack = 0
  #nextBlock = 1
  #nextAnnotation = 0
  #metadata = ''
  #lastMetadata = NO_ID
  #lastContext = NO_ID

  constructor(plan: Plan) {
    this.#plan = plan
    const { records } = plan.snapshot
    this.#streams = streamNumbers(plan.snapshot)
    this.#standIns = new StandInStreams(this.#streams.size)
    this.#sink = new BatchSink(records, this.#streams)
    this.#pools = new PoolNumbers(plan.snapshot)
    this.#idOf = new Uint32Array(plan.blocks.length).fill(NO_ID)
    this.#waitsFor = new Uint32Array(plan.blocks.length).fill(NO_ID)
    this.#waiting = plan.beginnings.map(() => 0)
    this.#stackNumber = new Uint32Array(records.stacks.length).fill(NO_ID)
  }

  /** Every batch, in order. @throws SnapshotFault */
  *batches(): Generator<SnapshotBatch> {
    for (const _ of this.#steps()) yield* this.#sink.takeFull()
    yield* this.#sink.takeFull()
    if (this.#sink.last.length > 0) yield this.#sink.last
  }

  *#steps(): Generator<void> {
    const { beginnings, capacityBytes, settings, settingsText, snapshot } = this.#plan
    const givesBackParts = settings.gcThreshold > 0 || Number.isFinite(settings.maxSplitBytes)
    for (const { device } of beginnings) this.#push(CODES.DeviceOpened, device, NO_ID, NO_ID, capacityBytes[device], 0)
    if (settingsText !== null) {
      this.#push(CODES.Configure, 0, NO_ID, NO_ID, NOT_GIVEN, NOT_GIVEN)
      this.#detail({ settings: settingsText })
    }
    const isRestored = beginnings.map(() => false)
    const readers = beginnings.map(({ device, skipped }) => {
      const { from, to } = snapshot.traces[device] ?? { from: 0, to: 0 }
      return { device, groups: new GroupReader(snapshot.records, from + skipped, to, givesBackParts) }
    })
    for (let next = this.#earliest(readers); next !== null; next = this.#earliest(readers)) {
      if (!isRestored[next.device]) {
        isRestored[next.device] = true
        yield* this.#restore(beginnings[next.device] as Beginning)
      }
      this.#call(next, readers)
      if (this.#sink.isFull) yield
    }
    for (const beginning of beginnings) if (!isRestored[beginning.device]) yield* this.#restore(beginning)
    this.#annotate(Number.POSITIVE_INFINITY)
    yield* this.#end()
  }

  /** What the snapshot shows of its moment, to be compared with what the log leads to. */
  *#end(): Generator<void> {
    const { beginnings, snapshot } = this.#plan
    const counts = beginnings.map(() => 0)
    for (const segment of snapshot.segments) {
      counts[segment.device] += 1
      this.#push(ANY_LAYER_OPCODES.Observe, 0, NO_ID, NO_ID, NOT_GIVEN, NOT_GIVEN)
      const pool = this.#pools.number(segment.pool)
      this.#detail(segmentSeen(segment, this.#stream(segment.stream), pool === NO_ID ? null : pool))
      yield
    }
    for (const [device, count] of counts.entries()) {
      this.#push(ANY_LAYER_OPCODES.Observe, 0, NO_ID, NO_ID, NOT_GIVEN, NOT_GIVEN)
      this.#detail({ of: 'deviceSegments', values: { ...on(device), count } })
    }
  }

  /** What was on a device before its trace: just before its first call, as the other traces may reach further back. */
  *#restore(beginning: Beginning): Generator<void> {
    const { blocks, settings } = this.#plan
    const pending: number[] = []
    for (const { segment, blocks: own } of startingBlocks(beginning, blocks, settings)) {
      this.#stackRow(segment.stack)
      const pool = this.#pools.number(segment.pool)
      this.#push(CODES.RestoreSegment, segment.device, pool, this.#stream(segment.stream), segment.bytes, segment.address, segment.stack)
      this.#detail({ type: segment.isSmall ? 'small' : 'large', isExpandable: segment.isExpandable })
      for (const { known, bytes, requestedBytes, state } of own) {
        const stack = known === NO_ID ? NO_ID : blocks.stack[known]
        const isFreed = state === PENDING && blocks.end[known] !== NO_ID
        const id = state === ALLOCATED || isFreed ? this.#nextBlock++ : NO_ID
        if (id !== NO_ID) this.#idOf[known] = id
        if (isFreed) pending.push(known, this.#stream(segment.stream))
        this.#stackRow(stack)
        this.#push(CODES.RestoreBlock, isFreed ? ALLOCATED : state, id, NO_ID, bytes, requestedBytes, stack)
      }
      yield
    }
    for (let i = 0; i < pending.length; i += 2) this.#freeBefore(beginning.device, pending[i], pending[i + 1])
  }

  /** A block that waits for a stream when the trace begins and becomes free in it: its freeing is put at the beginning. */
  #freeBefore(device: number, known: number, stream: number): void {
    const { address, requestedBytes } = this.#plan.blocks
    this.#waitsFor[known] = this.#standIns.take()
    this.#waiting[device] += 1
    this.#push(CODES.RecordStream, 0, this.#idOf[known], this.#waitsFor[known], NOT_GIVEN, NOT_GIVEN)
    this.#push(CODES.DeviceFree, 0, this.#idOf[known], NO_ID, NOT_GIVEN, NOT_GIVEN)
    this.#push(ANY_LAYER_OPCODES.Observe, 0, NO_ID, NO_ID, NOT_GIVEN, NOT_GIVEN)
    const values = { action: 'free_requested', address: address[known], bytes: requestedBytes[known], stream, ...on(device) }
    this.#detail({ of: 'deviceFact', values })
  }

  /** The device whose next call came first; where there are no times, the first device that has one. */
  #earliest(readers: readonly DeviceCalls[]): DeviceCalls | null {
    const { time } = this.#plan.snapshot.records.entries
    let first: DeviceCalls | null = null
    let firstTime = Number.NaN
    for (const reader of readers) {
      const group = reader.groups.peek()
      if (group === null || (first !== null && !(time[group.request] < firstTime))) continue
      first = reader
      firstTime = time[group.request]
    }
    return first
  }

  #call({ device, groups }: DeviceCalls, readers: readonly DeviceCalls[]): void {
    const group = groups.peek()
    if (group === null) return
    groups.take()
    this.#annotate(this.#plan.snapshot.records.entries.time[group.request])
    this.#markMetadata(group.request)
    if (group.kind === 'emptyCache') this.#emptyCache(device, group, readers)
    else this.#ask(device, group)
  }

  /** `torch.cuda.empty_cache()` goes through all devices: what the others gave back next belongs to the same call. */
  #emptyCache(device: number, group: Group, readers: readonly DeviceCalls[]): void {
    const parts = [{ device, group }]
    for (const other of readers) {
      const next = other.device === device ? null : other.groups.peek()
      if (next?.kind !== 'emptyCache') continue
      other.groups.take()
      parts.push({ device: other.device, group: next })
    }
    for (const part of parts) this.#complete(part.device, part.group)
    this.#pools.close((pool, of) => this.#push(CODES.EndPool, of, pool, NO_ID, NOT_GIVEN, NOT_GIVEN))
    this.#request(group, CODES.EmptyCache, 0, NO_ID, NO_ID, NOT_GIVEN, NOT_GIVEN)
    for (const part of parts) this.#observe(part.device, part.group)
  }

  #ask(device: number, group: Group): void {
    const { blockOfEntry, snapshot } = this.#plan
    const { address, bytes, stream } = snapshot.records.entries
    const { request } = group
    this.#complete(device, group)
    if (group.kind === 'free') {
      const known = blockOfEntry[request]
      if (group.facts.length === 1) {
        this.#waitsFor[known] = this.#standIns.take()
        this.#waiting[device] += 1
        this.#push(CODES.RecordStream, 0, this.#idOf[known], this.#waitsFor[known], NOT_GIVEN, NOT_GIVEN)
      }
      this.#request(group, CODES.DeviceFree, 0, this.#idOf[known], NO_ID, NOT_GIVEN, NOT_GIVEN)
    } else if (group.kind === 'snapshot') {
      this.#request(group, ANY_LAYER_OPCODES.Mark, 0, NO_ID, NO_ID, NOT_GIVEN, NOT_GIVEN)
      this.#detail({ label: 'snapshot' })
    } else {
      const isRefused = group.kind === 'oom'
      this.#choosePool(device, request)
      const id = this.#nextBlock++
      if (!isRefused) this.#idOf[blockOfEntry[request]] = id
      const given = isRefused ? REFUSED : address[request]
      this.#request(group, CODES.DeviceMalloc, device, id, this.#stream(stream[request]), bytes[request], given)
    }
    this.#observe(device, group)
  }

  /**
   * Says before a request which streams had done their work by then. Nothing is said where the allocator waited for them
   * itself: when it empties its cache, for the program or because the device has no memory left, no block waits after it.
   */
  #complete(device: number, { kind, facts }: Group): void {
    if (kind === 'free') return
    const { action } = this.#plan.snapshot.records.entries
    const { blockOfEntry } = this.#plan
    const done = facts.filter((entry) => action[entry] === FREE_COMPLETED && this.#waitsFor[blockOfEntry[entry]] !== NO_ID)
    if (done.length === 0) return
    this.#waiting[device] -= done.length
    const givesBack = kind === 'oom' || facts.some((entry) => action[entry] === SEGMENT_FREE || action[entry] === SEGMENT_UNMAP)
    const isAwaited = kind === 'emptyCache' || (givesBack && this.#waiting[device] === 0)
    for (const entry of done) {
      const known = blockOfEntry[entry]
      if (!isAwaited) this.#push(CODES.CompleteStreamEvents, device, NO_ID, this.#waitsFor[known], NOT_GIVEN, NOT_GIVEN)
      this.#standIns.giveBack(this.#waitsFor[known])
      this.#waitsFor[known] = NO_ID
    }
  }

  #choosePool(device: number, entry: number): void {
    this.#pools.choose(device, entry, (pool, isBegun) =>
      this.#push(isBegun ? CODES.BeginPool : CODES.EndPool, device, pool, NO_ID, NOT_GIVEN, NOT_GIVEN),
    )
  }

  /** A request with where and when it was made. */
  #request({ request }: Group, code: number, tag: number, id: number, other: number, size: number, address: number): void {
    const stack = stackOf(this.#plan.snapshot.records, request)
    this.#stackRow(stack)
    this.#push(code, tag, id, other, size, address, stack, this.#plan.snapshot.records.entries.time[request])
  }

  #observe(device: number, { facts }: Group): void {
    for (const entry of facts) {
      const stack = stackOf(this.#plan.snapshot.records, entry)
      this.#stackRow(stack)
      this.#sink.rows.pushFact(entry, device)
      this.#context(stack, this.#plan.snapshot.records.entries.time[entry])
    }
  }

  /** Regions that the program named, up to a time. */
  #annotate(time: number): void {
    const { annotations } = this.#plan.snapshot
    for (; this.#nextAnnotation < annotations.length && !(annotations[this.#nextAnnotation].time > time); this.#nextAnnotation++) {
      const { label, time: at } = annotations[this.#nextAnnotation]
      this.#mark(label, at)
    }
  }

  /** What the program or the compiler said of its requests is a moment where it changes. */
  #markMetadata(entry: number): void {
    const { entries, texts } = this.#plan.snapshot.records
    if (entries.metadata[entry] === this.#lastMetadata && entries.compileContext[entry] === this.#lastContext) return
    this.#lastMetadata = entries.metadata[entry]
    this.#lastContext = entries.compileContext[entry]
    const said = [this.#lastMetadata, this.#lastContext].map((text) => (text === NO_ID ? '' : texts.text(text)))
    const text = said.filter((part) => part !== '' && part !== 'N/A').join(', ')
    if (text === this.#metadata) return
    this.#metadata = text
    this.#mark(`metadata: ${text}`, entries.time[entry])
  }

  #mark(label: string, time: number): void {
    this.#push(ANY_LAYER_OPCODES.Mark, 0, NO_ID, NO_ID, NOT_GIVEN, NOT_GIVEN, NO_ID, time)
    this.#detail({ label })
  }

  #stackRow(stack: number): void {
    if (stack === NO_ID || this.#stackNumber[stack] !== NO_ID) return
    this.#stackNumber[stack] = this.#nextStack++
    this.#sink.rows.pushStack(stack, this.#stackNumber[stack])
  }

  #stream(pointer: number): number {
    return this.#streams.get(pointer) ?? 0
  }

  #push(code: number, tag: number, id: number, other: number, size: number, address: number, stack = NO_ID, time = Number.NaN): void {
    this.#sink.rows.push(code, tag, id, other, size, address)
    this.#context(stack, time)
  }

  #context(stack: number, time: number): void {
    const rows = this.#sink.last
    // A moment more than a hundred days away is none.
    const hasTime = Number.isFinite(time) && time - this.#plan.start <= TIME_MAX
    if (stack === NO_ID && !hasTime) return
    const nanoseconds = hasTime ? (time - this.#plan.start) * 1000 : undefined
    rows.setContext(rows.length - 1, { stack: stack === NO_ID ? undefined : this.#stackNumber[stack], time: nanoseconds })
  }

  #detail(value: object): void {
    this.#sink.last.setDetail(this.#sink.last.length - 1, JSON.stringify(value))
  }
}
