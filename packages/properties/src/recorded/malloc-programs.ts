/** Programs that ask for memory as real ones did: of pymalloc, and of the C library below it. */
import type { AllocatorProfile, Request as AllocatorRequest } from '@reheap/allocator'
import type { Request as HostRequest } from '@reheap/host-memory'
import fc, { type Arbitrary } from 'fast-check'
import type { AllocatorProgram } from '../allocator/programs.ts'
import { acceptedBy, hostSettings, type TinyHostProgram } from '../host/tiny-programs.ts'
import { inTime, type Sized, sizedOf } from './lives.ts'
import { RECORDED_MALLOC } from './malloc.ts'

/** So many arenas are never needed. */
const ARENAS = 4096

const births = (sized: Arbitrary<Sized>, birthsMax: number): Arbitrary<readonly Sized[]> =>
  fc.array(sized, { maxLength: birthsMax, size: 'max' })

function mallocs(sized: readonly Sized[]): readonly AllocatorRequest[] {
  const requests: AllocatorRequest[] = []
  inTime(sized, {
    born: ({ bytes }, at) => requests.push({ kind: 'Malloc', domain: 'obj', block: at + 1, bytes }),
    ended: (_, at) => requests.push({ kind: 'Free', domain: 'obj', block: at + 1 }),
  })
  return requests
}

/** Programs with the sizes and lifetimes of {@link RECORDED_MALLOC}, on a simulated system. */
export const measuredAllocatorPrograms = (profiles: Arbitrary<AllocatorProfile>, birthsMax = 120): Arbitrary<AllocatorProgram> =>
  fc.tuple(profiles, births(sizedOf(RECORDED_MALLOC.all), birthsMax)).map(
    ([profile, sized]): AllocatorProgram => ({
      setting: { profile, system: { kind: 'simulated', topBytes: ARENAS * profile.arenaBytes } },
      requests: mallocs(sized),
    }),
  )

/** Programs that ask the C library for what pymalloc passes on to it: the large requests of {@link RECORDED_MALLOC}. */
export const measuredHostPrograms = (birthsMax = 80): Arbitrary<TinyHostProgram> =>
  fc.tuple(hostSettings, births(sizedOf(RECORDED_MALLOC.large), birthsMax)).map(([setting, sized]) => {
    const wishes: HostRequest[] = []
    inTime(sized, {
      born: ({ bytes }, block) => wishes.push({ kind: 'LibraryMalloc', block, bytes, process: 0 }),
      ended: (_, block) => wishes.push({ kind: 'LibraryFree', block, process: 0 }),
    })
    return acceptedBy(setting, wishes)
  })
