/** Pools: blocks of one size class, handed out and taken back. @source `pymalloc_alloc`, `pymalloc_free` of obmalloc.c */
import type { Batch, Emit } from '@reheap/kernel'
import { givePoolBack, takePool } from './arena.ts'
import { FACT_OPCODES, type FactOpcode } from './events.ts'
import { type AllocatorState, NONE, unitAddress } from './state.ts'

const { PoolOpened, PoolClosed } = FACT_OPCODES

/** Hands out a block of a size class. @returns its unit, or 0 if the system refused an arena */
export function takeBlock(s: AllocatorState, batch: Batch, row: number, emit: Emit<FactOpcode>, sizeClass: number): number {
  const pool = s.usedHead[sizeClass]
  if (pool === NONE) return takeFirstBlock(s, batch, row, emit, sizeClass)
  const base = pool << s.poolShift
  const unit = s.poolFree[pool]
  const next = s.freeNext[base + unit]
  s.poolUsed[pool]++
  if (next !== 0) s.poolFree[pool] = next
  else extendPool(s, pool, sizeClass)
  return base + unit
}

/** The free list ran out: one more block is carved, or the pool is full and leaves its list. */
function extendPool(s: AllocatorState, pool: number, sizeClass: number): void {
  const carve = s.poolCarve[pool]
  if (carve <= s.geometry.lastUnit[sizeClass]) {
    s.poolFree[pool] = carve
    s.poolCarve[pool] = carve + sizeClass + 1
    s.freeNext[(pool << s.poolShift) + carve] = 0
    return
  }
  s.poolFree[pool] = 0
  unlinkPool(s, pool, sizeClass)
}

/** No used pool: one is taken from an arena. Taken again for the same class it goes on with its old free list. */
function takeFirstBlock(s: AllocatorState, batch: Batch, row: number, emit: Emit<FactOpcode>, sizeClass: number): number {
  const pool = takePool(s, batch, row, emit)
  if (pool === NONE) return 0
  const { poolShift } = s
  const { firstUnit } = s.geometry
  const base = pool << poolShift
  linkPoolFirst(s, pool, sizeClass)
  s.poolUsed[pool] = 1
  emit.push(PoolOpened, batch.firstIndex + row, sizeClass, 0, 0, 0, unitAddress(s, base))
  if (s.poolClass[pool] === sizeClass) {
    const unit = s.poolFree[pool]
    s.poolFree[pool] = s.freeNext[base + unit]
    return base + unit
  }
  const units = sizeClass + 1
  s.poolClass[pool] = sizeClass
  s.poolFree[pool] = firstUnit + units
  s.freeNext[base + firstUnit + units] = 0
  s.poolCarve[pool] = firstUnit + 2 * units
  return base + firstUnit
}

/** Takes a block back: it becomes the first of its pool's free list. */
export function returnBlock(s: AllocatorState, batch: Batch, row: number, emit: Emit<FactOpcode>, unit: number): void {
  const { poolShift } = s
  const pool = unit >>> poolShift
  const place = unit - (pool << poolShift)
  const lastFree = s.poolFree[pool]
  s.freeNext[unit] = lastFree
  s.poolFree[pool] = place
  const used = --s.poolUsed[pool]
  if (lastFree === 0) {
    linkPoolFirst(s, pool, s.poolClass[pool])
  } else if (used === 0) {
    const sizeClass = s.poolClass[pool]
    unlinkPool(s, pool, sizeClass)
    emit.push(PoolClosed, batch.firstIndex + row, sizeClass, 0, 0, 0, unitAddress(s, pool << poolShift))
    givePoolBack(s, batch, row, emit, pool)
  }
}

function linkPoolFirst(s: AllocatorState, pool: number, sizeClass: number): void {
  const head = s.usedHead[sizeClass]
  s.poolNext[pool] = head
  s.poolPrev[pool] = NONE
  if (head !== NONE) s.poolPrev[head] = pool
  s.usedHead[sizeClass] = pool
}

function unlinkPool(s: AllocatorState, pool: number, sizeClass: number): void {
  const next = s.poolNext[pool]
  const prev = s.poolPrev[pool]
  if (prev === NONE) s.usedHead[sizeClass] = next
  else s.poolNext[prev] = next
  if (next !== NONE) s.poolPrev[next] = prev
}
