/** Why an arena is still mapped: the blocks that live in it. */
import { forEachId, type Sealed } from '@reheap/kernel'
import { blockBytesOf, forEachArena } from './queries.ts'
import { type AllocatorState, keeper, unitAddress } from './state.ts'

/** A live block in a pool. */
export interface LiveBlock {
  readonly block: number
  readonly address: number
  readonly bytes: number
  readonly sizeClass: number
}

/** A mapped arena and what keeps it mapped. */
export interface PinnedArena {
  readonly address: number
  readonly pools: number
  readonly freePools: number
  readonly liveBytes: number
  /** The live blocks inside, by address: while one of them lives, the arena stays. */
  readonly blocks: readonly LiveBlock[]
}

/** Every mapped arena by address, with the live blocks that pin it. */
export function pinnedArenas(state: Sealed<AllocatorState>): readonly PinnedArena[] {
  const s = keeper.read(state)
  const live = new Map<number, LiveBlock[]>()
  forEachArena(s, (arena) => live.set(arena, []))
  forEachId(s, (block, handle) => {
    if (handle <= 0) return
    const sizeClass = s.poolClass[handle >>> s.poolShift]
    live.get(handle >>> s.geometry.arenaShift)?.push({ block, address: unitAddress(s, handle), bytes: s.blockWord[handle], sizeClass })
  })
  const arenas = [...live].map(
    ([arena, blocks]): PinnedArena => ({
      address: s.arenaAddress[arena],
      pools: s.arenaPools[arena],
      freePools: s.arenaFree[arena],
      liveBytes: blocks.reduce((sum, { sizeClass }) => sum + blockBytesOf(s, sizeClass), 0),
      blocks: blocks.sort((a, b) => a.address - b.address),
    }),
  )
  return arenas.sort((a, b) => a.address - b.address)
}
