/** Read-only questions on a sealed state. */
import type { Sealed } from '@reheap/kernel'
import { type AllocatorState, keeper } from './state.ts'

/** The figures of `sys._debugmallocstats()`. @unit bytes, unless the name says arenas or pools */
export interface AllocatorStats {
  readonly arenasAllocatedTotal: number
  readonly arenasReclaimed: number
  readonly arenasHighwater: number
  readonly arenas: number
  readonly bytesInAllocatedBlocks: number
  readonly bytesInAvailableBlocks: number
  readonly unusedPools: number
  readonly bytesInPoolHeaders: number
  readonly bytesLostToQuantization: number
  readonly bytesLostToArenaAlignment: number
}

/** One size class. @source the table of `sys._debugmallocstats()` */
export interface SizeClassStats {
  readonly sizeClass: number
  /** Bytes of one block. */
  readonly blockBytes: number
  /** Pools with at least one live block. */
  readonly pools: number
  readonly usedBlocks: number
  /** Never-carved blocks count as available. */
  readonly availableBlocks: number
  /** Bytes that the program asked for, in live blocks. */
  readonly requestedBytes: number
  /** Bytes of live blocks that the program did not ask for: internal fragmentation. */
  readonly wastedBytes: number
}

/** How much of what is mapped does no work. */
export interface Fragmentation {
  readonly mappedBytes: number
  readonly requestedBytes: number
  /** Share of live block bytes that nobody asked for, 0 to 1. */
  readonly internal: number
  /** Share of mapped arena bytes that are in no live block, 0 to 1. */
  readonly external: number
}

/** Per class: pools in use and live blocks. @shape both [classCount] */
function countPools(s: AllocatorState): { pools: Int32Array; used: Int32Array } {
  const { classCount, poolsShift } = s.geometry
  const pools = new Int32Array(classCount)
  const used = new Int32Array(classCount)
  for (let arena = 0; arena < s.arenaRows; arena++) {
    if (s.arenaAddress[arena] < 0) continue
    const first = arena << poolsShift
    for (let pool = first; pool < first + s.arenaCarved[arena]; pool++) {
      if (s.poolUsed[pool] === 0) continue
      pools[s.poolClass[pool]]++
      used[s.poolClass[pool]] += s.poolUsed[pool]
    }
  }
  return { pools, used }
}

/** Calls `visit` for each mapped arena's row. */
export function forEachArena(s: AllocatorState, visit: (arena: number) => void): void {
  for (let arena = 0; arena < s.arenaRows; arena++) if (s.arenaAddress[arena] >= 0) visit(arena)
}

export const blockBytesOf = (s: AllocatorState, sizeClass: number): number => (sizeClass + 1) * s.profile.alignmentBytes

const blocksPerPool = (s: AllocatorState, sizeClass: number): number =>
  Math.floor((s.profile.poolBytes - s.profile.poolHeaderBytes) / blockBytesOf(s, sizeClass))

/** Every figure of `sys._debugmallocstats()`. */
export function allocatorStats(state: Sealed<AllocatorState>): AllocatorStats {
  const s = keeper.read(state)
  const { pools, used } = countPools(s)
  const { poolBytes, poolHeaderBytes } = s.profile
  let allocated = 0
  let available = 0
  let headers = 0
  let quantization = 0
  for (let sizeClass = 0; sizeClass < pools.length; sizeClass++) {
    const bytes = blockBytesOf(s, sizeClass)
    allocated += used[sizeClass] * bytes
    available += (pools[sizeClass] * blocksPerPool(s, sizeClass) - used[sizeClass]) * bytes
    headers += pools[sizeClass] * poolHeaderBytes
    quantization += pools[sizeClass] * ((poolBytes - poolHeaderBytes) % bytes)
  }
  let unusedPools = 0
  let alignment = 0
  forEachArena(s, (arena) => {
    unusedPools += s.arenaFree[arena]
    if (s.arenaFirstPool[arena] !== s.arenaAddress[arena]) alignment += poolBytes
  })
  return {
    arenasAllocatedTotal: s.arenasTotal,
    arenasReclaimed: s.arenasTotal - s.arenasLive,
    arenasHighwater: s.arenasLiveMax,
    arenas: s.arenasLive,
    bytesInAllocatedBlocks: allocated,
    bytesInAvailableBlocks: available,
    unusedPools,
    bytesInPoolHeaders: headers,
    bytesLostToQuantization: quantization,
    bytesLostToArenaAlignment: alignment,
  }
}

