import * as ours from '@reheap/allocator'
import { type AllocatorRejection, type AllocatorState, type Fact, Request } from '@reheap/allocator'
import type { Sealed } from '@reheap/kernel'
import type { Arbitrary } from 'fast-check'
import { isLeft } from 'fp-ts/lib/Either.js'
import type { Subject } from '../subject.ts'
import { allocatorFlow, allocatorHeld, allocatorLeftover } from './amounts.ts'
import { allocatorLog, programOfLog } from './log.ts'
import type { AllocatorFigures } from './naive-figures.ts'
import { NaivePymalloc } from './naive-pymalloc.ts'
import { probeOf } from './probe.ts'
import { tinyProfiles } from './profiles.ts'
import { type AllocatorProgram, type AllocatorSetting, allocatorPrograms, impossibleRequests, liveBlocks } from './programs.ts'
import { withUnmappings } from './recording.ts'
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
    flow: allocatorFlow,
    held: (state) => allocatorHeld(parts, state),
    leftover: ({ profile }, state) => allocatorLeftover(parts, profile, state),
    requestAt,
    decode: (value) => Request.decode(value),
    logOf: allocatorLog,
    programOf: programOfLog,
    completed: (program) => (program.setting.system.kind === 'recorded' ? { ...program, requests: withUnmappings(program) } : program),
  }
}
