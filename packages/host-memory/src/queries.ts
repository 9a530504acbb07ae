/** Read-only questions on a state. */
import { ALIVE, type AnyState, columnsOf, ENDED, type HostMemoryState, KILLED, residentPages } from './state.ts'

/** What became of a process. */
export type ProcessState = 'alive' | 'ended' | 'killed'

/** A process's memory, under psutil's words where it has one. @unit bytes */
export interface ProcessMemory {
  readonly process: number
  readonly state: ProcessState
  /** In RAM: anonymous pages, and those of files and shared memory that it has mapped. `rss` */
  readonly rssBytes: number
  /** The most that was in RAM. `VmHWM`, `ru_maxrss` */
  readonly peakBytes: number
  /** Mapped. `vms` */
  readonly vmsBytes: number
  /** Mapped by its areas, which is the same. */
  readonly mappedBytes: number
  /** Of the C library's heap that grows at the break: `[heap]` of `/proc/PID/maps`. */
  readonly heapBytes: number
  readonly anonymousBytes: number
  readonly fileBytes: number
  readonly sharedBytes: number
  readonly swapBytes: number
  /** Of one that has ended or was killed: at which event, and what it held then. */
  readonly ended: { readonly index: number; readonly rssBytes: number; readonly swapBytes: number } | null
}

/** The machine as `psutil.virtual_memory()` and `psutil.swap_memory()` tell it. @unit bytes, but for the percentages */
export interface SystemMemory {
  readonly total: number
  /** Free, and what the caches would give. */
  readonly available: number
  /** Share of the total that is not available. @unit per cent, one figure behind the point */
  readonly percent: number
  /** Total less available, as psutil 7 has it. */
  readonly used: number
  readonly free: number
  /** Always 0: blocks that the system read of devices count as page cache, as in `HostOpened`. */
  readonly buffers: number
  /** Page cache: files that were read, and what processes map of files and of shared memory. */
  readonly cached: number
  readonly swapTotal: number
  readonly swapUsed: number
  readonly swapFree: number
}

/** RAM by who has it; the parts add up to all of it. @unit bytes */
export interface Owners {
  /** The system, and processes that the log does not follow. */
  readonly systemBytes: number
  /** Anonymous pages of the processes that the log follows. */
  readonly processBytes: number
  readonly cacheBytes: number
  readonly freeBytes: number
}

/** What paging has cost so far. */
export interface SwapTotals {
  readonly swappedOutBytes: number
  readonly swappedInBytes: number
  readonly cacheReclaimedBytes: number
  /** An estimate. */
  readonly nanoseconds: number
}

/** Numbers of the processes that ever lived, in ascending order. */
export function processes(state: AnyState): readonly number[] {
  const s = columnsOf(state)
  return [...s.areas.keys()].filter((process) => stateOf(s, process) !== null)
}

function stateOf(s: HostMemoryState, process: number): ProcessState | null {
  switch (s.processState[process]) {
    case ALIVE:
      return 'alive'
    case ENDED:
      return 'ended'
    case KILLED:
      return 'killed'
    default:
      return null
  }
}

/** Memory of a process; of one that has ended or never lived only its peaks are more than 0. */
export function processMemory(state: AnyState, process: number): ProcessMemory {
  const s = columnsOf(state)
  const { pageBytes, breakStart } = s.profile
  const resident = residentPages(s, process)
  const isAlive = s.processState[process] === ALIVE
  return {
    process,
    state: stateOf(s, process) ?? 'ended',
    rssBytes: resident * pageBytes,
    peakBytes: Math.max(resident, s.processPeak[process]) * pageBytes,
    vmsBytes: s.processMapped[process],
    mappedBytes: s.processMapped[process],
    heapBytes: isAlive ? Math.ceil((s.processBreak[process] - breakStart) / pageBytes) * pageBytes : 0,
    anonymousBytes: s.processAnonymous[process] * pageBytes,
    fileBytes: s.processFile[process] * pageBytes,
    sharedBytes: s.processShared[process] * pageBytes,
    swapBytes: s.processSwap[process] * pageBytes,
    ended: isAlive ? null : endOf(s, process),
  }
}

function endOf(s: HostMemoryState, process: number): ProcessMemory['ended'] {
  if (stateOf(s, process) === null) return null
  const { pageBytes } = s.profile
  const [rssBytes, swapBytes] = [s.processEndResident[process] * pageBytes, s.processEndSwap[process] * pageBytes]
  return { index: s.processEndedAt[process], rssBytes, swapBytes }
}

/** The machine's memory. */
export function systemMemory(state: AnyState): SystemMemory {
  const s = columnsOf(state)
  const { pageBytes } = s.profile
  const cachedPages = s.cachePages + s.objectPages
  const availablePages = s.freePages + cachedPages
  const usedPages = s.ramPages - availablePages
  return {
    total: s.ramPages * pageBytes,
    available: availablePages * pageBytes,
    percent: s.ramPages === 0 ? 0 : Math.round((1000 * usedPages) / s.ramPages) / 10,
    used: usedPages * pageBytes,
    free: s.freePages * pageBytes,
    buffers: 0,
    cached: cachedPages * pageBytes,
    swapTotal: s.swapPages * pageBytes,
    swapUsed: s.swapUsedPages * pageBytes,
    swapFree: (s.swapPages - s.swapUsedPages) * pageBytes,
  }
}

/** RAM by who has it. */
export function owners(state: AnyState): Owners {
  const s = columnsOf(state)
  const { pageBytes } = s.profile
  let anonymousPages = 0
  for (let process = 0; process < s.areas.length; process++) anonymousPages += s.processAnonymous[process]
  return {
    systemBytes: s.systemPages * pageBytes,
    processBytes: anonymousPages * pageBytes,
    cacheBytes: (s.cachePages + s.objectPages) * pageBytes,
    freeBytes: s.freePages * pageBytes,
  }
}

/** What paging has cost so far. */
export function swapTotals(state: AnyState): SwapTotals {
  const s = columnsOf(state)
  const { pageBytes } = s.profile
  return {
    swappedOutBytes: s.swappedOutTotal * pageBytes,
    swappedInBytes: s.swappedInTotal * pageBytes,
    cacheReclaimedBytes: s.cacheReclaimedTotal * pageBytes,
    nanoseconds: s.swapNanoseconds,
  }
}

/** Had pages of processes to make room once? Until then a page that was written is resident as long as it is mapped. */
export const wasPressed = (state: AnyState): boolean => columnsOf(state).wasPressed === 1