/** `sys.getallocatedblocks()`: live blocks of pools and of the C library's MEM and OBJ domains. */
export function allocatedBlocks(state: Sealed<AllocatorState>): number {
  const s = keeper.read(state)
  return countPools(s).used.reduce((sum, used) => sum + used, s.clibCounted)
}

/** What the live blocks add up to. */
interface BlockSums {
  /** As asked for, of each size class. @shape [classCount] @unit bytes */
  readonly requested: Float64Array
  /** Of the C library. */
  readonly blocks: number
  readonly bytes: number
}

/** A sealed state never changes: its blocks are counted once, whatever is asked. */
const counted = new WeakMap<AllocatorState, BlockSums>()

function blockSums(s: AllocatorState): BlockSums {
  const known = counted.get(s)
  if (known !== undefined) return known
  const requested = new Float64Array(s.geometry.classCount)
  forEachArena(s, (arena) => {
    const first = arena << s.geometry.poolsShift
    for (let pool = first; pool < first + s.arenaCarved[arena]; pool++)
      if (s.poolUsed[pool] > 0) requested[s.poolClass[pool]] += requestedInPool(s, pool)
  })
  let bytes = 0
  for (let row = 0; row < s.clibRows; row++) bytes += s.clibBytes[row]
  for (let free = 0; free < s.clibFreeCount; free++) bytes -= s.clibBytes[s.clibFreeRows[free]]
  const sums = { requested, blocks: s.clibRows - s.clibFreeCount, bytes }
  counted.set(s, sums)
  return sums
}

/** A word of a live block holds what was asked for, one of a free block the next of the pool's free list. */
function requestedInPool({ geometry, poolShift, poolClass, poolFree, blockWord }: AllocatorState, pool: number): number {
  const base = pool << poolShift
  const sizeClass = poolClass[pool]
  const last = base + geometry.lastUnit[sizeClass]
  let sum = 0
  let free = poolFree[pool]
  for (let unit = base + geometry.firstUnit; unit <= last; unit += sizeClass + 1) {
    sum += blockWord[unit]
    // The list is no longer than the pool; one that a wrong rule has closed to a ring has no end.
    if (free === 0) continue
    free = blockWord[base + free]
    sum -= free
  }
  return sum
}

/** Every size class that has a pool in use, in ascending order. */
export function sizeClassStats(state: Sealed<AllocatorState>): readonly SizeClassStats[] {
  const s = keeper.read(state)
  const { pools, used } = countPools(s)
  const { requested } = blockSums(s)
  const rows: SizeClassStats[] = []
  for (let sizeClass = 0; sizeClass < pools.length; sizeClass++) {
    if (pools[sizeClass] === 0) continue
    rows.push({
      sizeClass,
      blockBytes: blockBytesOf(s, sizeClass),
      pools: pools[sizeClass],
      usedBlocks: used[sizeClass],
      availableBlocks: pools[sizeClass] * blocksPerPool(s, sizeClass) - used[sizeClass],
      requestedBytes: requested[sizeClass],
      wastedBytes: used[sizeClass] * blockBytesOf(s, sizeClass) - requested[sizeClass],
    })
  }
  return rows
}

/** Internal and external fragmentation of the arenas. */
export function fragmentation(state: Sealed<AllocatorState>): Fragmentation {
  const s = keeper.read(state)
  const { used } = countPools(s)
  const blockBytes = used.reduce((sum, count, sizeClass) => sum + count * blockBytesOf(s, sizeClass), 0)
  const requestedBytes = blockSums(s).requested.reduce((sum, bytes) => sum + bytes, 0)
  const mappedBytes = s.arenasLive * s.profile.arenaBytes
  return {
    mappedBytes,
    requestedBytes,
    internal: blockBytes === 0 ? 0 : 1 - requestedBytes / blockBytes,
    external: mappedBytes === 0 ? 0 : 1 - blockBytes / mappedBytes,
  }
}

/** Bytes and blocks that pymalloc passed on to the C library and that are live. */
export function cLibraryBlocks(state: Sealed<AllocatorState>): { readonly blocks: number; readonly bytes: number } {
  const { blocks, bytes } = blockSums(keeper.read(state))
  return { blocks, bytes }
}
