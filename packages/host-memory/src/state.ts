/**
 * The columns of a host.
 *
 * Glossary
 * - area: a range of a process's address space with one thing behind it (Linux: VMA).
 * - page: 4 KiB of an area. It is absent until it is touched, then resident, and swapped when RAM is wanted for others.
 * - object: a file or shared memory, whose pages are in RAM once for all that map it.
 * - owner of RAM: the system, a process (anonymous pages), the page cache (files, shared memory), or nobody (free).
 * - break: the end of the area that the C library's heap grows in.
 *
 * Pages: freePages + systemPages + cachePages + objectPages + sum of processAnonymous = ramPages
 * Swap:  sum of processSwap + objects.swappedPages = swapUsedPages <= swapPages
 */
import { copyColumns, createKeeper, type Draft, IdTable, type Keeper, type Sealed } from '@reheap/kernel'
import { AreaList } from './area-list.ts'
import { PROCESSES_MAX } from './events.ts'
import { CLibraryHeap } from './heap/heap-state.ts'
import { PageObjects } from './page-objects.ts'
import { PageTables } from './page-tables.ts'
import type { HostMemoryProfile, HostSize } from './profile.ts'

/** States of a process; 0: there was none. */
export const ALIVE = 1
export const ENDED = 2
export const KILLED = 3

/** What a host is given whatever the log says: a what-if. */
export type HostSettings = Partial<HostSize>

/** A mapping as the log knows it. */
export interface Mapping {
  readonly process: number
  readonly start: number
  readonly bytes: number
}

/** The columns of a host; read through the queries of the package. */
export class HostMemoryState {
  readonly profile: HostMemoryProfile
  readonly settings: HostSettings
  /** 1: an event said how large the machine is. */
  isOpen = 0
  hasPower = 1
  /** 1: the log says which pages of large blocks and of mappings are touched. */
  touchesRecorded = 0

  /** @unit pages */
  ramPages = 0
  swapPages = 0
  systemPages = 0
  /** What the system takes when it is started. */
  systemPagesAtStart = 0
  freePages = 0
  cachePages = 0
  objectPages = 0
  swapUsedPages = 0
  /** @unit bytes */
  romBytes = 0
  /** Pages moved so far, and what that costs by the profile's estimates. */
  swappedOutTotal = 0
  swappedInTotal = 0
  swapNanoseconds = 0
  cacheReclaimedTotal = 0
  /** 1: pages of processes had to make room once, so that a page that was written may be gone. */
  wasPressed = 0
  /** The clock's hand: the next page to be looked at, among all tables' pages. */
  hand = 0

  /** @shape process columns: [PROCESSES_MAX] @unit pages */
  processState = new Uint8Array(PROCESSES_MAX)
  processAnonymous = new Float64Array(PROCESSES_MAX)
  processFile = new Float64Array(PROCESSES_MAX)
  processShared = new Float64Array(PROCESSES_MAX)
  processSwap = new Float64Array(PROCESSES_MAX)
  processPeak = new Float64Array(PROCESSES_MAX)
  /** @unit bytes */
  processMapped = new Float64Array(PROCESSES_MAX)
  processMappedPeak = new Float64Array(PROCESSES_MAX)
  processBreak = new Float64Array(PROCESSES_MAX)
  /** Of one that has ended: the event, and what it held then in RAM and in swap. @unit pages */
  processEndedAt = new Float64Array(PROCESSES_MAX)
  processEndResident = new Float64Array(PROCESSES_MAX)
  processEndSwap = new Float64Array(PROCESSES_MAX)

  /** By process; null: it never lived. */
  readonly areas: (AreaList | null)[] = []
  readonly heaps: (CLibraryHeap | null)[] = []
  tables = new PageTables()
  objects = new PageObjects()
  /** By id. */
  mappings = new Map<number, Mapping>()
  /** Handles of a process's live blocks of the C library by id: the row of the chunk in its heap, and one. */
  readonly blocks: (IdTable | null)[] = []

  constructor(profile: HostMemoryProfile, settings: HostSettings) {
    this.profile = profile
    this.settings = settings
  }
}

function copyOfIds(ids: IdTable): IdTable {
  const copy = new IdTable()
  copyColumns(ids, copy)
  return copy
}

/** @returns a state of its own, which no other sees */
function copyOf(state: HostMemoryState): HostMemoryState {
  const copy = new HostMemoryState(state.profile, state.settings)
  copyColumns(state, copy)
  for (const areas of state.areas) copy.areas.push(areas === null ? null : areas.clone())
  for (const heap of state.heaps) copy.heaps.push(heap === null ? null : heap.clone())
  for (const blocks of state.blocks) copy.blocks.push(blocks === null ? null : copyOfIds(blocks))
  copy.tables = new PageTables(state.tables)
  copy.objects = new PageObjects(state.objects)
  copy.mappings = new Map(state.mappings)
  return copy
}

/** The one keeper of this package's states; not exported from it. */
export const keeper: Keeper<HostMemoryState> = createKeeper(copyOf)

/** A state or a draft of it, to be asked. */
export type AnyState = Sealed<HostMemoryState> | Draft<HostMemoryState>

/** The columns of a state or draft, to be read only. */
export const columnsOf = (state: AnyState): HostMemoryState =>
  Object.isFrozen(state) ? keeper.read(state as Sealed<HostMemoryState>) : keeper.own(state as Draft<HostMemoryState>)

/** Pages of a process that are in RAM. */
export const residentPages = (s: HostMemoryState, process: number): number =>
  s.processAnonymous[process] + s.processFile[process] + s.processShared[process]

/** Before pages of a process leave: the most that was resident. @source `update_hiwater_rss` */
export function notePeak(s: HostMemoryState, process: number): void {
  const resident = residentPages(s, process)
  if (resident > s.processPeak[process]) s.processPeak[process] = resident
}

/** The address space of a living process. */
export const areasOf = (s: HostMemoryState, process: number): AreaList => s.areas[process] as AreaList
/** Its blocks of the C library. */
export const blocksOf = (s: HostMemoryState, process: number): IdTable => s.blocks[process] as IdTable
/** Its C library's heap. */
export const heapOf = (s: HostMemoryState, process: number): CLibraryHeap => s.heaps[process] as CLibraryHeap

/** Gives a process an address space and a heap. */
export function begin(s: HostMemoryState, process: number): void {
  while (s.areas.length <= process) {
    s.areas.push(null)
    s.heaps.push(null)
    s.blocks.push(null)
  }
  s.areas[process] = new AreaList()
  s.heaps[process] = new CLibraryHeap()
  s.blocks[process] = new IdTable()
  s.processState[process] = ALIVE
  s.processBreak[process] = s.profile.breakStart
}
