/** Private pools: memory of captured graphs and of `torch.cuda.MemPool`, apart from all other. */
import { grown } from '@reheap/kernel'
import type { Facts } from './fact-rows.ts'
import { enterMember, fibonacciHash, memberSlot, removeSlot } from './hash-order.ts'
import { closePools, openPools } from './pool.ts'
import { releasePool } from './segment.ts'
import { type DeviceMemoryState, NONE } from './state.ts'

/** Row of a device's private pool, or NONE. */
export function privateRow(s: DeviceMemoryState, device: number, id: number): number {
  for (let row = 0; row < s.privateRows; row++) {
    const pool = s.privatePool[row]
    if (pool !== NONE && s.privateId[row] === id && s.poolDevice[pool] === device) return row
  }
  return NONE
}

/** Place of a private pool among the begun ones, or NONE. */
export function captureRow(s: DeviceMemoryState, row: number): number {
  for (let place = 0; place < s.captures; place++) if (s.capturePrivate[place] === row) return place
  return NONE
}

/** Memory for a stream (-1: any) comes from the pool from now on; the pool is made if there is none. @source `beginAllocateToPool` */
export function beginPool(s: DeviceMemoryState, device: number, id: number, stream: number): void {
  let row = privateRow(s, device, id)
  if (row === NONE) row = openPrivate(s, device, id)
  else s.privateUses[row]++
  s.captures++
  s.capturePrivate = grown(s.capturePrivate, s.captures)
  s.captureStream = grown(s.captureStream, s.captures)
  s.capturePrivate[s.captures - 1] = row
  s.captureStream[s.captures - 1] = stream
  s.deviceCaptures[device]++
}

function openPrivate(s: DeviceMemoryState, device: number, id: number): number {
  let row = 0
  while (row < s.privateRows && s.privatePool[row] !== NONE) row++
  if (row === s.privateRows) {
    s.privateRows++
    s.privateId = grown(s.privateId, s.privateRows)
    s.privatePool = grown(s.privatePool, s.privateRows)
    s.privateUses = grown(s.privateUses, s.privateRows)
    s.privateHash = grown(s.privateHash, s.privateRows)
    s.privateMallocs = grown(s.privateMallocs, s.privateRows)
  }
  s.privateId[row] = id
  s.privateHash[row] = fibonacciHash(BigInt(id))
  s.privateUses[row] = 1
  s.privateMallocs[row] = 0
  s.privatePool[row] = openPools(s, device, row)
  return row
}

/** @param place of the private pool among the begun ones @source `endAllocateToPool` */
export function endPool(s: DeviceMemoryState, device: number, place: number): void {
  s.capturePrivate.copyWithin(place, place + 1, s.captures)
  s.captureStream.copyWithin(place, place + 1, s.captures)
  s.captures--
  s.deviceCaptures[device]--
}

/** Is a graph captured on the device? */
export function capturesGraph(s: DeviceMemoryState, device: number): boolean {
  for (let place = 0; place < s.captures; place++) {
    if (s.captureStream[place] !== NONE && s.poolDevice[s.privatePool[s.capturePrivate[place]]] === device) return true
  }
  return false
}

/** A graph that used the pool is no more; without any the pool's cached memory may be given back. @source `releasePool` */
export function releaseUse(s: DeviceMemoryState, device: number, row: number): void {
  s.privateUses[row]--
  if (s.privateUses[row] === 0) enterMember(s.releasedPools[device], s.privateHash, row)
}

/** Gives the cached memory of every pool back that no graph uses any more, and the pool with its last segment. */
export function releasePrivatePools(s: DeviceMemoryState, emit: Facts, cause: number, device: number): void {
  const order = s.releasedPools[device]
  let slot = memberSlot(order, 0)
  while (slot < order.slots.length) {
    const row = order.slots[slot]
    const pool = s.privatePool[row]
    releasePool(s, emit, cause, pool)
    releasePool(s, emit, cause, pool + 1)
    if (s.privateMallocs[row] > 0 || s.poolBlocks[pool] + s.poolBlocks[pool + 1] > 0) slot++
    else {
      closePools(s, pool)
      s.privatePool[row] = NONE
      removeSlot(order, slot)
    }
    slot = memberSlot(order, slot)
  }
}
