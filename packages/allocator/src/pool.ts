/** Pools: how they get and lose their place in the lists. @source `allocate_from_new_pool`, `insert_to_usedpool`, `insert_to_freepool` of obmalloc.c */
import type { Batch, Emit } from '@reheap/kernel'
import { givePoolBack, openArena, takePool } from './arena.ts'
import { FACT_OPCODES, type FactOpcode } from './events.ts'
import { ACCEPTED } from './rejected.ts'
import { type AllocatorState, NONE, unitAddress } from './state.ts'

const { PoolOpened, PoolClosed } = FACT_OPCODES

/** Makes a free pool the first used one of its class; nothing happens if none is to be had. @returns ACCEPTED, or why not even an arena can be asked for */
export function openPool(s: AllocatorState, batch: Batch, row: number, emit: Emit<FactOpcode>, sizeClass: number): number {
  if (s.usableHead === NONE) {
    const reason = openArena(s, batch, row, emit)
    if (reason !== ACCEPTED || s.usableHead === NONE) return reason
  }
  const pool = takePool(s)
  emit.push(PoolOpened, batch.firstIndex + row, sizeClass, 0, 0, 0, unitAddress(s, pool << s.poolShift))
  // Taken again for the class that it had, it goes on with its old free list.
  if (s.poolClass[pool] !== sizeClass) linkBlocks(s, pool, sizeClass)
  linkPoolFirst(s, pool, sizeClass)
  return ACCEPTED
}

/**
 * Cuts a pool into free blocks, linked by ascending address.
 *
 * CPython links a never-used block only when the free list has run out. Blocks that are given back
 * go to the front in either case, so the order is the same.
 */
function linkBlocks(s: AllocatorState, pool: number, sizeClass: number): void {
  const { blockWord, geometry } = s
  const base = pool << s.poolShift
  const units = sizeClass + 1
  let place = geometry.firstUnit
  s.poolClass[pool] = sizeClass
  s.poolFree[pool] = place
  for (const last = geometry.lastUnit[sizeClass] - units; place <= last; place += units) blockWord[base + place] = place + units
  blockWord[base + place] = 0
}

/** Settles a pool that got a block back: one that was full is the first of its class again, an empty one goes back to its arena. */
export function settlePool(s: AllocatorState, batch: Batch, row: number, emit: Emit<FactOpcode>, pool: number, wasFull: boolean): void {
  const sizeClass = s.poolClass[pool]
  if (wasFull) {
    linkPoolFirst(s, pool, sizeClass)
    return
  }
  unlinkPool(s, pool, sizeClass)
  emit.push(PoolClosed, batch.firstIndex + row, sizeClass, 0, 0, 0, unitAddress(s, pool << s.poolShift))
  givePoolBack(s, batch, row, emit, pool)
}

function linkPoolFirst(s: AllocatorState, pool: number, sizeClass: number): void {
  const head = s.usedHead[sizeClass]
  s.poolNext[pool] = head
  s.poolPrev[pool] = NONE
  if (head !== NONE) s.poolPrev[head] = pool
  s.usedHead[sizeClass] = pool
}

/** Takes a pool out of the used list of its class. */
export function unlinkPool(s: AllocatorState, pool: number, sizeClass: number): void {
  const next = s.poolNext[pool]
  const prev = s.poolPrev[pool]
  if (prev === NONE) s.usedHead[sizeClass] = next
  else s.poolNext[prev] = next
  if (next !== NONE) s.poolPrev[next] = prev
}
