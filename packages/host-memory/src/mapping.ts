/**
 * Address space: areas are mapped, unmapped and advised; the break moves.
 *
 * @source Linux `do_mmap`, `do_munmap`, `brk`, `madvise`
 */
import { HUGE } from './area-list.ts'
import { BACKINGS, FACT_OPCODES } from './events.ts'
import { type Facts, hide, release } from './paging.ts'
import { areasOf, type HostMemoryState } from './state.ts'

const { AreaMapped, AreaUnmapped, BreakMoved } = FACT_OPCODES
const ANONYMOUS = BACKINGS.indexOf('anonymous')
const STACK = BACKINGS.indexOf('stack')
/** An area without an object. */
const NO_OBJECT = -1
/** What it shows is its own. */
const NEW_OBJECT = -2

export const wholePages = (s: HostMemoryState, bytes: number): number => Math.ceil(bytes / s.profile.pageBytes) * s.profile.pageBytes

/** Does a process's size grow to no more than what addresses can name? */
export const fits = (address: number, bytes: number): boolean => address >= 0 && address + bytes <= 2 ** 47

export function grow(s: HostMemoryState, process: number, bytes: number): void {
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

/** @returns bytes that were mapped in the range */
export function removeAreas(s: HostMemoryState, process: number, start: number, end: number): number {
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

/** `sbrk`: the break moves by whole pages. @returns where it was, or -1: something lies in the way */
export function moveBreak(s: HostMemoryState, emit: Facts, cause: number, process: number, delta: number): number {
  const areas = areasOf(s, process)
  const { breakStart, pageBytes } = s.profile
  const before = s.processBreak[process]
  const after = before + delta
  const [mappedEnd, wantedEnd] = [Math.ceil(before / pageBytes) * pageBytes, Math.ceil(after / pageBytes) * pageBytes]
  if (after < breakStart || !fits(breakStart, wantedEnd - breakStart)) return -1
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
