/** What is true of every state: cheap checks look at figures, full ones at every block, list and queue. */
import type { Sealed } from '@reheap/kernel'
import { type Either, left, right } from 'fp-ts/lib/Either.js'
import { isFree } from './block.ts'
import { figureFault } from './figure-count.ts'
import { blockAt, END, firstCursor, nextCursor } from './free-list.ts'
import { type DeviceMemoryState, keeper, NONE, UNMAPPED } from './state.ts'
import { ACTIVE_BYTES, ALLOCATED_BYTES, DEVICE_STRIDE, RESERVED_BYTES, STATISTIC_STRIDE, STATISTICS } from './statistics.ts'

/** A broken invariant: which, and the figures that show it. */
export interface Violation {
  readonly invariant: string
  readonly message: string
}

type Check = (s: DeviceMemoryState) => string | null

const openDevices = (s: DeviceMemoryState): number[] => [...s.deviceOpen.keys()].filter((device) => s.deviceOpen[device] === 1)
const liveBlocks = (s: DeviceMemoryState): number[] => [...Array(s.blockRows).keys()].filter((block) => s.blockList[block] !== NONE)
const isMapped = (s: DeviceMemoryState, block: number): boolean => (s.blockFlags[block] & UNMAPPED) === 0

/** allocated <= active <= reserved <= capacity. */
const order: Check = (s) => {
  for (const device of openDevices(s)) {
    const figure = (at: number): number => s.figures[device * DEVICE_STRIDE + at]
    const values = [0, figure(ALLOCATED_BYTES), figure(ACTIVE_BYTES), figure(RESERVED_BYTES), s.deviceCapacity[device]]
    for (let place = 1; place < values.length; place++) {
      if ((values[place - 1] ?? 0) > (values[place] ?? 0))
        return `device ${device}: 0, allocated, active, reserved, capacity = ${values.join(' <= ')}`
    }
  }
  return null
}

/** all = small pool + large pool, and no peak is below what is current. */
const sums: Check = (s) => {
  for (const device of openDevices(s)) {
    for (const [place, statistic] of STATISTICS.entries()) {
      const at = device * DEVICE_STRIDE + place * STATISTIC_STRIDE
      const [all = 0, peak = 0, small = 0, smallPeak = 0, , large = 0, largePeak = 0] = s.figures.subarray(at, at + STATISTIC_STRIDE)
      if (all !== small + large) return `device ${device}: ${statistic} ${all} = small ${small} + large ${large}`
      if (peak < all || smallPeak < small || largePeak < large) return `device ${device}: a peak of ${statistic} is below what is current`
    }
  }
  return null
}

/** Blocks tile their segments: each begins where the one before it ends, and no two that could merge touch. */
const tiling: Check = (s) => {
  for (const block of liveBlocks(s)) {
    const next = s.blockNext[block]
    if (s.blockSize[block] <= 0) return `block ${block} has ${s.blockSize[block]} bytes`
    if (next === NONE) continue
    if (s.blockPrev[next] !== block) return `block ${next} links back to ${s.blockPrev[next]}, not ${block}`
    if (s.blockAddress[block] + s.blockSize[block] !== s.blockAddress[next]) return `block ${next} does not begin where ${block} ends`
    if (s.blockList[block] !== s.blockList[next]) return `blocks ${block} and ${next} of one segment are of two lists`
    if (isFree(s, block) && isFree(s, next) && isMapped(s, block) === isMapped(s, next)) return `blocks ${block} and ${next} are not merged`
  }
  return null
}

/** No two segments overlap. */
const overlap: Check = (s) => {
  const heads = liveBlocks(s).sort((a, b) => s.blockAddress[a] - s.blockAddress[b])
  for (let place = 1; place < heads.length; place++) {
    const [before = 0, block = 0] = heads.slice(place - 1, place + 1)
    if (s.blockAddress[before] + s.blockSize[before] > s.blockAddress[block]) return `blocks ${before} and ${block} overlap`
  }
  return null
}

