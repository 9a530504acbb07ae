/** Every figure that the queries of an allocator give, counted block by block on the naive model. */
import type { AllocatorStats, Fragmentation, PinnedArena, SizeClassStats } from '@reheap/allocator'
import { blockBytesOf, blocksPerPool, freePoolsOf, type NaivePool } from './naive-arena.ts'
import type { NaivePymalloc } from './naive-pymalloc.ts'

/** What can be asked of an allocator's state, as one plain value. */
export interface AllocatorFigures {
  readonly stats: AllocatorStats
  readonly allocatedBlocks: number
  readonly classes: readonly SizeClassStats[]
  readonly cLibrary: { readonly blocks: number; readonly bytes: number }
  readonly fragmentation: Fragmentation
  /** Every mapped arena with the live blocks inside, by address. */
  readonly arenas: readonly PinnedArena[]
  /** Nodes below the root of the radix tree over arenas. */
  readonly arenaMap: { readonly mids: number; readonly bots: number }
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
const byNumber =
  <T>(key: (value: T) => number) =>
  (a: T, b: T): number =>
    key(a) - key(b)

const bytesAskedFor = (pool: NaivePool): number => sum([...pool.live.values()].map(({ bytes }) => bytes))

/** Every figure of a naive heap. */
export function figuresOf(heap: NaivePymalloc): AllocatorFigures {
  const inUse = heap.arenas.mapped.flatMap((arena) => arena.pools).filter((pool) => pool.live.size > 0)
  const live = sum(inUse.map((pool) => pool.live.size))
  return {
    stats: statsOf(heap, inUse),
    allocatedBlocks: live + heap.clibCounted,
    classes: heap.used.map((_, sizeClass) => classOf(heap, inUse, sizeClass)).filter(({ pools }) => pools > 0),
    cLibrary: cLibraryOf(heap),
    fragmentation: fragmentationOf(heap, inUse),
    arenas: arenasOf(heap),
    arenaMap: { mids: heap.arenas.mids.size, bots: heap.arenas.bots.size },
  }
}

function statsOf(heap: NaivePymalloc, inUse: readonly NaivePool[]): AllocatorStats {
  const { profile, arenas } = heap
  const bytesOf = (pool: NaivePool): number => blockBytesOf(profile, pool.sizeClass as number)
  const roomOf = (pool: NaivePool): number => blocksPerPool(profile, pool.sizeClass as number)
  return {
    arenasAllocatedTotal: arenas.total,
    arenasReclaimed: arenas.total - arenas.mapped.length,
    arenasHighwater: arenas.highwater,
    arenas: arenas.mapped.length,
    bytesInAllocatedBlocks: sum(inUse.map((pool) => pool.live.size * bytesOf(pool))),
    bytesInAvailableBlocks: sum(inUse.map((pool) => (roomOf(pool) - pool.live.size) * bytesOf(pool))),
    unusedPools: sum(arenas.mapped.map(freePoolsOf)),
    bytesInPoolHeaders: inUse.length * profile.poolHeaderBytes,
    bytesLostToQuantization: sum(inUse.map((pool) => profile.poolBytes - profile.poolHeaderBytes - roomOf(pool) * bytesOf(pool))),
    bytesLostToArenaAlignment: arenas.mapped.filter((arena) => arena.address % profile.poolBytes !== 0).length * profile.poolBytes,
  }
}

function classOf(heap: NaivePymalloc, inUse: readonly NaivePool[], sizeClass: number): SizeClassStats {
  const pools = inUse.filter((pool) => pool.sizeClass === sizeClass)
  const blockBytes = blockBytesOf(heap.profile, sizeClass)
  const usedBlocks = sum(pools.map((pool) => pool.live.size))
  const requestedBytes = sum(pools.map(bytesAskedFor))
  return {
    sizeClass,
    blockBytes,
    pools: pools.length,
    usedBlocks,
    availableBlocks: pools.length * blocksPerPool(heap.profile, sizeClass) - usedBlocks,
    requestedBytes,
    wastedBytes: usedBlocks * blockBytes - requestedBytes,
  }
}

function cLibraryOf(heap: NaivePymalloc): AllocatorFigures['cLibrary'] {
  const blocks = [...heap.blocks.values()].filter(({ pool }) => pool === null)
  return { blocks: blocks.length, bytes: sum(blocks.map(({ bytes }) => bytes)) }
}

function fragmentationOf(heap: NaivePymalloc, inUse: readonly NaivePool[]): Fragmentation {
  const mappedBytes = heap.arenas.mapped.length * heap.profile.arenaBytes
  const blockBytes = sum(inUse.map((pool) => pool.live.size * blockBytesOf(heap.profile, pool.sizeClass as number)))
  const requestedBytes = sum(inUse.map(bytesAskedFor))
  return {
    mappedBytes,
    requestedBytes,
    internal: blockBytes === 0 ? 0 : 1 - requestedBytes / blockBytes,
    external: mappedBytes === 0 ? 0 : 1 - blockBytes / mappedBytes,
  }
}

function arenasOf(heap: NaivePymalloc): readonly PinnedArena[] {
  return heap.arenas.mapped
    .map((arena): PinnedArena => {
      const blocks = arena.pools
        .flatMap((pool) =>
          [...pool.live].map(([address, { block, bytes }]) => ({ block, address, bytes, sizeClass: pool.sizeClass as number })),
        )
        .sort(byNumber(({ address }) => address))
      return {
        address: arena.address,
        pools: arena.poolsMax,
        freePools: freePoolsOf(arena),
        liveBytes: sum(blocks.map(({ sizeClass }) => blockBytesOf(heap.profile, sizeClass))),
        blocks,
      }
    })
    .sort(byNumber(({ address }) => address))
}
