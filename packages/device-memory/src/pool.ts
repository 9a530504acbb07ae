/** Pools of small and large blocks, and their lists by stream. */
import { grown } from '@reheap/kernel'
import { type DeviceMemoryState, NONE } from './state.ts'
import { DEVICE_STRIDE, LARGE_POOL, SMALL_POOL } from './statistics.ts'

export const isSmallPool = (pool: number): boolean => (pool & 1) === 0

/** Place of a pool's own figures in each statistic. */
export const poolFigures = (pool: number): number => ((pool & 1) === 0 ? SMALL_POOL : LARGE_POOL)

/** Where the figures of a pool's device begin. */
export const deviceFigures = (s: DeviceMemoryState, pool: number): number => s.poolDevice[pool] * DEVICE_STRIDE

/** A small pool and the large one behind it. @returns the small one */
export function openPools(s: DeviceMemoryState, device: number, owner: number): number {
  let pool = s.poolUnused
  if (pool === NONE) {
    pool = s.poolRows
    s.poolRows += 2
    s.poolDevice = grown(s.poolDevice, s.poolRows)
    s.poolPrivate = grown(s.poolPrivate, s.poolRows)
    s.poolLists = grown(s.poolLists, s.poolRows)
    s.poolSearches = grown(s.poolSearches, s.poolRows)
    s.poolBlocks = grown(s.poolBlocks, s.poolRows)
  } else s.poolUnused = s.poolLists[pool]
  for (const each of [pool, pool + 1]) {
    s.poolDevice[each] = device
    s.poolPrivate[each] = owner
    s.poolLists[each] = NONE
    s.poolSearches[each] = 0
    s.poolBlocks[each] = 0
  }
  return pool
}

/** Gives a pair of pools without blocks back, and their lists. */
export function closePools(s: DeviceMemoryState, pool: number): void {
  for (const each of [pool, pool + 1]) {
    let list = s.poolLists[each]
    while (list !== NONE) {
      const next = s.listNext[list]
      s.listNext[list] = s.listUnused
      s.listUnused = list
      list = next
    }
  }
  s.poolLists[pool] = s.poolUnused
  s.poolUnused = pool
}

/** The list of a stream's cached blocks in a pool; opened if there was none. */
export function listOf(s: DeviceMemoryState, pool: number, stream: number): number {
  let before = NONE
  let list = s.poolLists[pool]
  while (list !== NONE) {
    const at = s.listStream[list]
    if (at === stream) return list
    if (at > stream) break
    before = list
    list = s.listNext[list]
  }
  return openList(s, pool, stream, before, list)
}

function openList(s: DeviceMemoryState, pool: number, stream: number, before: number, after: number): number {
  let list = s.listUnused
  if (list === NONE) {
    list = s.listRows++
    s.listPool = grown(s.listPool, s.listRows)
    s.listStream = grown(s.listStream, s.listRows)
    s.listNext = grown(s.listNext, s.listRows)
    s.listUnmapped = grown(s.listUnmapped, s.listRows)
    s.listRunCount = grown(s.listRunCount, s.listRows)
    s.listRuns.push(new Int32Array(4))
  } else s.listUnused = s.listNext[list]
  s.listPool[list] = pool
  s.listStream[list] = stream
  s.listNext[list] = after
  s.listUnmapped[list] = NONE
  s.listRunCount[list] = 0
  if (before === NONE) s.poolLists[pool] = list
  else s.listNext[before] = list
  return list
}

/** The pool that serves a stream's blocks of a size: that of a capture which wants the stream, else the device's own. */
export function poolFor(s: DeviceMemoryState, device: number, stream: number, size: number): number {
  const large = size > s.smallBytesMax ? 1 : 0
  if (s.deviceCaptures[device] > 0) {
    const owner = captureOf(s, device, stream)
    if (owner !== NONE) return s.privatePool[owner] + large
  }
  return s.devicePool[device] + large
}

/** The private pool of the capture that wants a stream, or NONE. */
function captureOf(s: DeviceMemoryState, device: number, stream: number): number {
  const isLast = s.profile.poolMatch === 'last'
  for (let place = 0; place < s.captures; place++) {
    const at = isLast ? s.captures - 1 - place : place
    const owner = s.capturePrivate[at]
    const wanted = s.captureStream[at]
    if (s.poolDevice[s.privatePool[owner]] === device && (wanted === NONE || wanted === stream)) return owner
  }
  return NONE
}
