/** Expandable segments: address space of one stream and pool, into which pages are mapped as they are needed. */
import { grown } from '@reheap/kernel'
import { dropBlock, insertUnmapped, isFree, mergeInto, newBlock, removeUnmapped, splice } from './block.ts'
import { FACT_OPCODES } from './events.ts'
import { type Facts, segmentFact } from './fact-rows.ts'
import { insertFree, removeFree } from './free-list.ts'
import { deviceFigures, isSmallPool, poolFigures } from './pool.ts'
import { type DeviceMemoryState, NONE, UNMAPPED } from './state.ts'
import { decrease, increase, NUM_DEVICE_ALLOC, NUM_DEVICE_FREE, RESERVED_BYTES } from './statistics.ts'
import { completeStream, streamRow } from './stream.ts'

const { SegmentMapped, SegmentUnmapped } = FACT_OPCODES
/** Address space beyond the device's memory, as a share of it: pages taken out early may be mapped again at the end. */
const SPARE_SHARE = 8

const isMapped = (s: DeviceMemoryState, block: number): boolean => (s.blockFlags[block] & UNMAPPED) === 0

/** A block of at least `size` bytes, mapped as far as need be, in no list; NONE if there is no memory. @source `try_allocate_expandable_block` */
export function allocateExpandable(s: DeviceMemoryState, emit: Facts, cause: number, list: number, size: number): number {
  let candidate = findRoom(s, list, size)
  if (candidate === NONE) return NONE
  if (!isMapped(s, candidate) && !mapBlock(s, emit, cause, candidate, Math.min(s.blockSize[candidate], size))) return NONE
  while (s.blockSize[candidate] < size) {
    const next = s.blockNext[candidate]
    if (!mapBlock(s, emit, cause, next, Math.min(size - s.blockSize[candidate], s.blockSize[next]))) return NONE
    candidate = next
  }
  removeFree(s, candidate)
  const owner = s.poolPrivate[s.listPool[list]]
  if (owner !== NONE) s.privateMallocs[owner]++
  return candidate
}

/** The lowest free or unmapped block from which on so many bytes are free or unmapped; else a new segment. @source `find_expandable_block` */
function findRoom(s: DeviceMemoryState, list: number, size: number): number {
  for (let unmapped = s.listUnmapped[list]; unmapped !== NONE; unmapped = s.blockLink[unmapped]) {
    const before = s.blockPrev[unmapped]
    const from = before !== NONE && isFree(s, before) ? before : unmapped
    if (hasRoom(s, from, size)) return from
  }
  return openSegment(s, list)
}

function hasRoom(s: DeviceMemoryState, from: number, size: number): boolean {
  let bytes = 0
  for (let block = from; bytes < size && block !== NONE && isFree(s, block); block = s.blockNext[block]) bytes += s.blockSize[block]
  return bytes >= size
}

/** Bytes of a page of an expandable segment. */
export function pageBytesOf(s: DeviceMemoryState, pool: number): number {
  return isSmallPool(pool) ? s.profile.smallSegmentBytes : s.largeSegmentBytes
}

/** @returns its one, unmapped block; NONE if the driver has no address space */
function openSegment(s: DeviceMemoryState, list: number): number {
  const pool = s.listPool[list]
  const bytes = segmentSpace(s, pool)
  const base = s.driver.reserve(s.poolDevice[pool], bytes)
  return base < 0 ? NONE : enterSegment(s, list, base, bytes)
}

/** Bytes of address space of an expandable segment. */
export function segmentSpace(s: DeviceMemoryState, pool: number): number {
  const page = pageBytesOf(s, pool)
  const total = s.deviceCapacity[s.poolDevice[pool]]
  return Math.ceil((total + Math.floor(total / SPARE_SHARE)) / page) * page
}

/** @returns the one, unmapped block of a new segment */
export function enterSegment(s: DeviceMemoryState, list: number, base: number, bytes: number): number {
  const segment = s.segmentUnusedCount > 0 ? s.segmentUnused[--s.segmentUnusedCount] : newSegment(s)
  s.segmentBase[segment] = base
  s.segmentBytes[segment] = bytes
  s.segmentPage[segment] = pageBytesOf(s, s.listPool[list])
  const block = newBlock(s, list, base, bytes)
  s.blockFlags[block] = UNMAPPED
  s.blockSegment[block] = segment
  insertUnmapped(s, block)
  return block
}

