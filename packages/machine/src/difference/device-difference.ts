/** Two logs of devices side by side: what they cost, and who holds what in the end. */
import { type DeviceMemoryRejection, segments } from '@reheap/device-memory'
import type { Rejected } from '@reheap/kernel'
import { liveBlocks } from '@reheap/projections'
import { type Either, right } from 'fp-ts/lib/Either.js'
import type { DeviceLog } from '../device-log.ts'
import { costOf, type DeviceCost, type DeviceOutcome, deviceOutcomes } from '../device-outcome.ts'
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

/** Replays a log and gathers what is compared. Left: a request that cannot have happened. */
export function deviceSummary(
  name: string,
  log: DeviceLog,
  options: DeviceReplayOptions,
): Either<Rejected<DeviceMemoryRejection>, DeviceSummary> {
  const replay = new DeviceReplay(log.parts(), options)
  const ran = replay.run()
  if (ran._tag === 'Left') return ran
  const devices = deviceOutcomes(log.parts(), options)
  if (devices._tag === 'Left') return devices
  const state = replay.end()
  const owners = new Map(ownerGroups(log, liveBlocks(state, log.rows)).map(({ owner, bytes, blocks }) => [owner, { bytes, blocks }]))
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
  return right({ name, events: log.length, cost: costOf(devices.right), devices: devices.right, owners, segments: counted })
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
