/**
 * The columns of the allocator.
 *
 * Glossary
 * - arena: what the system maps at once; it is cut into pools.
 * - pool: holds blocks of one size class behind a header; belongs to its arena for ever.
 * - block: what a request is given; its first bytes link it to the next free one while it is free.
 * - size class `c`: blocks of `(c + 1) * alignmentBytes`.
 * - unit: one alignment step of an arena. Unit `u` of the state is unit `u mod unitsPerArena` of arena
 *   `u div unitsPerArena`, so that arena, pool and address of a block follow from its unit by shifts.
 * - usable arena: has a free pool. used pool: has at least one used and one available block.
 */
import { copyColumns, createKeeper, grown, IdTable, type Keeper } from '@reheap/kernel'
import type { AllocatorProfile } from './profile.ts'
import type { System } from './system.ts'

/** "None" in a column of indices. */
export const NONE = -1
/** Class of a pool that was never used. */
export const NO_CLASS = 255

/** What follows from a profile: shifts, masks and the reach of each size class. */
export interface Geometry {
  readonly alignmentShift: number
  /** log2 of units in a pool */
  readonly poolShift: number
  readonly poolMask: number
  /** log2 of pools in an arena */
  readonly poolsShift: number
  /** log2 of units in an arena */
  readonly arenaShift: number
  readonly arenaMask: number
  readonly poolsPerArena: number
  readonly classCount: number
  /** Unit of a pool's first block. */
  readonly firstUnit: number
  /** Largest unit in a pool at which a block of the class still fits. @shape [classCount] */
  readonly lastUnit: Uint16Array
  /** Arenas whose units can be numbered in 31 bits. */
  readonly arenasMax: number
}

/**
 * A class and not a literal, so that every state, copied or new, has the one shape the loop is compiled for;
 * for the same reason every field begins with a value of its own kind.
 *
 * A live block's handle in the table of ids: positive, its first unit in the arenas; negative, the complement of its row
 * in the C-library columns.
 */
export class AllocatorState extends IdTable {
  readonly profile: AllocatorProfile
  readonly geometry: Geometry
  /** What the loop needs of profile and geometry at every request, one load away. */
  readonly smallRequestBytes: number = 0
  readonly alignmentShift: number = 0
  readonly poolShift: number = 0
  system: System

  /**
   * What the first bytes of a block hold, by its first unit. A free block: the next free one of its pool, as a unit in
   * the pool, 0 for none. A live one: the bytes that were asked for. @shape [arenas * unitsPerArena]
   */
  blockWord = new Uint16Array(0)

  /** @shape pool columns: [arenas * poolsPerArena] */
  poolClass = new Uint8Array(0)
  /** Blocks handed out. @keeps used = live blocks of the table in this pool */
  poolUsed = new Uint16Array(0)
  /** First free block as a unit in the pool; 0: none, the pool is full. */
  poolFree = new Uint16Array(0)
  /** Used pools: next of the class. Freed pools: next freed of the arena. */
  poolNext = new Int32Array(0)
  poolPrev = new Int32Array(0)
  /** First used pool of each class, or -1. @shape [classCount] */
  usedHead = new Int32Array(0)

  /** Base as the system gave it, -1 for an unused row. @shape arena columns: [arenas] @unit bytes */
  arenaAddress = new Float64Array(0)
  /** Base rounded up to the pool size. @unit bytes */
  arenaFirstPool = new Float64Array(0)
  /** Pools that fit. @keeps poolsPerArena, or one less if the base is not aligned to the pool size */
  arenaPools = new Int32Array(0)
  /** @keeps arenaFree = arenaPools - pools in use */
  arenaFree = new Int32Array(0)
  /** Pools carved so far. */
  arenaCarved = new Int32Array(0)
  /** Last freed pool, or -1. */
  arenaFreed = new Int32Array(0)
  /** Usable list; for unused rows: the next unused row. */
  arenaNext = new Int32Array(0)
  arenaPrev = new Int32Array(0)
  /** Rows of the arena columns in use or released. */
  arenaRows = 0
  /** First usable arena, or -1. @keeps the list ascends by arenaFree */
  usableHead = NONE
  /** Last usable arena with so many free pools, or -1. @shape [poolsPerArena + 1] */
  lastWithFree = new Int32Array(0)
  unusedRow = NONE