function newSegment(s: DeviceMemoryState): number {
  const segment = s.segmentRows++
  s.segmentBase = grown(s.segmentBase, s.segmentRows)
  s.segmentBytes = grown(s.segmentBytes, s.segmentRows)
  s.segmentPage = grown(s.segmentPage, s.segmentRows)
  s.segmentUnused = grown(s.segmentUnused, s.segmentRows)
  return segment
}

/** Maps the pages that hold the first bytes of an unmapped block, and caches them, merged. @source `map_block` */
function mapBlock(s: DeviceMemoryState, emit: Facts, cause: number, block: number, size: number): boolean {
  const list = s.blockList[block]
  const pool = s.listPool[list]
  const segment = s.blockSegment[block]
  const page = s.segmentPage[segment]
  const address = s.blockAddress[block]
  const mapped = Math.ceil(size / page) * page
  if (!s.driver.map(s.poolDevice[pool], address, mapped, page)) return false
  removeUnmapped(s, block)
  s.blockFlags[block] &= ~UNMAPPED
  const rest = s.blockSize[block] - mapped
  if (rest > 0) {
    const remaining = newBlock(s, list, address + mapped, rest)
    s.blockFlags[remaining] = UNMAPPED
    s.blockSegment[remaining] = segment
    splice(s, remaining, block, s.blockNext[block])
    insertUnmapped(s, remaining)
    s.blockSize[block] = mapped
  }
  mergeInto(s, block, s.blockPrev[block])
  mergeInto(s, block, s.blockNext[block])
  insertFree(s, block)
  const base = deviceFigures(s, pool)
  increase(s.figures, base + RESERVED_BYTES, poolFigures(pool), mapped)
  s.figures[base + NUM_DEVICE_ALLOC]++
  segmentFact(s, emit, cause, SegmentMapped, list, mapped, address)
  return true
}

/** Takes the pages out that lie wholly in a cached block. The row goes on as the unmapped block. @source `unmap_block` */
export function unmapBlock(s: DeviceMemoryState, emit: Facts, cause: number, block: number): void {
  const list = s.blockList[block]
  const pool = s.listPool[list]
  const device = s.poolDevice[pool]
  const segment = s.blockSegment[block]
  const page = s.segmentPage[segment]
  const base = s.segmentBase[segment]
  const from = base + Math.ceil((s.blockAddress[block] - base) / page) * page
  const to = base + Math.floor((s.blockAddress[block] + s.blockSize[block] - base) / page) * page
  if (from >= to) return
  completeStream(s, streamRow(s, device, s.listStream[list]))
  s.driver.unmap(device, from, to - from, page)
  removeFree(s, block)
  const before = from - s.blockAddress[block]
  if (before > 0) cacheRest(s, block, s.blockAddress[block], before, s.blockPrev[block], block)
  const after = s.blockSize[block] - before - (to - from)
  if (after > 0) cacheRest(s, block, to, after, block, s.blockNext[block])
  s.blockAddress[block] = from
  s.blockSize[block] = to - from
  s.blockFlags[block] |= UNMAPPED
  mergeInto(s, block, s.blockPrev[block])
  mergeInto(s, block, s.blockNext[block])
  insertUnmapped(s, block)
  const figures = deviceFigures(s, pool)
  decrease(s.figures, figures + RESERVED_BYTES, poolFigures(pool), to - from)
  const owner = s.poolPrivate[pool]
  if (owner !== NONE && s.privateMallocs[owner] > 0) s.privateMallocs[owner]--
  s.figures[figures + NUM_DEVICE_FREE]++
  segmentFact(s, emit, cause, SegmentUnmapped, list, to - from, from)
}

/** What stays mapped of a block beside the pages that are taken out. */
function cacheRest(s: DeviceMemoryState, block: number, address: number, size: number, before: number, after: number): void {
  const rest = newBlock(s, s.blockList[block], address, size)
  s.blockSegment[rest] = s.blockSegment[block]
  splice(s, rest, before, after)
  insertFree(s, rest)
}

/** Gives the address space of a segment back that has no page. @source `release_expandable_segment` */
export function releaseExpandable(s: DeviceMemoryState, block: number): void {
  const segment = s.blockSegment[block]
  s.driver.unreserve(s.poolDevice[s.listPool[s.blockList[block]]], s.segmentBase[segment], s.segmentBytes[segment])
  removeUnmapped(s, block)
  dropBlock(s, block)
  s.segmentUnused[s.segmentUnusedCount++] = segment
}
