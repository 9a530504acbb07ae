/**
 * Demand paging: a page takes RAM when it is touched, and gives it back when it is released, swapped out or unmapped.
 *
 * @source Linux `handle_mm_fault`, `zap_pte_range`
 */
import type { Emit } from '@reheap/kernel'
import { HUGE } from './area-list.ts'
import { BACKINGS, FACT_OPCODES, type FactOpcode } from './events.ts'
import { ACCESSED, COPIED, RESIDENT, SWAPPED, TABLE_PAGES, ZERO } from './page-tables.ts'
import { makeRoom } from './reclaim.ts'
import { ALIVE, areasOf, type HostMemoryState, notePeak } from './state.ts'

export type Facts = Emit<FactOpcode>

const FILE = BACKINGS.indexOf('file')
const { PagesTouched, PagesSwappedIn, PagesReleased } = FACT_OPCODES

/** How pages are used: written, read only, or written where they are a file's. */
export const WRITE = 0
export const READ = 1
export const COPY = 2

/** The bytes are used: their pages are in RAM from now on. What is not mapped is passed over. */
export function touch(s: HostMemoryState, emit: Facts, cause: number, process: number, address: number, bytes: number, use: number): void {
  if (bytes <= 0) return
  const { pageBytes } = s.profile
  const last = Math.floor((address + bytes - 1) / pageBytes)
  let page = Math.floor(address / pageBytes)
  let touched = 0
  let swappedIn = 0
  let first = page
  const { tables, objects } = s
  const cameBack = objects.cameBack
  while (page <= last) {
    const row = tables.find(process, page)
    // The remainder of a division of numbers beyond 32 bits would cost more than all the rest.
    const at = row < 0 ? -1 : row * TABLE_PAGES + page - TABLE_PAGES * Math.floor(page / TABLE_PAGES)
    const state = row < 0 ? 0 : tables.state[at]
    if ((state & RESIDENT) !== 0 && (use !== COPY || (state & COPIED) !== 0 || !uncover(s, row, process, page))) {
      tables.state[at] = state | ACCESSED
      page++
      continue
    }
    const got = fault(s, emit, cause, process, page, use)
    if (got < 0) break
    if (got > 0 && touched === 0) first = page
    touched += got
    if ((state & SWAPPED) !== 0) swappedIn++
    page++
  }
  // Killed on the way: the fact of its end tells what it had.
  if (s.processState[process] !== ALIVE) return
  swappedIn += objects.cameBack - cameBack
  if (swappedIn > 0) {
    const cost = swappedIn * s.profile.swapInNanoseconds
    s.swappedInTotal += swappedIn
    s.swapNanoseconds += cost
    emit.push(PagesSwappedIn, cause, process, 0, 0, swappedIn * pageBytes, cost)
  }
  if (touched > 0) emit.push(PagesTouched, cause, process, 0, 0, touched * pageBytes, first * pageBytes)
  notePeak(s, process)
}

/** One page that is not in RAM is used. @returns pages that became resident; -1: the process did not survive it */
function fault(s: HostMemoryState, emit: Facts, cause: number, process: number, page: number, use: number): number {
  const areas = areasOf(s, process)
  const area = areas.at(page * s.profile.pageBytes)
  if (area < 0) return 0
  const object = areas.object[area]
  const before = s.tables.stateOf(process, page)
  if (object >= 0 && use !== COPY && (before & COPIED) === 0) return showPage(s, emit, cause, process, page, area)
  if (use === READ && object < 0 && (before & SWAPPED) === 0) {
    const row = s.tables.open(process, page)
    s.tables.state[row * TABLE_PAGES + (page % TABLE_PAGES)] = ZERO
    return 0
  }
  if (object < 0 && (areas.flags[area] & HUGE) !== 0 && takeHuge(s, process, page, area)) return TABLE_PAGES
  if (s.freePages === 0 && !makeRoom(s, emit, cause, process)) return -1
  const row = s.tables.open(process, page)
  const at = row * TABLE_PAGES + (page % TABLE_PAGES)
  if ((s.tables.state[at] & SWAPPED) !== 0) {
    s.processSwap[process] -= 1
    s.swapUsedPages -= 1
  } else s.tables.used[row] += 1
  s.tables.state[at] = RESIDENT | ACCESSED | (object < 0 ? 0 : COPIED)
  s.freePages -= 1
  s.processAnonymous[process] += 1
  return 1
}

