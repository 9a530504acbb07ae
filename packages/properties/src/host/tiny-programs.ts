/** Programs of a host so small that cache gives way, pages are swapped, and processes are killed. */
import { emptyHostMemory, type HostMemoryProfile, hostMemoryProfile, hostMemoryReducer, type Request } from '@reheap/host-memory'
import fc, { type Arbitrary } from 'fast-check'
import type { Program } from '../subject.ts'

const PAGE = 4096
const PROCESSES = 3

/** Pages of RAM, of swap, and of cache at the beginning. */
export interface HostSetting {
  readonly ram: number
  readonly swap: number
  readonly cache: number
}

/** One case that the laws of a host are tried on. */
export type TinyHostProgram = Program<HostSetting, Request>

/** A host of so many pages that nobody uses yet. */
export function tinyHostProfile({ ram, swap, cache }: HostSetting): HostMemoryProfile {
  const linux = hostMemoryProfile('linux-x86_64') as HostMemoryProfile
  const host = { ramBytes: ram * PAGE, swapBytes: swap * PAGE, romBytes: 0, systemBytes: 0, cacheBytes: cache * PAGE }
  return { ...linux, host }
}

const process = fc.nat(PROCESSES - 1)
const mapping = fc.nat(5)
const block = fc.nat(11)
const pages = fc.integer({ min: 1, max: 12 }).map((count) => count * PAGE)
const bytes = fc.oneof(fc.nat(600), fc.nat(40_000), fc.integer({ min: 120_000, max: 300_000 }))
const inMapping = { mapping, from: fc.nat(8).map((page) => page * PAGE), bytes: pages, process }
const kind = <const Kind extends Request['kind']>(...kinds: readonly Kind[]) => fc.constantFrom(...kinds)

/** Any request, most of them about few mappings, blocks and processes, so that they meet. */
export const hostRequests: Arbitrary<Request> = fc.oneof(
  fc.record({ kind: kind('StartProcess', 'EndProcess'), process }),
  { weight: 4, arbitrary: fc.record({ kind: kind('LibraryMalloc'), block, bytes, process }) },
  fc.record({ kind: kind('LibraryRealloc'), block, newBlock: block, bytes, process }),
  { weight: 3, arbitrary: fc.record({ kind: kind('LibraryFree'), block, process }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: kind('MapMemory'),
      mapping,
      bytes: pages,
      backing: fc.constantFrom('anonymous' as const, 'file' as const, 'shared' as const),
      process,
    }),
  },
  fc.record({ kind: kind('MapShared'), mapping, of: mapping, bytes: pages, process }),
  { weight: 5, arbitrary: fc.record({ kind: kind('TouchPages', 'ReadPages', 'CopyPages'), ...inMapping }) },
  { weight: 2, arbitrary: fc.record({ kind: kind('UnmapMemory', 'ReleasePages'), ...inMapping }) },
  fc.record({ kind: kind('RemapMemory'), mapping, bytes: pages, process }),
  fc.record({ kind: kind('ReadFile'), bytes: pages }),
)

/** Hosts on which memory is short, with swap and without. */
export const hostSettings: Arbitrary<HostSetting> = fc.record({
  ram: fc.constantFrom(8, 40, 120),
  swap: fc.constantFrom(0, 4, 60),
  cache: fc.constantFrom(0, 5),
})

/** The program of what a host accepts of some requests. */
export function acceptedBy(setting: HostSetting, wishes: readonly Request[]): TinyHostProgram {
  let state = emptyHostMemory(tinyHostProfile(setting))
  const requests = wishes.filter((request) => {
    const stepped = hostMemoryReducer.step(state, request)
    if (stepped._tag === 'Left') return false
    state = stepped.right.state
    return true
  })
  return { setting, requests }
}

/** Programs of what a host accepts of such requests. */
export const tinyHostPrograms = (requestsMax = 60): Arbitrary<TinyHostProgram> =>
  fc
    .record({
      setting: hostSettings,
      wishes: fc.array(hostRequests, { maxLength: requestsMax, size: 'max' }),
    })
    .map(({ setting, wishes }) => acceptedBy(setting, wishes))

/** Requests that end every process that a program leaves alive. */
export function endOfHost({ requests }: TinyHostProgram): readonly Request[] {
  const alive = new Set([0])
  for (const request of requests) {
    if (request.kind === 'StartProcess') alive.add(request.process)
    else if (request.kind === 'EndProcess') alive.delete(request.process)
  }
  return [...alive].map((number): Request => ({ kind: 'EndProcess', process: number }))
}
