import {
  type AllocatorRejection,
  type AllocatorState,
  allocatedBlocks,
  allocatorMechanism,
  allocatorReducer,
  allocatorStats,
  allocatorWording,
  checkCheap,
  checkFull,
  cLibraryBlocks,
  emptyAllocator,
  type Fact,
  fragmentation,
  mallocStats,
  pinnedArenas,
  Request,
  recordedSystem,
  simulatedSystem,
  sizeClassStats,
} from '@reheap/allocator'
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

function initial({ profile, system }: AllocatorSetting): Sealed<AllocatorState> {
  return emptyAllocator(profile, system.kind === 'recorded' ? recordedSystem() : simulatedSystem(system.topBytes))
}

function figures(state: Sealed<AllocatorState>): AllocatorFigures {
  const levels = mallocStats(state).arenaMap?.levels
  return {
    stats: allocatorStats(state),
    allocatedBlocks: allocatedBlocks(state),
    classes: sizeClassStats(state),
    cLibrary: cLibraryBlocks(state),
    fragmentation: fragmentation(state),
    arenas: pinnedArenas(state),
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

function held(state: Sealed<AllocatorState>): Amounts {
  const amounts = { ...NOTHING }
  for (const { pools, usedBlocks, requestedBytes } of sizeClassStats(state)) {
    amounts.pools += pools
    amounts.poolBlocks += usedBlocks
    amounts.poolBytes += requestedBytes
  }
  const { blocks, bytes } = cLibraryBlocks(state)
  const { mappedBytes } = fragmentation(state)
  return { ...amounts, clibBlocks: blocks, clibBytes: bytes, arenas: pinnedArenas(state).length, arenaBytes: mappedBytes }
}

/** From 3.9 on one arena without a live block stays: the last of the usable list. */
function leftover({ profile }: AllocatorSetting, state: Sealed<AllocatorState>): string | null {
  const { arenas, arenaBytes, ...rest } = held(state)
  const remaining = Object.entries(rest).filter(([, amount]) => amount !== 0)
  if (remaining.length > 0) return `remains: ${remaining.map(([name, amount]) => `${name} ${amount}`).join(', ')}`
  const { arenasAllocatedTotal } = allocatorStats(state)
  const kept = profile.keepsLastArena && arenasAllocatedTotal > 0 ? 1 : 0
  if (arenas > kept || arenaBytes > kept * profile.arenaBytes) return `${arenas} arenas remain, the profile keeps ${kept}`
  const counted = allocatedBlocks(state)
  return counted === 0 ? null : `getallocatedblocks counts ${counted}`
}

function drain({ requests }: AllocatorProgram): readonly Request[] {
  return [...liveBlocks(requests)].map(([block, domain]) => ({ kind: 'Free', domain, block }))
}

/** Our allocator, ready for the laws. @param programs what it is tried on: tiny profiles if not given */
export function allocatorSubject(programs: Arbitrary<AllocatorProgram> = allocatorPrograms(tinyProfiles)): AllocatorSubject {
  return {
    name: 'allocator',
    reducer: allocatorReducer,
    mechanism: allocatorMechanism,
    wording: allocatorWording,
    initial,
    programs,
    impossible: impossibleRequests,
    drain,
    probe: probeOf,
    figures,
    check: (state) => {
      const cheap = checkCheap(state)
      return isLeft(cheap) ? cheap : checkFull(state)
    },
    model: ({ profile, system }) => new NaivePymalloc(profile, system),
    kindOf: (reason) => (reason as AllocatorRejection).kind,
    flow,
    held,
    leftover,
    requestAt,
    decode: (value) => Request.decode(value),
    logOf: allocatorLog,
  }
}