  /** Nodes of the radix tree over addresses, by number. @shape [nodes] */
  arenaMapMids: Float64Array = new Float64Array(0)
  arenaMapBots: Float64Array = new Float64Array(0)

  arenasLive = 0
  arenasTotal = 0
  arenasLiveMax = 0

  /** C-library blocks. @shape [clibRows] */
  clibBytes = new Float64Array(16)
  clibAddress = new Float64Array(16)
  clibFreeRows = new Int32Array(16)
  clibFreeCount = 0
  clibRows = 0
  /** Live MEM and OBJ blocks of the C library. @keeps getallocatedblocks = used blocks of pools + this */
  clibCounted = 0

  constructor(profile: AllocatorProfile, system: System) {
    super()
    this.profile = profile
    this.geometry = geometryOf(profile)
    this.smallRequestBytes = profile.smallRequestBytes
    this.alignmentShift = this.geometry.alignmentShift
    this.poolShift = this.geometry.poolShift
    this.system = system
    this.usedHead = new Int32Array(this.geometry.classCount).fill(NONE)
    this.lastWithFree = new Int32Array(this.geometry.poolsPerArena + 1).fill(NONE)
  }

  /** A copy that shares no column. */
  clone(): AllocatorState {
    const copy = new AllocatorState(this.profile, this.system.clone())
    copyColumns(this, copy)
    return copy
  }
}

/** log2 of a power of two; unlike Math.log2 always a small integer to the compiler. */
const shiftOf = (power: number): number => 31 - Math.clz32(power)

function geometryOf(profile: AllocatorProfile): Geometry {
  const { alignmentBytes, poolBytes, arenaBytes, smallRequestBytes, poolHeaderBytes } = profile
  const classCount = smallRequestBytes / alignmentBytes
  const poolShift = shiftOf(poolBytes / alignmentBytes)
  const poolsShift = shiftOf(arenaBytes / poolBytes)
  return {
    alignmentShift: shiftOf(alignmentBytes),
    poolShift,
    poolMask: (1 << poolShift) - 1,
    poolsShift,
    arenaShift: poolShift + poolsShift,
    arenaMask: (1 << (poolShift + poolsShift)) - 1,
    poolsPerArena: 1 << poolsShift,
    classCount,
    firstUnit: poolHeaderBytes / alignmentBytes,
    arenasMax: Math.floor(2 ** (31 - poolShift - poolsShift)),
    lastUnit: Uint16Array.from({ length: classCount }, (_, sizeClass) => poolBytes / alignmentBytes - (sizeClass + 1)),
  }
}

/** Makes room for one more arena row. */
export function growArenas(s: AllocatorState): void {
  const { poolsPerArena, arenaShift } = s.geometry
  const arenas = Math.min(s.geometry.arenasMax, Math.max(1, s.arenaAddress.length * 2))
  s.arenaAddress = grown(s.arenaAddress, arenas)
  s.arenaFirstPool = grown(s.arenaFirstPool, arenas)
  s.arenaPools = grown(s.arenaPools, arenas)
  s.arenaFree = grown(s.arenaFree, arenas)
  s.arenaCarved = grown(s.arenaCarved, arenas)
  s.arenaFreed = grown(s.arenaFreed, arenas)
  s.arenaNext = grown(s.arenaNext, arenas)
  s.arenaPrev = grown(s.arenaPrev, arenas)
  const pools = arenas * poolsPerArena
  s.poolClass = grown(s.poolClass, pools)
  s.poolUsed = grown(s.poolUsed, pools)
  s.poolFree = grown(s.poolFree, pools)
  s.poolNext = grown(s.poolNext, pools)
  s.poolPrev = grown(s.poolPrev, pools)
  s.blockWord = grown(s.blockWord, arenas << arenaShift)
}

/** The one keeper of allocator states; not exported from the package. */
export const keeper: Keeper<AllocatorState> = createKeeper((state) => state.clone())

/** Address of a unit. @unit bytes */
export function unitAddress(s: AllocatorState, unit: number): number {
  const { arenaShift, arenaMask, alignmentShift } = s.geometry
  return s.arenaFirstPool[unit >>> arenaShift] + ((unit & arenaMask) << alignmentShift)
}
