/** Where a block lies: its pool and its arena. */
import { type Draft, handleOfId, type Sealed } from '@reheap/kernel'
import { blockBytesOf } from './queries.ts'
import { type AllocatorState, keeper, unitAddress } from './state.ts'

/** A live block on its way down. @unit bytes, unless the name says otherwise */
export interface Whereabouts {
  readonly block: number
  /** As asked for. */
  readonly bytes: number
  /** Null: the C library's, whose place the log does not say. */
  readonly address: number | null
  /** Null: the C library gave it. */
  readonly pool: PoolPlace | null
}

/** A pool and the arena that it is cut from. */
export interface PoolPlace {
  readonly address: number
  readonly sizeClass: number
  readonly blockBytes: number
  readonly usedBlocks: number
  /** Blocks that fit. */
  readonly blocks: number
  readonly arenaAddress: number
  readonly arenaBytes: number
  readonly arenaPools: number
  readonly arenaFreePools: number
}

/** Where a live block lies; null: it is not live. */
export function whereaboutsOf(state: Sealed<AllocatorState>, block: number): Whereabouts | null {
  const s = keeper.read(state)
  const handle = handleOfId(s, block)
  if (handle === 0) return null
  if (handle < 0) {
    const address = s.clibAddress[~handle]
    return { block, bytes: s.clibBytes[~handle], address: Number.isNaN(address) ? null : address, pool: null }
  }
  return { block, bytes: s.blockWord[handle], address: unitAddress(s, handle), pool: poolPlace(s, handle >>> s.poolShift) }
}

/** Has the block been given out and not come back? For those that hold a state in the making. */
export const isBlockLive = (draft: Draft<AllocatorState>, block: number): boolean => handleOfId(keeper.own(draft), block) !== 0

function poolPlace(s: AllocatorState, pool: number): PoolPlace {
  const { poolBytes, poolHeaderBytes, arenaBytes } = s.profile
  const arena = pool >>> s.geometry.poolsShift
  const sizeClass = s.poolClass[pool]
  const blockBytes = blockBytesOf(s, sizeClass)
  return {
    address: unitAddress(s, pool << s.poolShift),
    sizeClass,
    blockBytes,
    usedBlocks: s.poolUsed[pool],
    blocks: Math.floor((poolBytes - poolHeaderBytes) / blockBytes),
    arenaAddress: s.arenaAddress[arena],
    arenaBytes,
    arenaPools: s.arenaPools[arena],
    arenaFreePools: s.arenaFree[arena],
  }
}
