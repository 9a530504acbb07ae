/** A device's log: replayed once for its curves, then asked for any moment. */
import { FACT_OPCODES, type FirstFit, fragmentation, memoryStats, openDevices, segments } from '@reheap/device-memory'
import type { FactBatch } from '@reheap/kernel'
import { DeviceLog, type DeviceMoment, DeviceReplay, type DeviceReplayOptions, profileOfRuntime } from '@reheap/machine'
import { birthsOf, DEVICE_LAYERS, DeviceTimeline } from '@reheap/projections'
import { type Either, left, right } from 'fp-ts/lib/Either.js'
import { eventText } from './event-text.ts'
import type { LogStore } from './log-store.ts'
import type { Curve, DeviceView, Moment, Overview } from './messages.ts'
import { strideOf } from './snapshots.ts'

const POINTS = 16_384
const MOMENTS_MAX = 20_000

const LABELS: Readonly<Record<(typeof DEVICE_LAYERS)[number], string>> = {
  requestedBytes: 'asked for',
  allocatedBytes: 'allocated',
  activeBytes: 'active',
  reservedBytes: 'reserved',
}

export class DeviceSession {
  readonly #store: LogStore
  readonly #log = new DeviceLog()
  readonly #kept: DeviceMoment[] = []
  #options: DeviceReplayOptions | null = null
  #births: ReadonlyMap<number, number> | null = null

  constructor(store: LogStore) {
    this.#store = store
  }

  /** The first pass. Left: the log contradicts itself. */
  open(onProgress: (events: number) => void): Either<string, Overview> {
    const { name, header, batches, length, notes } = this.#store
    const profile = profileOfRuntime({ name: header.runtime.name, version: header.runtime.version, pointerBits: 64 })
    if (profile._tag === 'Left') return left(`${name}: ${profile.left}`)
    for (const batch of batches) this.#log.feed(batch)
    const driver = (header as { readonly driver?: FirstFit }).driver
    const { answers } = this.#log
    this.#options = {
      profile: profile.right.deviceMemory,
      driver,
      answers: driver === undefined && answers.length > 0 ? answers : undefined,
    }
    const replay = new DeviceReplay(this.#log.parts(), this.#options)
    const timeline = new DeviceTimeline(POINTS)
    const regions: Moment[] = []
    const stride = strideOf(length)
    for (let row = 0; row < length; row++) {
      if (row % stride === 0) this.#kept.push(replay.moment())
      let isChanged = false
      const ran = replay.run(row + 1, (facts) => {
        isChanged = facts.length > 0
        if (isChanged) gatherRegions(facts, row, regions)
      })
      if (ran._tag === 'Left') return left(`${name}: event ${ran.left.index} cannot have happened: ${ran.left.reason.message}`)
      if (isChanged) timeline.enter(row, replay.state)
      if (row % 65_536 === 0) onProgress(row)
    }
    const marks = this.#log.marks.slice(0, MOMENTS_MAX).map(({ index, label }): Moment => ({ index, kind: 'mark', label }))
    return right({
      name,
      layer: 'device',
      runtime: `${header.runtime.name} ${header.runtime.version}`,
      profile: profile.right.deviceMemory.name,
      events: length,
      notes,
      curves: timeline.devices().flatMap((device) => curvesOf(timeline, device, length)),
      moments: [...marks, ...regions].sort((a, b) => a.index - b.index),
      collections: [],
    })
  }

  /** The memory after the first `at` events. */
  view(at: number): DeviceView {
    if (this.#options === null) throw new Error('the log has not been opened')
    const from = this.#kept.findLast((each) => each.at <= at)
    const replay = new DeviceReplay(this.#log.parts(), { ...this.#options, from })
    replay.run(at)
    const { state } = replay
    const all = segments(state)
    return {
      layer: 'device',
      at,
      event: eventText(this.#store, at - 1),
      devices: openDevices(state).map(({ device, capacityBytes }) => ({
        device,
        capacityBytes,
        memoryStats: memoryStats(state, device) as Readonly<Record<string, number>>,
        fragmentation: fragmentation(state, device),
        segments: all.filter((segment) => segment.device === device),
      })),
    }
  }

  /** Which event asked for a live block, and from where. */
  block(block: number, at: number): { readonly born: number | null; readonly frames: readonly string[] } {
    this.#births ??= birthsOf(this.#log.rows)
    const row = this.#births.get(block)
    if (row === undefined || row >= at) return { born: null, frames: [] }
    return { born: row, frames: this.#log.frames(row).map((frame) => `${frame.function} (${frame.file}:${frame.line})`) }
  }
}

function curvesOf(timeline: DeviceTimeline, device: number, events: number): readonly Curve[] {
  const points = timeline.points(device, events)
  const suffix = timeline.devices().length > 1 ? `, device ${device}` : ''
  return DEVICE_LAYERS.map((key) => ({
    key: `${key}${device}`,
    label: `${LABELS[key]}${suffix}`,
    unit: 'bytes',
    width: points[0]?.to ?? 1,
    max: Float64Array.from(points, ({ max }) => max[key]),
    last: Float64Array.from(points, ({ last }) => last[key]),
  }))
}

function gatherRegions({ code, length }: FactBatch, index: number, into: Moment[]): void {
  for (let row = 0; row < length && into.length < MOMENTS_MAX; row++) {
    if (code[row] === FACT_OPCODES.OutOfMemoryRaised) into.push({ index, kind: 'outOfMemory', label: 'out of memory' })
    else if (code[row] === FACT_OPCODES.SegmentAllocated) into.push({ index, kind: 'region', label: 'segment allocated' })
    else if (code[row] === FACT_OPCODES.SegmentFreed) into.push({ index, kind: 'region', label: 'segment freed' })
  }
}
