import {
  checkCheap,
  checkFull,
  emptyHostMemory,
  type Fact,
  type HostMemoryState,
  hostMemoryMechanism,
  hostMemoryReducer,
  hostMemoryWording,
  owners,
  processMemory,
  Request,
  swapTotals,
} from '@reheap/host-memory'
import { EventColumns, type Sealed } from '@reheap/kernel'
import fc, { type Arbitrary } from 'fast-check'
import { isLeft } from 'fp-ts/lib/Either.js'
import { believing } from '../model.ts'
import type { Subject } from '../subject.ts'
import { endOfHost, type HostSetting, type TinyHostProgram, tinyHostProfile, tinyHostPrograms } from './tiny-programs.ts'

/** What {@link Subject} is for a host, but for what a naive model says of it. */
export type HostSubject = Subject<HostMemoryState, HostSetting, Request, Fact>

const PROCESSES = [0, 1, 2]
const PAGE = 4096

function leftover(state: Sealed<HostMemoryState>, { ram }: HostSetting): string | null {
  const { freeBytes, cacheBytes, processBytes, systemBytes } = owners(state)
  if (processBytes > 0) return `${processBytes} bytes are still processes'`
  const all = freeBytes + cacheBytes + systemBytes
  return all === ram * PAGE ? null : `free, cache and system are ${all} of ${ram * PAGE} bytes`
}

type HostOpened = Extract<Request, { readonly kind: 'HostOpened' }>

const settingOf = ({ ramBytes, swapBytes, cacheBytes }: HostOpened): HostSetting => ({
  ram: ramBytes / PAGE,
  swap: swapBytes / PAGE,
  cache: cacheBytes / PAGE,
})

/** A program as JSON Lines: header, the host's size, the requests. */
function logOf({ setting, requests }: TinyHostProgram): readonly string[] {
  const header = { reheap: 1, runtime: { name: 'cpython', version: '3.11', pointerBits: 64 }, command: 'a generated program' }
  const { ramBytes = 0, swapBytes = 0, romBytes = 0, systemBytes = 0, cacheBytes = 0 } = tinyHostProfile(setting).host
  const opened: HostOpened = { kind: 'HostOpened', ramBytes, swapBytes, romBytes, systemBytes, cacheBytes, touches: 'recorded' }
  return [header, opened, ...requests].map((line) => JSON.stringify(line))
}

/** A host, ready for the laws that need no naive model. @param programs hosts of a few pages if not given */
export function hostSubject(programs: Arbitrary<TinyHostProgram> = tinyHostPrograms()): HostSubject {
  return {
    name: 'host-memory',
    reducer: hostMemoryReducer as unknown as HostSubject['reducer'],
    mechanism: hostMemoryMechanism as HostSubject['mechanism'],
    wording: hostMemoryWording as unknown as HostSubject['wording'],
    newRows: () => new EventColumns() as unknown as ReturnType<NonNullable<HostSubject['newRows']>>,
    initial: (setting) => emptyHostMemory(tinyHostProfile(setting)),
    programs,
    impossible: () => fc.nat(9).map((block): Request => ({ kind: 'LibraryFree', block: 90_000 + block })),
    drain: endOfHost,
    probe: () => [{ kind: 'ReadFile', bytes: PAGE }],
    figures: (state) => ({
      owners: owners(state),
      swap: swapTotals(state),
      processes: PROCESSES.map((process) => processMemory(state, process)),
    }),
    check: (state) => {
      const cheap = checkCheap(state)
      return isLeft(cheap) ? cheap : checkFull(state)
    },
    model: () => believing(),
    kindOf: (reason) => (reason as { readonly kind: string }).kind,
    // A process that is killed while it touches pages does not tell how many it had touched by then.
    flow: () => ({}),
    held: () => ({}),
    leftover: (setting, state) => leftover(state, setting),
    requestAt: () => {
      throw new Error('rows of a host are read by @reheap/trace')
    },
    decode: (value) => Request.decode(value),
    logOf,
    programOf: ([, opened = '{}', ...lines]) => ({
      setting: settingOf(JSON.parse(opened) as HostOpened),
      requests: lines.map((line) => JSON.parse(line) as Request),
    }),
  }
}
