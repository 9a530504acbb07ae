/** Arenas: mapped, listed by their free pools, released. @source `new_arena`, `insert_to_freepool` of obmalloc.c */
import type { Batch, Emit } from '@reheap/kernel'
import { enterArenaMap } from './arena-map.ts'
import { FACT_OPCODES, type FactOpcode } from './events.ts'
import { ACCEPTED, REASONS } from './rejected.ts'
import { type AllocatorState, growArenas, NO_CLASS, NONE } from './state.ts'

const { ArenaOpened, ArenaReleased, ArenaRefused } = FACT_OPCODES

/** Maps an arena and makes it the only usable one, unless the system refuses. @returns ACCEPTED, or TooManyArenas */
export function openArena(s: AllocatorState, batch: Batch, row: number, emit: Emit<FactOpcode>): number {
  if (s.unusedRow === NONE && s.arenaRows === s.geometry.arenasMax) return REASONS.TooManyArenas
  const { arenaBytes, poolBytes } = s.profile
  const address = s.system.mapArena(arenaBytes)
  if (address < 0) {
    emit.push(ArenaRefused, batch.firstIndex + row, 0, 0, 0, arenaBytes, 0)
    return ACCEPTED
  }
  const arena = takeArenaRow(s)
  const aligned = Math.ceil(address / poolBytes) * poolBytes
  const pools = s.geometry.poolsPerArena - (aligned === address ? 0 : 1)
  s.arenaAddress[arena] = address
  s.arenaFirstPool[arena] = aligned
  s.arenaPools[arena] = pools
  s.arenaFree[arena] = pools
  s.arenaCarved[arena] = 0
  s.arenaFreed[arena] = NONE
  s.arenaNext[arena] = NONE
  s.arenaPrev[arena] = NONE
  s.usableHead = arena
  s.lastWithFree[pools] = arena
  enterArenaMap(s, address)
  s.arenasTotal++
  s.arenasLive++
  if (s.arenasLive > s.arenasLiveMax) s.arenasLiveMax = s.arenasLive
  emit.push(ArenaOpened, batch.firstIndex + row, 0, 0, 0, arenaBytes, address)
  return ACCEPTED
}

function takeArenaRow(s: AllocatorState): number {
  const reused = s.unusedRow
  if (reused !== NONE) {
    s.unusedRow = s.arenaNext[reused]
    return reused
  }
  if (s.arenaRows === s.arenaAddress.length) growArenas(s)
  return s.arenaRows++
}

/** Takes a pool from the first usable arena: the last freed one, else one that was never used. */
export function takePool(s: AllocatorState): number {
  const arena = s.usableHead
  const free = s.arenaFree[arena]
  if (s.lastWithFree[free] === arena) s.lastWithFree[free] = NONE
  if (free > 1) s.lastWithFree[free - 1] = arena
  let pool = s.arenaFreed[arena]
  if (pool !== NONE) {
    s.arenaFreed[arena] = s.poolNext[pool]
  } else {
    pool = (arena << s.geometry.poolsShift) + s.arenaCarved[arena]++
    s.poolClass[pool] = NO_CLASS
  }
  s.arenaFree[arena] = free - 1
  if (free === 1) {
    s.usableHead = s.arenaNext[arena]
    if (s.usableHead !== NONE) s.arenaPrev[s.usableHead] = NONE
  }
  return pool
}

/** Gives an empty pool back to its arena, which is then released, becomes usable again, or moves up its list. */
export function givePoolBack(s: AllocatorState, batch: Batch, row: number, emit: Emit<FactOpcode>, pool: number): void {
  const arena = pool >>> s.geometry.poolsShift
  s.poolNext[pool] = s.arenaFreed[arena]
  s.arenaFreed[arena] = pool
  const before = s.arenaFree[arena]
  const lastBefore = s.lastWithFree[before]
  if (lastBefore === arena) {
    const prev = s.arenaPrev[arena]
    s.lastWithFree[before] = prev !== NONE && s.arenaFree[prev] === before ? prev : NONE
  }
  const free = before + 1
  s.arenaFree[arena] = free
  if (free === s.arenaPools[arena] && !(s.profile.keepsLastArena && s.arenaNext[arena] === NONE)) {
    releaseArena(s, batch, row, emit, arena)
  } else if (free === 1) {
    linkFirst(s, arena)
  } else {
    if (s.lastWithFree[free] === NONE) s.lastWithFree[free] = arena
    if (lastBefore !== arena) moveBehind(s, arena, lastBefore)
  }
}

function linkFirst(s: AllocatorState, arena: number): void {
  s.arenaNext[arena] = s.usableHead
  s.arenaPrev[arena] = NONE
  if (s.usableHead !== NONE) s.arenaPrev[s.usableHead] = arena
  s.usableHead = arena
  if (s.lastWithFree[1] === NONE) s.lastWithFree[1] = arena
}

function unlinkArena(s: AllocatorState, arena: number): void {
  const next = s.arenaNext[arena]
  const prev = s.arenaPrev[arena]
  if (prev === NONE) s.usableHead = next
  else s.arenaNext[prev] = next
  if (next !== NONE) s.arenaPrev[next] = prev
}

/** Keeps the list ascending: the arena goes directly behind the last one that has as many free pools as it had before. */
function moveBehind(s: AllocatorState, arena: number, last: number): void {
  unlinkArena(s, arena)
  const next = s.arenaNext[last]
  s.arenaPrev[arena] = last
  s.arenaNext[arena] = next
  if (next !== NONE) s.arenaPrev[next] = arena
  s.arenaNext[last] = arena
}

/** Gives every arena back, in the order of their rows, with the radix nodes. @source `free_obmalloc_arenas`, 3.13 on */
export function releaseArenas(s: AllocatorState, batch: Batch, row: number, emit: Emit<FactOpcode>): void {
  for (let arena = 0; arena < s.arenaRows; arena++) if (s.arenaAddress[arena] >= 0) releaseArena(s, batch, row, emit, arena)
  s.lastWithFree.fill(NONE)
  s.arenaMapMids = new Float64Array(0)
  s.arenaMapBots = new Float64Array(0)
}

function releaseArena(s: AllocatorState, batch: Batch, row: number, emit: Emit<FactOpcode>, arena: number): void {
  unlinkArena(s, arena)
  const address = s.arenaAddress[arena]
  s.arenaAddress[arena] = -1
  s.arenaNext[arena] = s.unusedRow
  s.unusedRow = arena
  s.arenasLive--
  s.system.unmapArena(address)
  emit.push(ArenaReleased, batch.firstIndex + row, 0, 0, 0, s.profile.arenaBytes, address)
}
