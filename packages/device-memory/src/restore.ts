/** What was there before the log begins: segments and their blocks, as a snapshot shows them. */
import { type Batch, enterId, NO_HANDLE, NO_ID, openId } from '@reheap/kernel'
import { dropBlock, insertUnmapped, newBlock, removeUnmapped, splice } from './block.ts'
import { BLOCK_STATES, type RequestOpcode } from './events.ts'
import { enterSegment, pageBytesOf, segmentSpace } from './expandable.ts'
import { insertFree } from './free-list.ts'
import { deviceFigures, listOf, poolFigures } from './pool.ts'
import { beginPool, captureRow, endPool, privateRow } from './private-pool.ts'
import { ACCEPTED, REASONS } from './rejected.ts'
import { ALLOCATED, type DeviceMemoryState, IN_USE, NONE, UNMAPPED } from './state.ts'
import {
  ACTIVE,
  ACTIVE_BYTES,
  ALLOCATED_BYTES,
  ALLOCATION,
  INACTIVE_SPLIT,
  INACTIVE_SPLIT_BYTES,
  increase,
  increaseOversize,
  OVERSIZE_ALLOCATIONS,
  OVERSIZE_SEGMENTS,
  REQUESTED_BYTES,
  RESERVED_BYTES,
  SEGMENT,
} from './statistics.ts'
import { addUse, insertEvents, streamRow } from './stream.ts'

/** The stream that pending blocks wait for: a snapshot does not name the one that used them. */
const UNKNOWN_STREAM = NO_ID - 1
const ALLOCATED_STATE = BLOCK_STATES.indexOf('active_allocated')
const INACTIVE_STATE = BLOCK_STATES.indexOf('inactive')

/** A segment, or a mapped range of an expandable one; its blocks follow. */
export function restoreSegment(s: DeviceMemoryState, batch: Batch<RequestOpcode>, row: number): number {
  const detail = (batch as { detail?: (row: number) => string | null }).detail?.(row) ?? null
  if (detail === null) return REASONS.MissingSettings
  const { type, isExpandable } = JSON.parse(detail) as { readonly type: string; readonly isExpandable: boolean }
  const device = batch.tag[row]
  const bytes = batch.size[row]
  const address = batch.address[row]
  if (!(bytes > 0) || !Number.isSafeInteger(bytes)) return REASONS.InvalidBytes
  const pool = poolOf(s, device, batch.id[row]) + (type === 'large' ? 1 : 0)
  const list = listOf(s, pool, batch.other[row])
  s.restoreLast = NONE
  s.restoreSegment = NONE
  if (isExpandable) {
    if (!restoreRange(s, list, address, bytes)) return REASONS.SegmentOverlaps
  } else {
    s.driver.adopt(device, address, bytes)
    increase(s.figures, deviceFigures(s, pool) + SEGMENT, poolFigures(pool), 1)
    if (bytes >= s.maxSplitBytes) increaseOversize(s.figures, deviceFigures(s, pool) + OVERSIZE_SEGMENTS)
  }
  if (s.poolPrivate[pool] !== NONE) s.privateMallocs[s.poolPrivate[pool]]++
  increase(s.figures, deviceFigures(s, pool) + RESERVED_BYTES, poolFigures(pool), bytes)
  s.restoreList = list
  s.restoreAddress = address
  s.restoreEnd = address + bytes
  return ACCEPTED
}

/** The device's own small pool, or that of a private one, which is made if there is none. */
function poolOf(s: DeviceMemoryState, device: number, id: number): number {
  if (id === NO_ID) return s.devicePool[device]
  if (privateRow(s, device, id) === NONE) {
    beginPool(s, device, id, NONE)
    endPool(s, device, captureRow(s, privateRow(s, device, id)))
  }
  return s.privatePool[privateRow(s, device, id)]
}

