/** Every mapped arena pool by pool, as columns: what a map of the heap is drawn from. */
import { forEachId, type Sealed } from '@reheap/kernel'
import { blockBytesOf, forEachArena } from './queries.ts'
import { type AllocatorState, keeper, NO_CLASS } from './state.ts'

/** Pools of all mapped arenas, arenas by address, pools of an arena by address. */
export interface PoolMap {
  readonly poolBytes: number
  /** Address of each arena's first pool. @shape [arenas] */
  readonly arenas: Float64Array
  /** Pools of each arena. @shape [arenas] */
  readonly pools: Uint16Array
  /** Bytes of a block in each pool; 0: the pool holds no live block. @shape [pools of all arenas] @unit bytes */
  readonly blockBytes: Uint16Array
  /** Live blocks of each pool. @shape likewise */
  readonly used: Uint16Array
}

/** Live blocks of the pools of a {@link PoolMap}, by their ids. */
export interface PoolBlocks {
  /** Ascending. @shape [live blocks] */
  readonly block: Uint32Array
  /** Place of each one's pool in the map. @shape likewise */
  readonly pool: Uint32Array
}

/** Rows of the mapped arenas, by address. */
function arenaRows(s: AllocatorState): readonly number[] {
  const rows: number[] = []
  forEachArena(s, (arena) => rows.push(arena))
  return rows.sort((a, b) => s.arenaAddress[a] - s.arenaAddress[b])
}

/** Which blocks live in each pool. @param map of the same state */
export function poolBlocks(state: Sealed<AllocatorState>, { used, pools }: PoolMap): PoolBlocks {
  const s = keeper.read(state)
  const placeOf = new Uint32Array(s.poolUsed.length)
  let place = 0
  arenaRows(s).forEach((arena, row) => {
    for (let pool = 0; pool < pools[row]; pool++) placeOf[(arena << s.geometry.poolsShift) + pool] = place++
  })
  const count = used.reduce((sum, each) => sum + each, 0)
  const block = new Uint32Array(count)
  const pool = new Uint32Array(count)
  let next = 0
  forEachId(s, (id, handle) => {
    if (handle <= 0) return
    block[next] = id
    pool[next++] = placeOf[handle >>> s.poolShift]
  })
  return { block, pool }
}

/** The pools of a heap at one moment. */
export function poolMap(state: Sealed<AllocatorState>): PoolMap {
  const s = keeper.read(state)
  const rows = arenaRows(s)
  const counts = Uint16Array.from(rows, (arena) => s.arenaPools[arena])
  const total = counts.reduce((sum, count) => sum + count, 0)
  const blockBytes = new Uint16Array(total)
  const used = new Uint16Array(total)
  let place = 0
  rows.forEach((arena, row) => {
    const first = arena << s.geometry.poolsShift
    for (let pool = 0; pool < counts[row]; pool++, place++) {
      const sizeClass = s.poolClass[first + pool]
      if (pool >= s.arenaCarved[arena] || sizeClass === NO_CLASS || s.poolUsed[first + pool] === 0) continue
      blockBytes[place] = blockBytesOf(s, sizeClass)
      used[place] = s.poolUsed[first + pool]
    }
  })
  return {
    poolBytes: s.profile.poolBytes,
    arenas: Float64Array.from(rows, (arena) => s.arenaFirstPool[arena]),
    pools: counts,
    blockBytes,
    used,
  }
}
