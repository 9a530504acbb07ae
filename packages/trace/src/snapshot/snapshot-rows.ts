import { REQUEST_OPCODES as CODES, REFUSED } from '@reheap/device-memory'
import { ANY_LAYER_OPCODES, NO_ID, NOT_GIVEN } from '@reheap/kernel'
import { beginningRows, type RowTools } from './beginning-rows.ts'
import { BlockNumbers } from './block-numbers.ts'
import type { Plan } from './plan.ts'
import { PoolNumbers } from './pool-numbers.ts'
import { type Group, GroupReader } from './request-groups.ts'
import type { Beginning } from './rewind.ts'
import { RowWriter } from './row-writer.ts'
import { on, segmentSeen } from './segment-seen.ts'
import type { SnapshotBatch } from './snapshot-batch.ts'
import { ToldMoments } from './told-moments.ts'

/** The calls of one device that are still to come. */
interface DeviceCalls {
  readonly beginning: Beginning
  readonly groups: GroupReader
  isRestored: boolean
}

/** Makes the rows of a snapshot's log, a batch at a time. */
export class SnapshotRows {
  readonly #tools: RowTools
  readonly #moments: ToldMoments
  readonly #devices: readonly DeviceCalls[]

  constructor(plan: Plan) {
    const { beginnings, settings, snapshot } = plan
    const writer = new RowWriter(plan)
    this.#tools = { plan, writer, blocks: new BlockNumbers(plan, writer), pools: new PoolNumbers(snapshot) }
    this.#moments = new ToldMoments(snapshot, writer)
    const givesBackParts = settings.gcThreshold > 0 || Number.isFinite(settings.maxSplitBytes)
    this.#devices = beginnings.map((beginning) => {
      const { from, to } = snapshot.traces[beginning.device] ?? { from: 0, to: 0 }
      return { beginning, groups: new GroupReader(snapshot.records, from + beginning.skipped, to, givesBackParts), isRestored: false }
    })
  }

  /** Every batch, in order. @throws SnapshotFault */
  *batches(): Generator<SnapshotBatch> {
    const { sink } = this.#tools.writer
    for (const _ of this.#steps()) yield* sink.takeFull()
    yield* sink.takeFull()
    if (sink.last.length > 0) yield sink.last
  }

  *#steps(): Generator<void> {
    const { plan, writer } = this.#tools
    for (const { device } of plan.beginnings) writer.push(CODES.DeviceOpened, device, NO_ID, NO_ID, plan.capacityBytes[device], 0)
    if (plan.settingsText !== null) writer.tell(CODES.Configure, { settings: plan.settingsText })
    for (let next = this.#earliest(); next !== null; next = this.#earliest()) {
      yield* this.#restore(next)
      this.#call(next)
      if (writer.sink.isFull) yield
    }
    for (const device of this.#devices) yield* this.#restore(device)
    this.#moments.until(Number.POSITIVE_INFINITY)
    yield* this.#end()
  }

  /** Puts what was on a device just before its first call: the traces of others may reach further back. */
  *#restore(device: DeviceCalls): Generator<void> {
    if (device.isRestored) return
    device.isRestored = true
    yield* beginningRows(this.#tools, device.beginning)
  }

  /** What the snapshot shows of its moment, to be compared with what the log leads to. */
  *#end(): Generator<void> {
    const { plan, writer, pools } = this.#tools
    const counts = plan.beginnings.map(() => 0)
    for (const segment of plan.snapshot.segments) {
      counts[segment.device] += 1
      const pool = pools.number(segment.pool)
      writer.tell(ANY_LAYER_OPCODES.Observe, segmentSeen(segment, writer.stream(segment.stream), pool === NO_ID ? null : pool))
      yield
    }
    for (const [device, count] of counts.entries())
      writer.tell(ANY_LAYER_OPCODES.Observe, { of: 'deviceSegments', values: { ...on(device), count } })
  }

  /** The device whose next call came first; where there are no times, the first device that has one. */
  #earliest(): DeviceCalls | null {
    const { time } = this.#tools.plan.snapshot.records.entries
    let first: DeviceCalls | null = null
    let firstTime = Number.NaN
    for (const device of this.#devices) {
      const group = device.groups.peek()
      if (group === null || (first !== null && !(time[group.request] < firstTime))) continue
      first = device
      firstTime = time[group.request]
    }
    return first
  }

  #call({ beginning, groups }: DeviceCalls): void {
    const group = groups.peek()
    if (group === null) return
    groups.take()
    this.#moments.before(group.request)
    if (group.kind === 'emptyCache') this.#emptyCache(beginning.device, group)
    else this.#ask(beginning.device, group)
  }

  /** `torch.cuda.empty_cache()` goes through all devices: what the others gave back next belongs to the same call. */
  #emptyCache(device: number, group: Group): void {
    const { writer, blocks, pools } = this.#tools
    const parts = [{ device, group }]
    for (const { beginning, groups, isRestored } of this.#devices) {
      const next = beginning.device === device || !isRestored ? null : groups.peek()
      if (next?.kind !== 'emptyCache') continue
      groups.take()
      parts.push({ device: beginning.device, group: next })
    }
    for (const part of parts) blocks.complete(part.device, part.group)
    pools.close((pool, of) => writer.push(CODES.EndPool, of, pool, NO_ID, NOT_GIVEN, NOT_GIVEN))
    writer.pushEntry(group.request, CODES.EmptyCache, 0, NO_ID, NO_ID, NOT_GIVEN, NOT_GIVEN)
    for (const part of parts) this.#observe(part.device, part.group)
  }

  #ask(device: number, group: Group): void {
    const { plan, writer, blocks } = this.#tools
    const { request } = group
    blocks.complete(device, group)
    if (group.kind === 'free') {
      const known = plan.blockOfEntry[request]
      if (group.facts.length === 1) blocks.wait(device, known)
      writer.pushEntry(request, CODES.DeviceFree, 0, blocks.id(known), NO_ID, NOT_GIVEN, NOT_GIVEN)
    } else if (group.kind === 'snapshot') writer.mark('snapshot', plan.snapshot.records.entries.time[request])
    else this.#malloc(device, request, group.kind === 'oom')
    this.#observe(device, group)
  }

  #malloc(device: number, request: number, isRefused: boolean): void {
    const { plan, writer, blocks, pools } = this.#tools
    const { address, bytes, stream } = plan.snapshot.records.entries
    pools.choose(device, request, (pool, isBegun) =>
      writer.push(isBegun ? CODES.BeginPool : CODES.EndPool, device, pool, NO_ID, NOT_GIVEN, NOT_GIVEN),
    )
    const id = blocks.give(isRefused ? NO_ID : plan.blockOfEntry[request])
    const given = isRefused ? REFUSED : address[request]
    writer.pushEntry(request, CODES.DeviceMalloc, device, id, writer.stream(stream[request]), bytes[request], given)
  }

  #observe(device: number, { facts }: Group): void {
    for (const entry of facts) this.#tools.writer.fact(entry, device)
  }
}
