/** Read-only questions on a state. */
import { type Draft, NO_ID } from '@reheap/kernel'
import { isFree } from './block.ts'
import { COPY_FIGURES, copyPlace } from './copy.ts'
import type { Driver } from './driver.ts'
import { DIRECTIONS, type Direction } from './events.ts'
import type { AnyState } from './memory-stats.ts'
import { isSmallPool } from './pool.ts'
import type { Settings } from './settings.ts'
import { ALLOCATED, columnsOf, type DeviceMemoryState, NONE, UNMAPPED } from './state.ts'
import { ALLOCATED_BYTES, DEVICE_STRIDE, RESERVED_BYTES } from './statistics.ts'

/** A block as a snapshot shows it. */
export interface BlockView {
  readonly address: number
  readonly bytes: number
  /** What was asked for; of an inactive block, what was asked for last. */
  readonly requestedBytes: number
  readonly state: 'active_allocated' | 'active_pending_free' | 'inactive'
  /** Its id in the log; null: it is inactive. */
  readonly block: number | null
}

/** A segment as a snapshot shows it: an expandable one once for each mapped range. */
export interface SegmentView {
  readonly device: number
  readonly address: number
  readonly bytes: number
  readonly stream: number
  readonly type: 'small' | 'large'
  /** Id of its private pool; null: the device's own. */
  readonly pool: number | null
  readonly isExpandable: boolean
  readonly blocks: readonly BlockView[]
}

function blockView(s: DeviceMemoryState, block: number): BlockView {
  const free = isFree(s, block)
  return {
    address: s.blockAddress[block],
    bytes: s.blockSize[block],
    requestedBytes: s.blockRequested[block],
    state: free ? 'inactive' : (s.blockFlags[block] & ALLOCATED) !== 0 ? 'active_allocated' : 'active_pending_free',
    block: free || s.blockId[block] === NO_ID ? null : s.blockId[block],
  }
}

const isMapped = (s: DeviceMemoryState, block: number): boolean => (s.blockFlags[block] & UNMAPPED) === 0

/** Segments and their blocks, by address. @source `snapshot` */
export function segments(state: AnyState): readonly SegmentView[] {
  const s = columnsOf(state)
  const found: SegmentView[] = []
  for (let head = 0; head < s.blockRows; head++) {
    if (s.blockList[head] === NONE || !isMapped(s, head)) continue
    const before = s.blockPrev[head]
    if (before !== NONE && isMapped(s, before)) continue
    const blocks: BlockView[] = []
    for (let block = head; block !== NONE && isMapped(s, block); block = s.blockNext[block]) blocks.push(blockView(s, block))
    const list = s.blockList[head]
    const pool = s.listPool[list]
    const owner = s.poolPrivate[pool]
    found.push({
      device: s.poolDevice[pool],
      address: s.blockAddress[head],
      bytes: blocks.reduce((sum, { bytes }) => sum + bytes, 0),
      stream: s.listStream[list],
      type: isSmallPool(pool) ? 'small' : 'large',
      pool: owner === NONE ? null : s.privateId[owner],
      isExpandable: s.blockSegment[head] !== NONE,
      blocks,
    })
  }
  return found.sort((a, b) => a.address - b.address)
}

/** Address space that an expandable segment maps memory into. @unit bytes */
export interface Reservation {
  readonly device: number
  readonly address: number
  readonly bytes: number
}

/** The address space of every expandable segment that has a block, by address: mapped ranges of one segment lie in one of them. */
export function reservations(state: AnyState): readonly Reservation[] {
  const s = columnsOf(state)
  const found = new Map<number, Reservation>()
  for (let block = 0; block < s.blockRows; block++) {
    const segment = s.blockSegment[block]
    if (s.blockList[block] === NONE || segment === NONE || found.has(segment)) continue
    const device = s.poolDevice[s.listPool[s.blockList[block]]]
    found.set(segment, { device, address: s.segmentBase[segment], bytes: s.segmentBytes[segment] })
  }
  return [...found.values()].sort((a, b) => a.address - b.address)
}

/** How much of what is reserved does no work. */
export interface Fragmentation {
  readonly reservedBytes: number
  readonly allocatedBytes: number
  /** Reserved bytes that no program holds, as a share of the reserved ones. */
  readonly share: number
  readonly largestFreeBytes: number
}

/** How much of what a device has reserved does no work. @unit bytes */
export function fragmentation(state: AnyState, device = 0): Fragmentation {
  const s = columnsOf(state)
  const reservedBytes = s.figures[device * DEVICE_STRIDE + RESERVED_BYTES]
  const allocatedBytes = s.figures[device * DEVICE_STRIDE + ALLOCATED_BYTES]
  let largestFreeBytes = 0
  for (let block = 0; block < s.blockRows; block++) {
    const list = s.blockList[block]
    if (list === NONE || s.poolDevice[s.listPool[list]] !== device || !isMapped(s, block) || !isFree(s, block)) continue
    largestFreeBytes = Math.max(largestFreeBytes, s.blockSize[block])
  }
  return { reservedBytes, allocatedBytes, share: reservedBytes === 0 ? 0 : 1 - allocatedBytes / reservedBytes, largestFreeBytes }
}

/** Copies of one kind. */
export interface CopyTotal {
  readonly direction: Direction
  readonly pinned: boolean
  readonly copies: number
  readonly bytes: number
  readonly nanoseconds: number
}

/** Copies of a device by direction, pageable and pinned; kinds without a copy are left out. */
export function copyTotals(state: AnyState, device = 0): readonly CopyTotal[] {
  const s = columnsOf(state)
  return DIRECTIONS.flatMap((direction, number) =>
    [0, 1].map((pinned) => {
      const at = copyPlace(device, number, pinned)
      const [copies = 0, bytes = 0, nanoseconds = 0] = s.copies.subarray(at, at + COPY_FIGURES)
      return { direction, pinned: pinned === 1, copies, bytes, nanoseconds }
    }),
  ).filter(({ copies }) => copies > 0)
}

/** A draft's own driver: what a recorded one is offered. */
export const driverOf = (draft: Draft<DeviceMemoryState>): Driver => columnsOf(draft).driver

/** The settings in force. */
export const settingsOf = (state: AnyState): Settings => columnsOf(state).settings

/** Why the last string of settings was refused, in PyTorch's words; null: it was not. */
export const settingsFault = (state: AnyState): string | null => columnsOf(state).settingsFault

/** Where a live block lies; null: it is not live, or was refused. */
export function blockOf(state: AnyState, id: number): BlockView | null {
  const s = columnsOf(state)
  for (let block = 0; block < s.blockRows; block++) {
    if (s.blockList[block] !== NONE && s.blockId[block] === id && (s.blockFlags[block] & ALLOCATED) !== 0) return blockView(s, block)
  }
  return null
}

/** Devices that the state has room for, opened or not. */
export const deviceCount = (state: AnyState): number => columnsOf(state).devices

/** Has an event opened the device? */
export const isOpen = (state: AnyState, device: number): boolean => columnsOf(state).deviceOpen[device] === 1

/** Devices that were opened, and their memory. */
export function openDevices(
  state: AnyState,
): readonly { readonly device: number; readonly capacityBytes: number; readonly limitBytes: number }[] {
  const s = columnsOf(state)
  return Array.from({ length: s.devices }, (_, device) => ({
    device,
    capacityBytes: s.deviceCapacity[device],
    limitBytes: s.deviceLimit[device],
  })).filter(({ device }) => isOpen(state, device))
}