/** A page of a file or of shared memory: it takes RAM for the first that has it. */
function showPage(s: HostMemoryState, emit: Facts, cause: number, process: number, page: number, area: number): number {
  const areas = areasOf(s, process)
  const object = areas.object[area]
  const objectPage = objectPageAt(s, process, area, page)
  if (!s.objects.isResident(object, objectPage)) {
    if (s.freePages === 0 && !makeRoom(s, emit, cause, process)) return -1
    s.freePages -= 1
    s.objectPages += 1
  }
  if (s.objects.enter(object, objectPage)) s.swapUsedPages -= 1
  const row = s.tables.open(process, page)
  s.tables.state[row * TABLE_PAGES + (page % TABLE_PAGES)] = RESIDENT | ACCESSED
  s.tables.used[row] += 1
  if (areas.backing[area] === FILE) s.processFile[process] += 1
  else s.processShared[process] += 1
  return 1
}

/** A huge page, where the area has a whole one, none of it is in use, and RAM is free. @returns was it taken? */
function takeHuge(s: HostMemoryState, process: number, page: number, area: number): boolean {
  const { pageBytes } = s.profile
  const areas = areasOf(s, process)
  const first = page - (page % TABLE_PAGES)
  if (first * pageBytes < areas.start[area] || (first + TABLE_PAGES) * pageBytes > areas.end[area]) return false
  if (s.freePages < TABLE_PAGES) return false
  const row = s.tables.open(process, first)
  if (s.tables.used[row] > 0) return false
  s.tables.state.fill(RESIDENT | ACCESSED, row * TABLE_PAGES, (row + 1) * TABLE_PAGES)
  s.tables.used[row] = TABLE_PAGES
  s.freePages -= TABLE_PAGES
  s.processAnonymous[process] += TABLE_PAGES
  return true
}

/** A page of a file that the process shows is given up for a copy of its own; anonymous pages are its own already. @returns was it given up? */
function uncover(s: HostMemoryState, row: number, process: number, page: number): boolean {
  const areas = areasOf(s, process)
  if (areas.object[areas.at(page * s.profile.pageBytes)] < 0) return false
  drop(s, row, process, page)
  return true
}

/** Pages of a range go back, from RAM and from swap, whatever is behind them. The areas are there still. */
export function release(s: HostMemoryState, emit: Facts, cause: number, process: number, start: number, end: number): void {
  const { pageBytes } = s.profile
  const { tables } = s
  const last = end / pageBytes
  let released = 0
  let page = tables.nextOf(process, start / pageBytes, last)
  while (page < last) {
    const tableEnd = Math.min(last, page - (page % TABLE_PAGES) + TABLE_PAGES)
    const row = tables.find(process, page)
    for (; page < tableEnd; page++) released += drop(s, row, process, page)
    if (tables.used[row] === 0) tables.close(row)
    page = tables.nextOf(process, page, last)
  }
  if (released > 0) emit.push(PagesReleased, cause, process, 0, 0, released * pageBytes, start)
}

/** One page of a table is given up. @returns 1 if it was in RAM */
export function drop(s: HostMemoryState, row: number, process: number, page: number): number {
  const at = row * TABLE_PAGES + (page % TABLE_PAGES)
  const state = s.tables.state[at]
  if (state === 0) return 0
  s.tables.state[at] = 0
  if (state === ZERO) return 0
  s.tables.used[row] -= 1
  if ((state & SWAPPED) !== 0) {
    s.processSwap[process] -= 1
    s.swapUsedPages -= 1
    return 0
  }
  const areas = areasOf(s, process)
  const area = areas.at(page * s.profile.pageBytes)
  const object = areas.object[area]
  if (object < 0 || (state & COPIED) !== 0) {
    s.processAnonymous[process] -= 1
    s.freePages += 1
    return 1
  }
  if (areas.backing[area] === FILE) s.processFile[process] -= 1
  else s.processShared[process] -= 1
  if (s.objects.leave(object, objectPageAt(s, process, area, page))) {
    s.objectPages -= 1
    s.freePages += 1
  }
  return 1
}

/** An area shows an object no longer, or that many bytes of it fewer. */
export function hide(s: HostMemoryState, object: number, bytes: number): void {
  if (object >= 0) s.swapUsedPages -= s.objects.hide(object, bytes / s.profile.pageBytes)
}

/** Page of its object that an area shows at a page of the address space. */
export function objectPageAt(s: HostMemoryState, process: number, area: number, page: number): number {
  const areas = areasOf(s, process)
  return areas.objectPage[area] + page - areas.start[area] / s.profile.pageBytes
}
