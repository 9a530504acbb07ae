/** What an allocator gave out and was not given back: by its facts, and by its state. */
import type { AllocatorProfile, AllocatorState, Fact } from '@reheap/allocator'
import type { Sealed } from '@reheap/kernel'
import type { Amounts } from '../subject.ts'
import type { AllocatorParts } from './subject.ts'

/** Blocks and bytes of both kinds, pools and arenas. */
const NOTHING = { poolBlocks: 0, poolBytes: 0, clibBlocks: 0, clibBytes: 0, pools: 0, arenas: 0, arenaBytes: 0 }

/** What facts of the allocator give out less what they return. */
export function allocatorFlow(facts: readonly Fact[]): Amounts {
  const amounts = { ...NOTHING }
  for (const fact of facts) {
    const sign = fact.kind === 'BlockReturned' || fact.kind === 'BlockHandedBack' || fact.kind === 'ArenaReleased' ? -1 : 1
    switch (fact.kind) {
      case 'BlockPlaced':
      case 'BlockReturned':
        amounts.poolBlocks += sign
        amounts.poolBytes += sign * fact.bytes
        break
      case 'BlockResized':
        amounts.poolBytes += fact.bytes - fact.previousBytes
        break
      case 'BlockPassedOn':
      case 'BlockHandedBack':
        amounts.clibBlocks += sign
        amounts.clibBytes += sign * fact.bytes
        break
      case 'PoolOpened':
        amounts.pools += 1
        break
      case 'PoolClosed':
        amounts.pools -= 1
        break
      case 'ArenaOpened':
      case 'ArenaReleased':
        amounts.arenas += sign
        amounts.arenaBytes += sign * fact.bytes
    }
  }
  return amounts
}

/** The same amounts as a state holds them. */
export function allocatorHeld(parts: AllocatorParts, state: Sealed<AllocatorState>): Amounts {
  const amounts = { ...NOTHING }
  for (const { pools, usedBlocks, requestedBytes } of parts.sizeClassStats(state)) {
    amounts.pools += pools
    amounts.poolBlocks += usedBlocks
    amounts.poolBytes += requestedBytes
  }
  const { blocks, bytes } = parts.cLibraryBlocks(state)
  const { mappedBytes } = parts.fragmentation(state)
  return { ...amounts, clibBlocks: blocks, clibBytes: bytes, arenas: parts.allocatorStats(state).arenas, arenaBytes: mappedBytes }
}

/** From 3.9 on one arena without a live block stays: the last of the usable list. */
export function allocatorLeftover(parts: AllocatorParts, profile: AllocatorProfile, state: Sealed<AllocatorState>): string | null {
  const { arenas, arenaBytes, ...rest } = allocatorHeld(parts, state)
  const remaining = Object.entries(rest).filter(([, amount]) => amount !== 0)
  if (remaining.length > 0) return `remains: ${remaining.map(([name, amount]) => `${name} ${amount}`).join(', ')}`
  const { arenasAllocatedTotal } = parts.allocatorStats(state)
  const kept = profile.keepsLastArena && arenasAllocatedTotal > 0 ? 1 : 0
  if (arenas > kept || arenaBytes > kept * profile.arenaBytes) return `${arenas} arenas remain, the profile keeps ${kept}`
  const counted = parts.allocatedBlocks(state)
  return counted === 0 ? null : `getallocatedblocks counts ${counted}`
}
