import * as ours from '@reheap/allocator'
import { type AllocatorRejection, type AllocatorState, type Fact, Request } from '@reheap/allocator'
import type { Sealed } from '@reheap/kernel'
import type { Arbitrary } from 'fast-check'
import { isLeft } from 'fp-ts/lib/Either.js'
import type { Amounts, Subject } from '../subject.ts'
import { allocatorLog } from './log.ts'
import type { AllocatorFigures } from './naive-figures.ts'
import { NaivePymalloc } from './naive-pymalloc.ts'
import { probeOf } from './probe.ts'
import { tinyProfiles } from './profiles.ts'
import { type AllocatorProgram, type AllocatorSetting, allocatorPrograms, impossibleRequests, liveBlocks } from './programs.ts'
import { requestAt } from './request-row.ts'

/** What {@link Subject} is for an allocator with states `S`. */
export type AllocatorSubject<S = AllocatorState> = Subject<S, AllocatorSetting, Request, Fact>

/** What an allocator consists of, by the names that `@reheap/allocator` exports it under. */
export type AllocatorParts = Pick<
  typeof ours,
  | 'allocatedBlocks'
  | 'allocatorMechanism'
  | 'allocatorReducer'
  | 'allocatorStats'
  | 'allocatorWording'
  | 'checkCheap'
  | 'checkFull'
  | 'cLibraryBlocks'
  | 'emptyAllocator'
  | 'fragmentation'
  | 'mallocStats'
  | 'pinnedArenas'
  | 'recordedSystem'
  | 'simulatedSystem'
  | 'sizeClassStats'
>

function figuresOf(parts: AllocatorParts, state: Sealed<AllocatorState>): AllocatorFigures {
  const levels = parts.mallocStats(state).arenaMap?.levels
  return {
    stats: parts.allocatorStats(state),
    allocatedBlocks: parts.allocatedBlocks(state),
    classes: parts.sizeClassStats(state),
    cLibrary: parts.cLibraryBlocks(state),
    fragmentation: parts.fragmentation(state),
    arenas: parts.pinnedArenas(state),
    arenaMap: { mids: levels?.mids ?? 0, bots: levels?.bots ?? 0 },
  }
}

/** Blocks and bytes of both kinds, pools and arenas. */
const NOTHING = { poolBlocks: 0, poolBytes: 0, clibBlocks: 0, clibBytes: 0, pools: 0, arenas: 0, arenaBytes: 0 }

function flow(facts: readonly Fact[]): Amounts {
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

function heldIn(parts: AllocatorParts, state: Sealed<AllocatorState>): Amounts {
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
function leftoverIn(parts: AllocatorParts, { profile }: AllocatorSetting, state: Sealed<AllocatorState>): string | null {
  const { arenas, arenaBytes, ...rest } = heldIn(parts, state)
  const remaining = Object.entries(rest).filter(([, amount]) => amount !== 0)
  if (remaining.length > 0) return `remains: ${remaining.map(([name, amount]) => `${name} ${amount}`).join(', ')}`
  const { arenasAllocatedTotal } = parts.allocatorStats(state)
  const kept = profile.keepsLastArena && arenasAllocatedTotal > 0 ? 1 : 0
  if (arenas > kept || arenaBytes > kept * profile.arenaBytes) return `${arenas} arenas remain, the profile keeps ${kept}`
  const counted = parts.allocatedBlocks(state)
  return counted === 0 ? null : `getallocatedblocks counts ${counted}`
}

function drain({ requests }: AllocatorProgram): readonly Request[] {
  return [...liveBlocks(requests)].map(([block, domain]) => ({ kind: 'Free', domain, block }))
}

/**
 * An allocator, ready for the laws.
 *
 * @param programs what it is tried on: tiny profiles if not given
 * @param parts the allocator: ours if not given
 */
export function allocatorSubject(
  programs: Arbitrary<AllocatorProgram> = allocatorPrograms(tinyProfiles),
  parts: AllocatorParts = ours,
): AllocatorSubject {
  return {
    name: 'allocator',
    reducer: parts.allocatorReducer,
    mechanism: parts.allocatorMechanism,
    wording: parts.allocatorWording,
    initial: ({ profile, system }) =>
      parts.emptyAllocator(profile, system.kind === 'recorded' ? parts.recordedSystem() : parts.simulatedSystem(system.topBytes)),
    programs,
    impossible: impossibleRequests,
    drain,
    probe: probeOf,
    figures: (state) => figuresOf(parts, state),
    check: (state) => {
      const cheap = parts.checkCheap(state)
      return isLeft(cheap) ? cheap : parts.checkFull(state)
    },
    model: ({ profile, system }) => new NaivePymalloc(profile, system),
    kindOf: (reason) => (reason as AllocatorRejection).kind,
    flow,
    held: (state) => heldIn(parts, state),
    leftover: (setting, state) => leftoverIn(parts, setting, state),
    requestAt,
    decode: (value) => Request.decode(value),
    logOf: allocatorLog,
  }
}