/** Each list holds its cached blocks once, in order, and its unmapped blocks by address. */
const lists: Check = (s) => {
  const listed = new Set<number>()
  for (let pool = 0; pool < s.poolRows; pool++) {
    let stream = NONE
    for (let list = s.poolLists[pool]; list !== NONE && isLivePool(s, pool); list = s.listNext[list]) {
      if (s.listStream[list] <= stream) return `lists of pool ${pool} do not ascend by stream`
      stream = s.listStream[list]
      const fault = listFault(s, list, listed)
      if (fault !== null) return fault
    }
  }
  for (const block of liveBlocks(s))
    if (isFree(s, block) !== listed.has(block)) return `block ${block}: free ${isFree(s, block)}, listed ${listed.has(block)}`
  return null
}

const isLivePool = (s: DeviceMemoryState, pool: number): boolean => {
  const owner = s.poolPrivate[pool]
  return owner === NONE || s.privatePool[owner] === pool - (pool & 1)
}

function listFault(s: DeviceMemoryState, list: number, listed: Set<number>): string | null {
  let before = NONE
  for (let cursor = firstCursor(s, list); cursor !== END; cursor = nextCursor(s, list, cursor)) {
    const block = blockAt(s, list, cursor)
    if (s.blockList[block] !== list || !isMapped(s, block)) return `list ${list} holds block ${block}, which is not cached in it`
    const isAfter =
      before === NONE ||
      s.blockSize[before] < s.blockSize[block] ||
      (s.blockSize[before] === s.blockSize[block] && s.blockAddress[before] < s.blockAddress[block])
    if (!isAfter) return `list ${list}: block ${block} is not behind ${before}`
    listed.add(block)
    before = block
  }
  before = NONE
  for (let block = s.listUnmapped[list]; block !== NONE; block = s.blockLink[block]) {
    if (s.blockList[block] !== list || isMapped(s, block)) return `list ${list} holds block ${block}, which is not unmapped in it`
    if (before !== NONE && s.blockAddress[before] >= s.blockAddress[block]) return `unmapped blocks of list ${list} do not ascend`
    listed.add(block)
    before = block
  }
  return null
}

/** Queued events are counted, per stream and per block. */
const events: Check = (s) => {
  const waiting = new Map<number, number>()
  let all = 0
  for (let stream = 0; stream < s.streamRows; stream++) {
    let queued = 0
    for (let event = s.streamHead[stream]; event !== NONE; event = s.eventNext[event]) {
      queued++
      const block = s.eventBlock[event]
      waiting.set(block, (waiting.get(block) ?? 0) + 1)
    }
    if (queued !== s.streamEvents[stream]) return `stream row ${stream}: ${queued} events queued, ${s.streamEvents[stream]} counted`
    if (s.streamDone[stream] > queued) return `stream row ${stream}: ${s.streamDone[stream]} of ${queued} events are done`
    all += queued
  }
  if (all !== s.eventCount) return `${all} events queued, ${s.eventCount} counted`
  for (const block of liveBlocks(s))
    if (s.blockEvents[block] !== (waiting.get(block) ?? 0))
      return `block ${block} waits for ${s.blockEvents[block]} events, ${waiting.get(block) ?? 0} are queued`
  return null
}

const CHEAP: Readonly<Record<string, Check>> = { order, sums }
const FULL: Readonly<Record<string, Check>> = { order, sums, tiling, overlap, lists, events, figures: figureFault }

function run(checks: Readonly<Record<string, Check>>, state: Sealed<DeviceMemoryState>): Either<Violation, void> {
  const s = keeper.read(state)
  for (const [invariant, check] of Object.entries(checks)) {
    const message = check(s)
    if (message !== null) return left({ invariant, message })
  }
  return right(undefined)
}

/** O(devices): figures only. Left: the first rule that does not hold. */
export const checkCheap = (state: Sealed<DeviceMemoryState>): Either<Violation, void> => run(CHEAP, state)

/** O(blocks log blocks): every block, list and queue. Left: the first rule that does not hold. */
export const checkFull = (state: Sealed<DeviceMemoryState>): Either<Violation, void> => run(FULL, state)
