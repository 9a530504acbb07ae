/** Programs of a host so small that cache gives way, pages are swapped, and processes are killed. */
import {
  emptyHostMemory,
  type FactOpcode,
  type HostMemoryProfile,
  hostMemoryMechanism,
  hostMemoryProfile,
  hostMemoryWording,
  type Request,
  type RequestOpcode,
} from '@reheap/host-memory'
import { type Batch, Emit, EventColumns } from '@reheap/kernel'
import fc, { type Arbitrary } from 'fast-check'
import type { Program } from '../subject.ts'

const PAGE = 4096
/** Processes and mappings that made programs name: few, so that they meet. */
export const PROCESSES = [0, 1, 2] as const
export const MAPPINGS = [0, 1, 2, 3, 4, 5] as const

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

const TOP = (hostMemoryProfile('linux-x86_64') as HostMemoryProfile).mapTop
const mapping = fc.constantFrom(...MAPPINGS)
const anybody = fc.constantFrom(...PROCESSES)
const block = fc.nat(11)

/** Most of the time the one process that a mapping or block of that number belongs to, so that few requests are refused. */
const ownerOf = (id: number): Arbitrary<number> =>
  fc.oneof({ weight: 9, arbitrary: fc.constant(id % PROCESSES.length) }, { weight: 1, arbitrary: anybody })
const mine = mapping.chain((id) => fc.record({ mapping: fc.constant(id), process: ownerOf(id) }))
const held = block.chain((id) => fc.record({ block: fc.constant(id), process: ownerOf(id) }))

const pages = fc.integer({ min: 1, max: 12 }).map((count) => count * PAGE)
const few = fc.integer({ min: 1, max: 4 }).map((count) => count * PAGE)
const bytes = fc.oneof(
  { weight: 4, arbitrary: fc.nat(600) },
  { weight: 4, arbitrary: fc.nat(20_000) },
  { weight: 1, arbitrary: fc.integer({ min: 120_000, max: 300_000 }) },
)
const kind = <const Kind extends Request['kind']>(...kinds: readonly Kind[]) => fc.constantFrom(...kinds)

const backing = fc.constantFrom('anonymous' as const, 'anonymous' as const, 'file' as const, 'shared' as const)
/** An address of few places, so that mappings meet; mostly none. */
const placed = fc.oneof(
  { weight: 5, arbitrary: fc.constant({}) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 30 }).map((page) => ({ address: TOP - page * PAGE })) },
)
const wholePages = fc.record({ from: fc.nat(3).map((page) => page * PAGE), bytes: few })
const anyBytes = fc.record({ from: fc.nat(4 * PAGE), bytes: fc.integer({ min: 1, max: 4 * PAGE }) })

/** One request of several parts. */
const joined = <A extends object, B extends object, C extends object = object>(
  a: Arbitrary<A>,
  b: Arbitrary<B>,
  c: Arbitrary<C> = fc.constant({} as C),
): Arbitrary<A & B & C> => fc.tuple(a, b, c).map(([first, second, third]) => ({ ...first, ...second, ...third }))

/** Any request, most of them about few mappings, blocks and processes, so that they meet. */
export const hostRequests: Arbitrary<Request> = fc.oneof(
  fc.record({ kind: kind('StartProcess', 'StartProcess', 'EndProcess'), process: anybody }),
  { weight: 2, arbitrary: joined(held, fc.record({ kind: kind('LibraryMalloc'), bytes })) },
  joined(held, fc.record({ kind: kind('LibraryCalloc'), count: fc.nat(3), elementBytes: bytes })),
  joined(held, fc.record({ kind: kind('LibraryRealloc'), newBlock: block, bytes })),
  { weight: 2, arbitrary: joined(held, fc.record({ kind: kind('LibraryFree') })) },
  joined(held, fc.record({ kind: kind('TouchBlock'), from: fc.nat(9000), bytes: fc.nat(20_000) })),
  { weight: 4, arbitrary: joined(mine, fc.record({ kind: kind('MapMemory'), bytes: pages, backing }), placed) },
  { weight: 3, arbitrary: joined(mine, fc.record({ kind: kind('MapShared'), of: mapping, bytes: few }), placed) },
  { weight: 6, arbitrary: joined(mine, fc.record({ kind: kind('TouchPages', 'TouchPages', 'ReadPages', 'CopyPages') }), wholePages) },
  joined(mine, fc.record({ kind: kind('TouchPages', 'ReadPages', 'CopyPages') }), anyBytes),
  { weight: 2, arbitrary: joined(mine, fc.record({ kind: kind('UnmapMemory', 'ReleasePages') }), wholePages) },
  { weight: 2, arbitrary: joined(mine, fc.record({ kind: kind('RemapMemory'), bytes: pages }), placed) },
  fc.record({ kind: kind('ReadFile'), bytes: pages }),
)

/** Hosts on which memory is short, with swap and without. */
export const hostSettings: Arbitrary<HostSetting> = fc.record({
  ram: fc.constantFrom(8, 40, 120, 200),
  swap: fc.constantFrom(0, 0, 4, 60),
  cache: fc.constantFrom(0, 5),
})