/** Takes a range out of an unmapped block; the first range of a list begins its segment. */
function restoreRange(s: DeviceMemoryState, list: number, address: number, bytes: number): boolean {
  const pool = s.listPool[list]
  const device = s.poolDevice[pool]
  const page = pageBytesOf(s, pool)
  if (s.listUnmapped[list] === NONE) {
    s.driver.adoptReserved(device, address, segmentSpace(s, pool))
    enterSegment(s, list, address, segmentSpace(s, pool))
  }
  let around = s.listUnmapped[list]
  while (around !== NONE && s.blockAddress[around] + s.blockSize[around] < address + bytes) around = s.blockLink[around]
  if (around === NONE || s.blockAddress[around] > address || bytes % page !== 0) return false
  const segment = s.blockSegment[around]
  if ((address - s.segmentBase[segment]) % page !== 0) return false
  s.driver.adoptPages(device, bytes, page)
  s.restoreSegment = segment
  const end = s.blockAddress[around] + s.blockSize[around]
  const after = s.blockNext[around]
  const before = address - s.blockAddress[around]
  removeUnmapped(s, around)
  s.restoreLast = s.blockPrev[around]
  if (before > 0) {
    s.blockSize[around] = before
    insertUnmapped(s, around)
    s.restoreLast = around
  }
  const left = end - address - bytes
  if (left > 0) {
    const rest = before > 0 ? newBlock(s, list, 0, 0) : around
    s.blockAddress[rest] = address + bytes
    s.blockSize[rest] = left
    s.blockFlags[rest] = UNMAPPED
    s.blockSegment[rest] = segment
    splice(s, rest, s.restoreLast, after)
    insertUnmapped(s, rest)
  } else if (before === 0) {
    if (s.restoreLast !== NONE) s.blockNext[s.restoreLast] = after
    if (after !== NONE) s.blockPrev[after] = s.restoreLast
    dropBlock(s, around)
  }
  return true
}

/** The next block of the segment that is being restored. */
export function restoreBlock(s: DeviceMemoryState, state: number, id: number, bytes: number, requested: number): number {
  if (!(bytes > 0) || !Number.isSafeInteger(bytes) || !(requested >= 0)) return REASONS.InvalidBytes
  if (id !== NO_ID && s.ids.handle[openId(s.ids, id)] !== NO_HANDLE) return REASONS.BlockAlreadyLive
  const { restoreList: list, restoreAddress: address, restoreLast: last } = s
  if (list === NONE || address + bytes > s.restoreEnd) return REASONS.NoSegmentToRestore
  const block = newBlock(s, list, address, bytes)
  s.blockSegment[block] = s.restoreSegment
  s.blockRequested[block] = requested
  const next = last === NONE ? NONE : s.blockNext[last]
  const first = last === NONE && s.restoreSegment !== NONE ? followerOf(s, address) : next
  splice(s, block, last, first)
  const pool = s.listPool[list]
  const own = poolFigures(pool)
  const base = deviceFigures(s, pool)
  s.restoreAddress = address + bytes
  s.restoreLast = block
  if (state === INACTIVE_STATE) {
    insertFree(s, block)
    if (s.restoreSegment === NONE && (last !== NONE || s.restoreAddress < s.restoreEnd)) {
      increase(s.figures, base + INACTIVE_SPLIT, own, 1)
      increase(s.figures, base + INACTIVE_SPLIT_BYTES, own, bytes)
    }
    return ACCEPTED
  }
  increase(s.figures, base + ACTIVE, own, 1)
  increase(s.figures, base + ACTIVE_BYTES, own, bytes)
  increase(s.figures, base + REQUESTED_BYTES, own, requested)
  if (state === ALLOCATED_STATE) {
    s.blockFlags[block] = ALLOCATED
    s.blockId[block] = id
    if (id !== NO_ID) enterId(s.ids, id, block + 1)
    increase(s.figures, base + ALLOCATION, own, 1)
    increase(s.figures, base + ALLOCATED_BYTES, own, bytes)
    if (bytes >= s.maxSplitBytes) increaseOversize(s.figures, base + OVERSIZE_ALLOCATIONS)
    return ACCEPTED
  }
  s.blockFlags[block] = IN_USE
  addUse(s, block, streamRow(s, s.poolDevice[pool], UNKNOWN_STREAM), false)
  insertEvents(s, block, true)
  return ACCEPTED
}

/** The unmapped block behind a range that begins its segment. */
function followerOf(s: DeviceMemoryState, address: number): number {
  for (let block = s.listUnmapped[s.restoreList]; block !== NONE; block = s.blockLink[block]) {
    if (s.blockAddress[block] > address && s.blockPrev[block] === NONE) return block
  }
  return NONE
}
