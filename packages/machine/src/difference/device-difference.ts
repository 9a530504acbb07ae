/** Two logs of devices side by side: what they cost, and who holds what in the end. */
import { type AnyState, type DeviceMemoryRejection, segments } from '@reheap/device-memory'
import type { Rejected } from '@reheap/kernel'
import { DeviceTimeline, liveBlocks } from '@reheap/projections'
import { type Either, right } from 'fp-ts/lib/Either.js'
import type { DeviceLog } from '../device-log.ts'
import { costOf, type DeviceCost, type DeviceOutcome, DeviceTally } from '../device-outcome.ts'
import { DeviceReplay, type DeviceReplayOptions } from '../device-replay.ts'
import { type Changed, changedOf } from './changed.ts'
import { ownerGroups } from './owners.ts'

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
  readonly events: number
  readonly cost: DeviceCost
  readonly devices: readonly DeviceOutcome[]
  readonly owners: ReadonlyMap<string, OwnedBlocks>
  /** By kind and size, such as `large, 20971520`. */
  readonly segments: ReadonlyMap<string, SegmentCount>
}

/** What differs, the largest change first. */
export interface DeviceDifference {
  readonly before: Pick<DeviceSummary, 'name' | 'events' | 'devices'>
  readonly after: Pick<DeviceSummary, 'name' | 'events' | 'devices'>
  readonly owners: readonly (Changed<OwnedBlocks> & { readonly owner: string })[]
  readonly segments: readonly (Changed<SegmentCount> & { readonly type: string; readonly segmentBytes: number })[]
}

/** Replays a log and gathers what is compared. Run it to the end, then ask for the summary. */
export class DeviceSummarizer {
  readonly #name: string
  readonly #log: DeviceLog
  readonly #replay: DeviceReplay
  readonly #tally = new DeviceTally()
  /** Its curves; null: nobody wants them. */
  readonly timeline: DeviceTimeline | null

  /** @param points stretches of the log's curves; left out: it has none */
  constructor(name: string, log: DeviceLog, { points, ...options }: DeviceReplayOptions & { readonly points?: number | undefined }) {
    this.#name = name
    this.#log = log
    this.#replay = new DeviceReplay(log.parts(), { ...options, keepsPeaks: true })
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
        if (facts.length > 0) timeline?.enter(this.at - 1, state)
      })
      if (ran._tag === 'Left') return ran
    }
    return right(undefined)
  }

  summary(): DeviceSummary {
    const { state } = this.#replay
    const devices = this.#tally.outcomes(state)
    const owners = new Map(
      ownerGroups(this.#log, liveBlocks(state, this.#log.rows)).map(({ owner, bytes, blocks }) => [owner, { bytes, blocks }]),
    )
    return { name: this.#name, events: this.#log.length, cost: costOf(devices), devices, owners, segments: segmentCounts(state) }
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

const NO_SEGMENTS: SegmentCount = { bytes: 0, segments: 0, allocatedBytes: 0 }

/** What two device logs differ in, owner by owner and segment by segment. */
export function deviceDifference(before: DeviceSummary, after: DeviceSummary): DeviceDifference {
  const said = ({ name, events, devices }: DeviceSummary) => ({ name, events, devices })
  return {
    before: said(before),
    after: said(after),
    owners: changedOf(before.owners, after.owners, { bytes: 0, blocks: 0 }).map(([owner, row]) => ({ owner, ...row })),
    segments: changedOf(before.segments, after.segments, NO_SEGMENTS).map(([key, row]) => {
      const [type = '', bytes] = key.split(', ')
      return { type, segmentBytes: Number(bytes), ...row }
    }),
  }
}
