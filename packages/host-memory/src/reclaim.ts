/**
 * Where a free page comes from when there is none: page cache first, then pages that were not used of late, then a process.
 *
 * @source Linux `shrink_node`, `shrink_folio_list`, `out_of_memory`, `oom_badness`
 */
import type { Emit } from '@reheap/kernel'
import { BACKINGS, FACT_OPCODES, type FactOpcode } from './events.ts'
import { ACCESSED, COPIED, RESIDENT, SWAPPED, TABLE_PAGES } from './page-tables.ts'
import { drop, objectPageAt } from './paging.ts'
import { endProcess } from './process.ts'
import { ALIVE, areasOf, type HostMemoryState, KILLED, notePeak, residentPages } from './state.ts'

type Facts = Emit<FactOpcode>

const { CacheReclaimed, PagesSwappedOut } = FACT_OPCODES
const SHARED = BACKINGS.indexOf('shared')
/** Pages taken at one go. @source SWAP_CLUSTER_MAX */
const CLUSTER_PAGES = 32

/** Makes at least one page free. @returns false if the process that asks was killed for it */
export function makeRoom(s: HostMemoryState, emit: Facts, cause: number, process: number): boolean {
  notePeak(s, process)
  while (s.freePages === 0) {
    if (shrinkCache(s, emit, cause) || evict(s, emit, cause)) continue
    const victim = largestProcess(s)
    endProcess(s, emit, cause, victim, KILLED)
    if (victim === process) return false
  }
  return true
}

function shrinkCache(s: HostMemoryState, emit: Facts, cause: number): boolean {
  const pages = Math.min(CLUSTER_PAGES, s.cachePages)
  if (pages === 0) return false
  s.cachePages -= pages
  s.freePages += pages
  s.cacheReclaimedTotal += pages
  emit.push(CacheReclaimed, cause, 0, 0, 0, pages * s.profile.pageBytes, 0)
  return true
}

/** The clock goes round once or twice, and a few pages that it finds unused leave RAM. @returns has any left? */
function evict(s: HostMemoryState, emit: Facts, cause: number): boolean {
  if (s.swapUsedPages === s.swapPages && s.objectPages === 0) return false
  const { tables } = s
  const size = tables.length * TABLE_PAGES
  s.wasPressed = 1
  let freed = 0
  for (let looked = 0; looked < 2 * size && freed < CLUSTER_PAGES; looked++) {
    if (s.hand >= size) s.hand = 0
    const at = s.hand++
    const state = tables.state[at]
    if ((state & RESIDENT) === 0) continue
    if ((state & ACCESSED) !== 0) tables.state[at] = state & ~ACCESSED
    else freed += leave(s, emit, cause, at)
  }
  return freed > 0
}

/** One page leaves RAM, if it can. @returns pages that became free */
function leave(s: HostMemoryState, emit: Facts, cause: number, at: number): number {
  const { tables } = s
  const row = Math.floor(at / TABLE_PAGES)
  const process = tables.process[row]
  const page = tables.firstPage[row] + (at % TABLE_PAGES)
  const areas = areasOf(s, process)
  const before = s.freePages
  const kept = tables.state[at] & COPIED
  const area = areas.at(page * s.profile.pageBytes)
  if (kept === 0 && areas.object[area] >= 0) {
    if (areas.backing[area] === SHARED) return leaveShared(s, emit, cause, row, page, area)
    drop(s, row, process, page)
    return s.freePages - before
  }
  if (s.swapUsedPages === s.swapPages) return 0
  tables.state[at] = SWAPPED | kept
  s.processAnonymous[process] -= 1
  s.processSwap[process] += 1
  s.freePages += 1
  swappedOut(s, emit, cause, process)
  return 1
}

function swappedOut(s: HostMemoryState, emit: Facts, cause: number, process: number): void {
  s.swapUsedPages += 1
  s.swappedOutTotal += 1
  s.swapNanoseconds += s.profile.swapOutNanoseconds
  emit.push(PagesSwappedOut, cause, process, 0, 0, s.profile.pageBytes, s.profile.swapOutNanoseconds)
}

/** A page of shared memory has no file that keeps it: with the last that has it, it goes to swap. @returns pages that became free */
function leaveShared(s: HostMemoryState, emit: Facts, cause: number, row: number, page: number, area: number): number {
  const process = s.tables.process[row]
  const object = areasOf(s, process).object[area]
  const objectPage = objectPageAt(s, process, area, page)
  const isLast = s.objects.isLast(object, objectPage)
  if (isLast && s.swapUsedPages === s.swapPages) return 0
  drop(s, row, process, page)
  if (!isLast) return 0
  s.objects.swapOut(object, objectPage)
  swappedOut(s, emit, cause, process)
  return 1
}

/** The one whose end gives back the most: pages in RAM and in swap, the first of several. */
function largestProcess(s: HostMemoryState): number {
  let largest = -1
  let most = -1
  for (let process = 0; process < s.areas.length; process++) {
    if (s.processState[process] !== ALIVE) continue
    const badness = residentPages(s, process) + s.processSwap[process]
    if (badness > most) {
      largest = process
      most = badness
    }
  }
  return largest
}