/** The program of what a host accepts of some requests. */
export function acceptedBy(setting: HostSetting, wishes: readonly Request[]): TinyHostProgram {
  const rows = new EventColumns(Math.max(1, wishes.length))
  for (const wish of wishes) hostMemoryWording.write(wish, rows)
  const draft = hostMemoryMechanism.thaw(emptyHostMemory(tinyHostProfile(setting)))
  const refused = new Set<number>()
  // A refused row changes nothing, so that what comes behind it can be asked of the same draft.
  for (let row = 0; row < rows.length; row++) {
    row = hostMemoryMechanism.applyBatch(draft, rows as Batch<RequestOpcode>, row, rows.length, new Emit<FactOpcode>({ muted: true }))
    if (row < 0) break
    refused.add(row)
  }
  return { setting, requests: wishes.filter((_, place) => !refused.has(place)) }
}

/** A wish, or once in a while the machine's end, with a new beginning or without. */
const wishes: Arbitrary<readonly Request[]> = fc.oneof(
  { weight: 250, arbitrary: hostRequests.map((request) => [request]) },
  { weight: 1, arbitrary: fc.constantFrom<readonly Request[]>([{ kind: 'PowerOff' }, { kind: 'PowerOn' }], [{ kind: 'PowerOff' }]) },
)
/** All processes live, and some map memory: most programs have something to go on with. */
const begun: readonly Request[] = [
  ...PROCESSES.slice(1).map((process): Request => ({ kind: 'StartProcess', process })),
  ...PROCESSES.map((id): Request => ({ kind: 'MapMemory', mapping: id, bytes: 6 * PAGE, backing: 'anonymous', process: id })),
  { kind: 'MapMemory', mapping: 3, bytes: 4 * PAGE, backing: 'file', process: 0 },
]
const beginnings = fc.constantFrom<readonly Request[]>([], begun, begun)

/** Programs of what a host accepts of such requests. */
export const tinyHostPrograms = (requestsMax = 120): Arbitrary<TinyHostProgram> =>
  fc
    .tuple(hostSettings, beginnings, fc.array(wishes, { maxLength: requestsMax, size: 'max' }))
    .map(([setting, beginning, later]) => acceptedBy(setting, [...beginning, ...later.flat()]))

/** Requests that end every process that a program leaves alive. */
export function endOfHost({ requests }: TinyHostProgram): readonly Request[] {
  const alive = new Set([0])
  let hasPower = true
  for (const request of requests) {
    if (request.kind === 'StartProcess') alive.add(request.process)
    else if (request.kind === 'EndProcess') alive.delete(request.process)
    else if (request.kind === 'PowerOff') {
      alive.clear()
      hasPower = false
    } else if (request.kind === 'PowerOn') {
      alive.add(0)
      hasPower = true
    }
  }
  const ends = [...alive].map((number): Request => ({ kind: 'EndProcess', process: number }))
  return hasPower ? ends : [{ kind: 'PowerOn' }]
}

/** Requests most of which cannot have happened after a program. */
export function impossibleHostRequests({ requests }: TinyHostProgram): Arbitrary<Request> {
  const wrongBytes = fc.constantFrom(-1, 0, 0.5, 2 ** 48)
  const wrongAddress = fc.constantFrom(-PAGE, 1, 2 ** 47)
  const unknown = fc.constant(90_000)
  const asked = requests.length === 0 ? fc.constant<Request>({ kind: 'PowerOn' }) : fc.constantFrom(...requests)
  return fc.oneof(
    // Again what was done before: mapped, started or freed already.
    { weight: 4, arbitrary: asked },
    { weight: 4, arbitrary: hostRequests },
    joined(held, fc.record({ kind: kind('LibraryFree', 'LibraryRealloc'), block: unknown, newBlock: block, bytes })),
    joined(held, fc.record({ kind: kind('LibraryMalloc'), bytes: fc.constantFrom(-1, 0.5, 2 ** 47) })),
    joined(held, fc.record({ kind: kind('LibraryAlign'), alignment: fc.constantFrom(0, 2 ** 31), bytes })),
    joined(held, fc.record({ kind: kind('TouchBlock'), from: fc.constantFrom(0, 2 ** 40), bytes: fc.constantFrom(-1, 2 ** 40) })),
    joined(mine, fc.record({ kind: kind('MapMemory'), bytes: wrongBytes, backing })),
    joined(mine, fc.record({ kind: kind('MapMemory', 'RemapMemory'), bytes: pages, backing, address: wrongAddress })),
    joined(mine, fc.record({ kind: kind('MapShared'), of: mapping, bytes: fc.constantFrom(PAGE, 2 ** 40) })),
    joined(mine, fc.record({ kind: kind('TouchPages', 'UnmapMemory'), from: fc.constantFrom(0, 1, 0.5, 2 ** 40), bytes: wrongBytes })),
    joined(mine, fc.record({ kind: kind('ReleasePages', 'ReadPages'), from: fc.constantFrom(1, PAGE, 2 ** 40), bytes: pages })),
    fc.record({ kind: kind('StartProcess', 'EndProcess'), process: fc.constantFrom(0, 1, 2, 3) }),
    fc.record({ kind: kind('ReadFile'), bytes: fc.constantFrom(-1, 0.5) }),
    fc.constantFrom<Request>({ kind: 'PowerOn' }, { kind: 'PowerOff' }),
    openings,
  )
}

/** Sizes of a machine, also such as cannot be. */
const openings: Arbitrary<Request> = fc.record({
  kind: kind('HostOpened'),
  ramBytes: fc.constantFrom(40 * PAGE, 2 * PAGE),
  swapBytes: fc.constantFrom(0, -1),
  romBytes: fc.constantFrom(0, 0.5),
  systemBytes: fc.constant(PAGE),
  cacheBytes: fc.constantFrom(0, 4 * PAGE),
  touches: fc.constantFrom('assumed' as const, 'recorded' as const),
})
