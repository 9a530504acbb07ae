/**
 * Address space: areas are mapped, unmapped, moved and advised; the break moves.
 *
 * @source Linux `do_mmap`, `do_munmap`, `mremap`, `brk`, `madvise`
 */
import { type AreaList, HUGE } from './area-list.ts'
import { BACKINGS, FACT_OPCODES } from './events.ts'
import { TABLE_PAGES } from './page-tables.ts'
import { type Facts, hide, release } from './paging.ts'
import { areasOf, type HostMemoryState, residentPages } from './state.ts'

const { AreaMapped, AreaUnmapped, AreaMoved, BreakMoved } = FACT_OPCODES
const ANONYMOUS = BACKINGS.indexOf('anonymous')
const STACK = BACKINGS.indexOf('stack')
/** An area without an object. */
const NO_OBJECT = -1
/** What it shows is its own. */
const NEW_OBJECT = -2

export const wholePages = (s: HostMemoryState, bytes: number): number => Math.ceil(bytes / s.profile.pageBytes) * s.profile.pageBytes

/** Does a process's size grow to no more than what addresses can name? */
const fits = (address: number, bytes: number): boolean => address >= 0 && address + bytes <= 2 ** 47

function grow(s: HostMemoryState, process: number, bytes: number): void {
  s.processMapped[process] += bytes
  if (s.processMapped[process] > s.processMappedPeak[process]) s.processMappedPeak[process] = s.processMapped[process]
}

/**
 * Maps a range; at an address that is given, in place of what is there.
 *
 * @param address NaN: the highest free range below the profile's `mapTop`
 * @param shown the object whose pages it shows; left out: one of its own
 * @returns its address, or -1: there is no room
 */
export function map(
  s: HostMemoryState,
  emit: Facts,
  cause: number,
  process: number,
  address: number,
  bytes: number,
  backing: number,
  alignment: number,
  shown = NEW_OBJECT,
): number {
  const areas = areasOf(s, process)
  const size = wholePages(s, bytes)
  const start = Number.isNaN(address) ? areas.highestFree(size, s.profile.mapTop, alignment) : address
  if (start < 0 || !fits(start, size)) return -1
  if (!areas.isFree(start, start + size)) unmap(s, emit, cause, process, start, size)
  const isAnonymous = backing === ANONYMOUS || backing === STACK
  const object = shown !== NEW_OBJECT ? shown : isAnonymous ? NO_OBJECT : s.objects.open()
  areas.insert(start, start + size, backing, 0, object, 0)
  if (object >= 0) s.objects.show(object, size / s.profile.pageBytes)
  grow(s, process, size)
  emit.push(AreaMapped, cause, process, 0, backing, size, start)
  return start
}

/** Unmaps whatever is mapped in a range of whole pages. */
export function unmap(s: HostMemoryState, emit: Facts, cause: number, process: number, address: number, bytes: number): void {
  const end = address + wholePages(s, bytes)
  release(s, emit, cause, process, address, end)
  const unmapped = removeAreas(s, process, address, end)
  if (unmapped === 0) return
  s.processMapped[process] -= unmapped
  emit.push(AreaUnmapped, cause, process, 0, 0, unmapped, address)
}

/**
 * Gives an area another size: where it is if the addresses behind it are free, else elsewhere with its pages.
 *
 * @param observed where the real one is now; NaN: not known
 * @returns its address, or -1: there is no room
 */
export function remap(
  s: HostMemoryState,
  emit: Facts,
  cause: number,
  process: number,
  address: number,
  bytes: number,
  newBytes: number,
  observed: number,
): number {
  const { pageBytes } = s.profile
  const areas = areasOf(s, process)
  const [size, newSize] = [wholePages(s, bytes), wholePages(s, newBytes)]
  if (newSize < size) unmap(s, emit, cause, process, address + newSize, size - newSize)
  const stays = Number.isNaN(observed) ? newSize <= size || areas.isFree(address + size, address + newSize) : observed === address
  const kept = Math.min(size, newSize)
  const row = areas.at(address)
  const { backing, flags, object, objectPage } = areas
  if (stays) {
    if (newSize > size) {
      // What the log places there later than we do gives way, as with a fixed address.
      if (!areas.isFree(address + size, address + newSize)) unmap(s, emit, cause, process, address + size, newSize - size)
      const shown = object[row]
      if (shown >= 0) s.objects.show(shown, (newSize - size) / pageBytes)
      areas.insert(address + size, address + newSize, backing[row], flags[row], shown, objectPage[row] + size / pageBytes)
      grow(s, process, newSize - size)
      emit.push(AreaMapped, cause, process, 0, backing[row], newSize - size, address + size)
    }
    return address
  }
  const start = Number.isNaN(observed) ? areas.highestFree(newSize, s.profile.mapTop, pageBytes) : observed
  if (start < 0 || !fits(start, newSize)) return -1
  const [kind, advice, shown, shownPage] = [backing[row], flags[row], object[row], objectPage[row]]
  if (!areas.isFree(start, start + newSize)) unmap(s, emit, cause, process, start, newSize)
  areas.insert(start, start + newSize, kind, advice, shown, shownPage)
  if (shown >= 0) s.objects.show(shown, newSize / pageBytes)
  movePages(s, process, address / pageBytes, start / pageBytes, kept / pageBytes)
  removeAreas(s, process, address, address + kept)
  grow(s, process, newSize - kept)
  emit.push(AreaMoved, cause, process, 0, kind, newSize, start)
  return start
}

