/** The parts of the naive pymalloc: arenas as arrays of pools, pools as arrays of blocks. */
import type { AllocatorProfile } from '@reheap/allocator'

/** A run of blocks of one size. */
export interface NaivePool {
  readonly arena: NaiveArena
  readonly address: number
  /** Null until it first serves a class. */
  sizeClass: number | null
  /** Live blocks by address: id, and bytes asked for. */
  readonly live: Map<number, { readonly block: number; readonly bytes: number }>
  /** Addresses of blocks that were given back or carved; the next one to be handed out is the last. */
  free: number[]
  /** Blocks carved so far, live or free. */
  carved: number
}

/** What the system mapped at once, cut into pools. */
export interface NaiveArena {
  readonly address: number
  /** The first address that a pool may have. */
  readonly firstPool: number
  readonly poolsMax: number
  /** Pools carved so far, by address. */
  readonly pools: NaivePool[]
  /** Pools without a live block; the next one to be taken is the last. */
  readonly freed: NaivePool[]
}

/** Bytes of a block of a class. */
export const blockBytesOf = (profile: AllocatorProfile, sizeClass: number): number => (sizeClass + 1) * profile.alignmentBytes

/** Blocks of a class that fit into a pool behind its header. */
export const blocksPerPool = (profile: AllocatorProfile, sizeClass: number): number =>
  Math.floor((profile.poolBytes - profile.poolHeaderBytes) / blockBytesOf(profile, sizeClass))

/** Pools begin at multiples of their size, so an arena that does not has room for one less. */
export function newArena({ poolBytes, arenaBytes }: AllocatorProfile, address: number): NaiveArena {
  const firstPool = Math.ceil(address / poolBytes) * poolBytes
  return { address, firstPool, poolsMax: Math.floor((address + arenaBytes - firstPool) / poolBytes), pools: [], freed: [] }
}

/** Pools that serve no class: freed, or never carved. */
export const freePoolsOf = (arena: NaiveArena): number => arena.poolsMax - arena.pools.filter((pool) => pool.live.size > 0).length

/** The pool freed last, or else the next one that was never used. */
export function takePoolOf(arena: NaiveArena, { poolBytes }: AllocatorProfile): NaivePool {
  const freed = arena.freed.pop()
  if (freed !== undefined) return freed
  const address = arena.firstPool + arena.pools.length * poolBytes
  const pool: NaivePool = { arena, address, sizeClass: null, live: new Map(), free: [], carved: 0 }
  arena.pools.push(pool)
  return pool
}

/** Address of the next block that was never handed out, which is then carved; null if the pool has no room for it. */
export function carveBlock(pool: NaivePool, profile: AllocatorProfile): number | null {
  const sizeClass = pool.sizeClass ?? 0
  if (pool.carved === blocksPerPool(profile, sizeClass)) return null
  const address = pool.address + profile.poolHeaderBytes + pool.carved * blockBytesOf(profile, sizeClass)
  pool.carved += 1
  return address
}
