import * as ours from '@reheap/host-memory'
import { type Fact, type HostMemoryState, Request } from '@reheap/host-memory'
import { EventColumns, type Sealed } from '@reheap/kernel'
import type { Arbitrary } from 'fast-check'
import { isLeft } from 'fp-ts/lib/Either.js'
import type { Subject } from '../subject.ts'
import type { HostFigures } from './naive-figures.ts'
import { NaiveHostMemory } from './naive-host.ts'
import {
  endOfHost,
  type HostSetting,
  impossibleHostRequests,
  MAPPINGS,
  PROCESSES,
  type TinyHostProgram,
  tinyHostProfile,
  tinyHostPrograms,
} from './tiny-programs.ts'

/** What {@link Subject} is for a host. */
export type HostSubject = Subject<HostMemoryState, HostSetting, Request, Fact>

/** What a host consists of, by the names that `@reheap/host-memory` exports it under. */
export type HostParts = Pick<
  typeof ours,
  | 'checkCheap'
  | 'checkFull'
  | 'emptyHostMemory'
  | 'hostMemoryMechanism'
  | 'hostMemoryReducer'
  | 'hostMemoryWording'
  | 'mappingOf'
  | 'owners'
  | 'processMemory'
  | 'swapTotals'
  | 'systemMemory'
  | 'wasPressed'
>

const PAGE = 4096

function leftover({ owners }: HostParts, state: Sealed<HostMemoryState>, { ram }: HostSetting): string | null {
  const { freeBytes, cacheBytes, processBytes, systemBytes } = owners(state)
  if (processBytes > 0) return `${processBytes} bytes are still processes'`
  const all = freeBytes + cacheBytes + systemBytes
  return all === ram * PAGE ? null : `free, cache and system are ${all} of ${ram * PAGE} bytes`
}

/** The figures of a host that its naive model gives too. */
export function modelledFigures(parts: HostParts, state: Sealed<HostMemoryState>): HostFigures {
  const { free, cached } = parts.systemMemory(state)
  const isPressed = parts.wasPressed(state)
  const lives = PROCESSES.map((process) => parts.processMemory(state, process))
  const pages = lives.map(
    ({ anonymousBytes, fileBytes, sharedBytes, peakBytes }) => [anonymousBytes, fileBytes, sharedBytes, peakBytes] as const,
  )
  return {
    isPressed,
    lives: lives.map(({ state: became, vmsBytes }) => ({ state: became, vmsBytes })),
    places: MAPPINGS.map((id) => parts.mappingOf(state, id)),
    pages: isPressed ? null : { freeBytes: free, cachedBytes: cached, lives: pages },
  }
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

/**
 * A host, ready for the laws but for those that read rows back or ask for accounts.
 *
 * @param programs hosts of a few pages if not given
 * @param parts the host: ours if not given
 */
export function hostSubject(programs: Arbitrary<TinyHostProgram> = tinyHostPrograms(), parts: HostParts = ours): HostSubject {
  return {
    name: 'host-memory',
    reducer: parts.hostMemoryReducer as unknown as HostSubject['reducer'],
    mechanism: parts.hostMemoryMechanism as HostSubject['mechanism'],
    wording: parts.hostMemoryWording as unknown as HostSubject['wording'],
    newRows: () => new EventColumns() as unknown as ReturnType<NonNullable<HostSubject['newRows']>>,
    initial: (setting) => parts.emptyHostMemory(tinyHostProfile(setting)),
    programs,
    impossible: impossibleHostRequests,
    drain: endOfHost,
    probe: () => [],
    figures: (state) => ({
      owners: parts.owners(state),
      swap: parts.swapTotals(state),
      processes: PROCESSES.map((process) => parts.processMemory(state, process)),
    }),
    check: (state) => {
      const cheap = parts.checkCheap(state)
      return isLeft(cheap) ? cheap : parts.checkFull(state)
    },
    model: (setting) => new NaiveHostMemory(tinyHostProfile(setting)),
    kindOf: (reason) => (reason as { readonly kind: string }).kind,
    // A process that is killed while it touches pages does not tell how many it had touched by then.
    flow: () => ({}),
    held: () => ({}),
    leftover: (setting, state) => leftover(parts, state, setting),
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
