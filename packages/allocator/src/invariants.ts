/** What is true of every state: cheap checks look at counters, full ones at every arena, pool and block. */

import { forEachId, type Sealed } from '@reheap/kernel'
import { type Either, left, right } from 'fp-ts/lib/Either.js'
import { type AllocatorState, keeper, NONE } from './state.ts'

/** A broken invariant: which, and the figures that show it. */
export interface Violation {
  readonly invariant: string
  readonly message: string
}

type Check = (s: AllocatorState) => string | null

/** Arenas mapped are those counted, and none beyond the highwater mark. O(1). */
const arenaCounters: Check = (s) => {
  if (s.arenasLive < 0 || s.arenasLive > s.arenasLiveMax || s.arenasLiveMax > s.arenasTotal)
    return `0 <= live ${s.arenasLive} <= highwater ${s.arenasLiveMax} <= total ${s.arenasTotal}`
  return null
}

/** arenaFree = arenaPools - pools in use, and the usable list holds every arena with a free pool, ascending. */
const usableList: Check = (s) => {
  const seen = new Set<number>()
  let before = 0
  let prev = NONE
  for (let arena = s.usableHead; arena !== NONE; arena = s.arenaNext[arena]) {
    if (seen.has(arena)) return `usable list returns to arena ${arena}`
    if (s.arenaPrev[arena] !== prev) return `arena ${arena} links back to ${s.arenaPrev[arena]}, not ${prev}`
    if (s.arenaFree[arena] < before) return `arena ${arena} has ${s.arenaFree[arena]} free pools behind one with ${before}`
    before = s.arenaFree[arena]
    const next = s.arenaNext[arena]
    const isLast = next === NONE || s.arenaFree[next] !== before
    if (isLast && s.lastWithFree[before] !== arena) return `last arena with ${before} free pools is ${arena}, not ${s.lastWithFree[before]}`
    seen.add(arena)
    prev = arena
  }
  let live = 0
  for (let arena = 0; arena < s.arenaRows; arena++) {
    if (s.arenaAddress[arena] < 0) continue
    live++
    const inUse = poolsInUse(s, arena)
    if (s.arenaFree[arena] !== s.arenaPools[arena] - inUse)
      return `arena ${arena}: free ${s.arenaFree[arena]} = ${s.arenaPools[arena]} pools - ${inUse} in use`
    if (seen.has(arena) !== s.arenaFree[arena] > 0)
      return `arena ${arena} with ${s.arenaFree[arena]} free pools: in the usable list ${seen.has(arena)}`
  }
  return live === s.arenasLive ? null : `mapped arenas ${live} = counted ${s.arenasLive}`
}

function poolsInUse(s: AllocatorState, arena: number): number {
  let inUse = 0
  const first = arena << s.geometry.poolsShift
  for (let pool = first; pool < first + s.arenaCarved[arena]; pool++) if (s.poolUsed[pool] > 0) inUse++
  return inUse
}

/** poolUsed counts the live blocks; used and free blocks tile the pool up to its carve mark. */
const pools: Check = (s) => {
  const liveUnits = new Set<number>()
  const used = new Map<number, number>()
  let counted = 0
  forEachId(s, (_block, handle) => {
    if (handle < 0) return
    liveUnits.add(handle)
    counted++
    used.set(handle >>> s.poolShift, (used.get(handle >>> s.poolShift) ?? 0) + 1)
  })
  if (liveUnits.size !== counted) return `${counted} live blocks lie at ${liveUnits.size} places`
  for (let arena = 0; arena < s.arenaRows; arena++) {
    if (s.arenaAddress[arena] < 0) continue
    const first = arena << s.geometry.poolsShift
    for (let pool = first; pool < first + s.arenaCarved[arena]; pool++) {
      const fault = poolFault(s, pool, used.get(pool) ?? 0, liveUnits)
      if (fault !== null) return fault
    }
  }
  return null
}

function poolFault(s: AllocatorState, pool: number, live: number, liveUnits: ReadonlySet<number>): string | null {
  const used = s.poolUsed[pool]
  if (used !== live) return `pool ${pool}: used ${used} = ${live} live blocks`
  const base = pool << s.poolShift
  const units = s.poolClass[pool] + 1
  const free = new Set<number>()
  for (let unit = s.poolFree[pool]; unit !== 0; unit = s.blockWord[base + unit]) {
    if (free.has(unit)) return `pool ${pool}: free list returns to unit ${unit}`
    if (liveUnits.has(base + unit)) return `pool ${pool}: unit ${unit} is free and live`
    if ((unit - s.geometry.firstUnit) % units !== 0 || unit > s.geometry.lastUnit[s.poolClass[pool]])
      return `pool ${pool}: unit ${unit} begins no block`
    free.add(unit)
  }
  const blocks = Math.floor((s.profile.poolBytes - s.profile.poolHeaderBytes) / (units << s.alignmentShift))
  return blocks === used + free.size ? null : `pool ${pool}: ${blocks} blocks = used ${used} + free ${free.size}`
}

/** The used list of a class holds exactly its pools with both a live and an available block. */
const usedLists: Check = (s) => {
  const listed = new Set<number>()
  for (let sizeClass = 0; sizeClass < s.geometry.classCount; sizeClass++) {
    let prev = NONE
    for (let pool = s.usedHead[sizeClass]; pool !== NONE; pool = s.poolNext[pool]) {
      if (listed.has(pool)) return `used list of class ${sizeClass} returns to pool ${pool}`
      if (s.poolPrev[pool] !== prev) return `pool ${pool} links back to ${s.poolPrev[pool]}, not ${prev}`
      if (s.poolClass[pool] !== sizeClass) return `pool ${pool} of class ${s.poolClass[pool]} in the list of class ${sizeClass}`
      listed.add(pool)
      prev = pool
    }
  }
  for (let arena = 0; arena < s.arenaRows; arena++) {
    if (s.arenaAddress[arena] < 0) continue
    const first = arena << s.geometry.poolsShift
    for (let pool = first; pool < first + s.arenaCarved[arena]; pool++) {
      const partly = s.poolUsed[pool] > 0 && s.poolFree[pool] !== 0
      if (partly !== listed.has(pool)) return `pool ${pool} with ${s.poolUsed[pool]} live blocks: in a used list ${listed.has(pool)}`
    }
  }
  return null
}

const CHEAP: Readonly<Record<string, Check>> = { arenaCounters }
const FULL: Readonly<Record<string, Check>> = { arenaCounters, usableList, pools, usedLists }

function run(checks: Readonly<Record<string, Check>>, state: Sealed<AllocatorState>): Either<Violation, void> {
  const s = keeper.read(state)
  for (const [invariant, check] of Object.entries(checks)) {
    const message = check(s)
    if (message !== null) return left({ invariant, message })
  }
  return right(undefined)
}

/** O(1): counters only. Left: the first rule that does not hold. */
export const checkCheap = (state: Sealed<AllocatorState>): Either<Violation, void> => run(CHEAP, state)

/** O(arenas + pools + blocks): every list and every block. Left: the first rule that does not hold. */
export const checkFull = (state: Sealed<AllocatorState>): Either<Violation, void> => run(FULL, state)