/** The entries of the page tables move; the pages stay where they are in RAM or swap. */
function movePages(s: HostMemoryState, process: number, from: number, to: number, pages: number): void {
  const { tables } = s
  for (let page = 0; page < pages; page++) {
    page = tables.nextOf(process, from + page, from + pages) - from
    if (page === pages) return
    const old = tables.find(process, from + page)
    const oldAt = old * TABLE_PAGES + ((from + page) % TABLE_PAGES)
    const state = tables.state[oldAt]
    if (state === 0) continue
    const row = tables.open(process, to + page)
    tables.state[row * TABLE_PAGES + ((to + page) % TABLE_PAGES)] = state
    tables.state[oldAt] = 0
    if ((state & 3) === 0) continue
    tables.used[row] += 1
    tables.used[old] -= 1
    if (tables.used[old] === 0) tables.close(old)
  }
}

/** @returns bytes that were mapped in the range */
function removeAreas(s: HostMemoryState, process: number, start: number, end: number): number {
  const areas = areasOf(s, process)
  areas.splitAt(start, s.profile.pageBytes)
  areas.splitAt(end, s.profile.pageBytes)
  let removed = 0
  for (let row = areas.above(start); row < areas.length && areas.start[row] < end; ) {
    const bytes = areas.end[row] - areas.start[row]
    hide(s, areas.object[row], bytes)
    areas.remove(row)
    removed += bytes
  }
  return removed
}

/** Bytes from an address on, at most so many, in which one thing is mapped, in order. */
export function mappedRun(s: HostMemoryState, process: number, address: number, bytes: number): number {
  const areas = areasOf(s, process)
  const first = areas.at(address)
  if (first < 0) return 0
  let row = first
  while (row + 1 < areas.length && areas.end[row] < address + bytes && continues(s, areas, row)) row++
  return Math.min(areas.end[row] - address, bytes)
}

/** Does the next area show what comes behind what this one shows? */
function continues(s: HostMemoryState, areas: AreaList, row: number): boolean {
  const { start, end, backing, object, objectPage } = areas
  if (start[row + 1] !== end[row] || backing[row + 1] !== backing[row] || object[row + 1] !== object[row]) return false
  return object[row] < 0 || objectPage[row + 1] === objectPage[row] + (end[row] - start[row]) / s.profile.pageBytes
}

/** `sbrk`: the break moves by whole pages. @returns where it was, or -1: something lies in the way */
export function moveBreak(s: HostMemoryState, emit: Facts, cause: number, process: number, delta: number): number {
  const areas = areasOf(s, process)
  const { breakStart, pageBytes } = s.profile
  const before = s.processBreak[process]
  const after = before + delta
  const [mappedEnd, wantedEnd] = [Math.ceil(before / pageBytes) * pageBytes, Math.ceil(after / pageBytes) * pageBytes]
  if (after < breakStart) return -1
  if (wantedEnd > mappedEnd) {
    if (!areas.isFree(mappedEnd, wantedEnd)) return -1
    const row = areas.at(mappedEnd - 1)
    if (row >= 0 && mappedEnd > breakStart && areas.flags[row] === 0) areas.end[row] = wantedEnd
    else areas.insert(mappedEnd, wantedEnd, ANONYMOUS, 0, NO_OBJECT, 0)
    grow(s, process, wantedEnd - mappedEnd)
  } else if (wantedEnd < mappedEnd) {
    release(s, emit, cause, process, wantedEnd, mappedEnd)
    removeAreas(s, process, wantedEnd, mappedEnd)
    s.processMapped[process] -= mappedEnd - wantedEnd
  }
  s.processBreak[process] = after
  emit.push(BreakMoved, cause, process, 0, 0, after - breakStart, after)
  return before
}

/** Huge pages are wanted in a range, or no longer. */
export function adviseHuge(s: HostMemoryState, process: number, start: number, bytes: number, huge: boolean): void {
  const { pageBytes } = s.profile
  const areas = areasOf(s, process)
  const [from, to] = [Math.floor(start / pageBytes) * pageBytes, Math.ceil((start + bytes) / pageBytes) * pageBytes]
  areas.splitAt(from, pageBytes)
  areas.splitAt(to, pageBytes)
  for (let row = areas.above(from); row < areas.length && areas.start[row] < to; row++)
    areas.flags[row] = huge ? areas.flags[row] | HUGE : areas.flags[row] & ~HUGE
}

/** The largest size that a process had: what is resident now may be above the last peak that was noted. */
export const peakPages = (s: HostMemoryState, process: number): number => Math.max(s.processPeak[process], residentPages(s, process))
