/** Arbitraries of whole programs that a law is tried on. */
import type { AllocatorProfile, Domain, Request } from '@reheap/allocator'
import fc from 'fast-check'
import type { Program } from '../subject.ts'
import { Author } from './author.ts'
import { type Deed, deeds } from './deeds.ts'
import type { SystemSetting } from './naive-system.ts'
import { recordingOf, type Surroundings } from './recording.ts'

/** Under what an allocator begins: its constants, and who answers for the system below. */
export interface AllocatorSetting {
  readonly profile: AllocatorProfile
  readonly system: SystemSetting
}

/** One case that the allocator's laws are tried on. */
export type AllocatorProgram = Program<AllocatorSetting, Request>

/** Requests of a valid program under a profile, without what a system would answer. */
const requestsOf = (profile: AllocatorProfile, plan: readonly Deed[], numbering: { first: number; step: number }): readonly Request[] => {
  const author = new Author(profile, numbering)
  for (const deed of plan) author.write(deed)
  return author.requests
}

/** Long plans as often as short ones: arenas come and go only in long ones. */
const plans = (deedsMax: number): fc.Arbitrary<readonly Deed[]> => fc.array(deeds, { maxLength: deedsMax, size: 'max' })
/** Dense ids, as recorders give them; also sparse ones, and ones that cross the pages of a table. */
const numberings = fc.record({ first: fc.constantFrom(1, 0, 250), step: fc.constantFrom(1, 97) })
const surroundings: fc.Arbitrary<Surroundings> = fc.record({
  offsetUnits: fc.oneof(fc.constant(0), fc.nat(15)),
  slots: fc.array(fc.nat(31), { minLength: 1, maxLength: 8 }),
  refused: fc.array(fc.nat(12), { maxLength: 2 }),
  isSilent: fc.boolean(),
  hasOtherUser: fc.boolean(),
})

/** Valid programs with the answers of a system in them, as a recorder writes them. */
export const recordedPrograms = (profiles: fc.Arbitrary<AllocatorProfile>, deedsMax = 40): fc.Arbitrary<AllocatorProgram> =>
  fc.tuple(profiles, plans(deedsMax), numberings, surroundings).map(
    ([profile, plan, numbering, around]): AllocatorProgram => ({
      setting: { profile, system: { kind: 'recorded' } },
      requests: recordingOf(profile, requestsOf(profile, plan, numbering), around),
    }),
  )

/** Valid programs on a simulated system, which may be so small that it refuses arenas. */
export const simulatedPrograms = (profiles: fc.Arbitrary<AllocatorProfile>, deedsMax = 40): fc.Arbitrary<AllocatorProgram> =>
  fc
    .tuple(profiles, plans(deedsMax), numberings, fc.nat(15), fc.oneof(fc.constant(4096), fc.nat(6)))
    .map(([profile, plan, numbering, offsetUnits, arenas]): AllocatorProgram => {
      const offset = (offsetUnits * profile.alignmentBytes) % profile.poolBytes
      return {
        setting: { profile, system: { kind: 'simulated', topBytes: (arenas + 1) * profile.arenaBytes + offset } },
        requests: requestsOf(profile, plan, numbering),
      }
    })

/** Valid programs of both kinds. */
export const allocatorPrograms = (profiles: fc.Arbitrary<AllocatorProfile>, deedsMax?: number): fc.Arbitrary<AllocatorProgram> =>
  fc.oneof(recordedPrograms(profiles, deedsMax), simulatedPrograms(profiles, deedsMax))

/** Requests that cannot have happened after a program: each is wrong in one way or in several at once. */
export const impossibleRequests = (program: AllocatorProgram): fc.Arbitrary<Request> => {
  const live = liveBlocks(program.requests)
  const unknown = nextId(program.requests)
  const someLive = live.size > 0 ? [...live.keys()] : [unknown]
  const domain = fc.constantFrom<Domain>('raw', 'mem', 'obj', 'none' as Domain)
  const bytes = fc.constantFrom(1, 16, 600, -1, 0.5, Number.NaN)
  const dead = fc.integer({ min: unknown, max: unknown + 300 })
  const living = fc.constantFrom(...someLive)
  const either = fc.oneof(dead, living)
  return fc.oneof(
    fc.record({ kind: fc.constant('Malloc' as const), domain, block: either, bytes }),
    fc.record({ kind: fc.constant('Calloc' as const), domain, block: either, count: fc.nat(3), elementBytes: bytes }),
    fc.record({ kind: fc.constant('Realloc' as const), domain, block: fc.option(either), newBlock: either, bytes }),
    fc.record({ kind: fc.constant('Free' as const), domain, block: either }),
    fc.record({ kind: fc.constant('ArenaMapped' as const), address: fc.constantFrom(16, -1), bytes }),
    fc.constant<Request>({ kind: 'ReleaseHeap' }),
  )
}

/** Live blocks at the end of a program, and the domain that each was asked in. */
export function liveBlocks(requests: readonly Request[]): ReadonlyMap<number, Domain> {
  const live = new Map<number, Domain>()
  for (const request of requests) {
    if (request.kind === 'Free' || request.kind === 'Realloc') if (request.block !== null) live.delete(request.block)
    if (request.kind === 'Malloc' || request.kind === 'Calloc') live.set(request.block, request.domain)
    if (request.kind === 'Realloc') live.set(request.newBlock, request.domain)
  }
  return live
}

/** An id above every id that a program uses. */
export function nextId(requests: readonly Request[]): number {
  let largest = 0
  for (const request of requests) {
    if ('block' in request && request.block !== null) largest = Math.max(largest, request.block)
    if (request.kind === 'Realloc') largest = Math.max(largest, request.newBlock)
  }
  return largest + 1
}
