/** Why a device refused a request: what was live, which free memory did not serve, and what pins it. */
import {
  type DeviceMemoryProfile,
  type DeviceMemoryState,
  type DeviceStats,
  deviceStats,
  openDevices,
  outOfMemoryMessage,
  segments,
} from '@reheap/device-memory'
import type { Sealed } from '@reheap/kernel'
import { liveBlocks, type SegmentUse, segmentUses, type UnusedBlocks, unusedBlocks } from '@reheap/projections'
import type { DeviceLog } from '../device-log.ts'
import { type OwnerGroup, ownerGroups } from '../difference/owners.ts'
import type { Frame } from '../stacks.ts'
import { privatePoolAt, type Refusal } from './refusals.ts'

/** What a device was like when it refused a request. */
export interface RefusalReport {
  readonly refusal: Refusal & {
    /** Which one it is, from 1, of how many of the log. */
    readonly number: number
    readonly of: number
    /** Private pool that it would have come from; null: the device's own. */
    readonly pool: number | null
    readonly type: 'small' | 'large'
    readonly frames: readonly Frame[]
  }
  /** PyTorch's own words; null: it raises none. */
  readonly message: string | null
  readonly capacityBytes: number
  readonly stats: DeviceStats
  readonly unused: readonly UnusedBlocks[]
  readonly pinned: readonly SegmentUse[]
  readonly owners: readonly OwnerGroup[]
}

/** @param refusals all of the log @param place of the one that is told @param state just after its event */
export function refusalReport(
  log: DeviceLog,
  profile: DeviceMemoryProfile,
  refusals: readonly Refusal[],
  place: number,
  state: Sealed<DeviceMemoryState>,
): RefusalReport {
  const refusal = refusals[place] as Refusal
  const { index, device, stream, bytes } = refusal
  const type: 'small' | 'large' = bytes <= profile.smallBytesMax ? 'small' : 'large'
  const pool = privatePoolAt(log.rows, profile, refusal)
  const own = segments(state).filter((segment) => segment.device === device)
  const live = liveBlocks(state, log.rows, index + 1).filter((block) => block.device === device)
  return {
    refusal: { ...refusal, number: place + 1, of: refusals.length, pool, type, frames: log.frames(index) },
    message: outOfMemoryMessage(state, device),
    capacityBytes: openDevices(state).find((each) => each.device === device)?.capacityBytes ?? 0,
    stats: deviceStats(state, device),
    unused: unusedBlocks(own, { device, stream, bytes, type, pool }),
    pinned: segmentUses(own).filter(({ liveBlocks: blocks, freeBytes }) => blocks > 0 && freeBytes > 0),
    owners: ownerGroups(log, live),
  }
}
