/** What is compared of a device's log, or of a part of it. */
import { type AnyState, type DeviceMemoryRejection, segments } from '@reheap/device-memory'
import type { Rejected } from '@reheap/kernel'
import { DeviceTimeline, liveBlocks } from '@reheap/projections'
import { type Either, right } from 'fp-ts/lib/Either.js'
import type { DeviceLog } from '../device-log.ts'
import { costOf, type DeviceCost, type DeviceOutcome, DeviceTally } from '../device-outcome.ts'
import { DeviceReplay, type DeviceReplayOptions } from '../device-replay.ts'
import { ownerGroups } from './owners.ts'
import { RunningTurnover, type Turnover } from './turnover.ts'

/** Live blocks of one owner. */
export interface OwnedBlocks {
  readonly bytes: number
  readonly blocks: number
}

/** Segments of one kind and size. */
export interface SegmentCount {
  /** Of all of them. */
  readonly bytes: number
  readonly segments: number
  /** In live blocks. */
  readonly allocatedBytes: number
}

/** What is compared of a log. */
export interface DeviceSummary {
  readonly name: string
  /** Those before the end of what was counted. */
  readonly events: number
  readonly cost: DeviceCost
  readonly devices: readonly DeviceOutcome[]
  readonly owners: ReadonlyMap<string, OwnedBlocks>
  /** By kind and size, such as `large, 20971520`. */
  readonly segments: ReadonlyMap<string, SegmentCount>
  readonly turnover: Turnover
}

export const NO_SEGMENTS: SegmentCount = { bytes: 0, segments: 0, allocatedBytes: 0 }

/** Replays a log and gathers what is compared. Run it to the end, or to that of a part, then ask for the summary. */
export class DeviceSummarizer {
  readonly #name: string
  readonly #log: DeviceLog
  readonly #replay: DeviceReplay
  #tally = new DeviceTally()
  #turnover = new RunningTurnover()
  /** Events before what is counted. */
  #from: number
  /** Its curves; null: nobody wants them. */
  readonly timeline: DeviceTimeline | null

  /**
   * @param options where they say from which moment on: {@link DeviceSummarizer.begin} there
   * @param points stretches of the log's curves; left out: it has none
   */
  constructor(name: string, log: DeviceLog, { points, ...options }: DeviceReplayOptions & { readonly points?: number | undefined }) {
    this.#name = name
    this.#log = log
    this.#replay = new DeviceReplay(log.parts(), { ...options, keepsPeaks: true })
    this.#from = this.#replay.at
    this.timeline = points === undefined ? null : new DeviceTimeline(points)
  }

  /** First row that was not replayed. */
  get at(): number {
    return this.#replay.at
  }

  /** Replays the rows before row `to`. Left: a request that cannot have happened. */
  run(to: number = this.#log.length): Either<Rejected<DeviceMemoryRejection>, void> {
    const { timeline } = this
    const end = Math.min(to, this.#log.length)
    while (this.at < end) {
      const ran = this.#replay.run(timeline === null ? end : this.at + 1, (facts, state) => {
        this.#tally.take(facts)
        this.#turnover.feedDevices(facts)
        if (facts.length > 0) timeline?.enter(this.at - 1, state)
      })
      if (ran._tag === 'Left') return ran
    }
    return right(undefined)
  }

  /** Counts what comes from here on by itself. @returns the moment: a part without events */
  begin(): DeviceSummary {
    this.#replay.resetPeaks()
    this.#tally = new DeviceTally(this.#replay.state)
    this.#turnover = new RunningTurnover()
    this.#from = this.#replay.at
    return this.summary()
  }

  /** What was counted so far. */
  summary(): DeviceSummary {
    const { state, at } = this.#replay
    const devices = this.#tally.outcomes(state)
    const { allocated, freed } = this.#turnover
    const groups = ownerGroups(this.#log, liveBlocks(state, this.#log.rows, at))
    return {
      name: this.#name,
      events: at,
      cost: costOf(devices),
      devices,
      owners: new Map(groups.map(({ owner, bytes, blocks }) => [owner, { bytes, blocks }])),
      segments: segmentCounts(state),
      turnover: { events: at - this.#from, allocated: { ...allocated }, freed: { ...freed } },
    }
  }
}

function segmentCounts(state: AnyState): ReadonlyMap<string, SegmentCount> {
  const counted = new Map<string, SegmentCount>()
  for (const { type, bytes, blocks } of segments(state)) {
    const key = `${type}, ${bytes}`
    const before = counted.get(key) ?? NO_SEGMENTS
    const allocated = blocks.reduce((sum, block) => sum + (block.state === 'active_allocated' ? block.bytes : 0), 0)
    counted.set(key, {
      bytes: before.bytes + bytes,
      segments: before.segments + 1,
      allocatedBytes: before.allocatedBytes + allocated,
    })
  }
  return counted
}
