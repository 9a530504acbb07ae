/**
 * Address space: an area gets another size, where it is or elsewhere.
 *
 * @source Linux `mremap`
 */
import type { AreaList } from './area-list.ts'
import { FACT_OPCODES } from './events.ts'
import { fits, grow, removeAreas, unmap, wholePages } from './mapping.ts'
import { TABLE_PAGES } from './page-tables.ts'
import { type Facts, objectPageAt } from './paging.ts'
import { areasOf, type HostMemoryState } from './state.ts'

const { AreaMapped, AreaMoved } = FACT_OPCODES

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
  const { backing, flags, object } = areas
  // The mapping may begin inside of an area that was mapped over it.
  const firstPage = objectPageAt(s, process, row, address / pageBytes)
  if (stays) {
    if (newSize > size) {
      // What the log places there later than we do gives way, as with a fixed address.
      if (!areas.isFree(address + size, address + newSize)) unmap(s, emit, cause, process, address + size, newSize - size)
      const shown = object[row]
      if (shown >= 0) s.objects.show(shown, (newSize - size) / pageBytes)
      areas.insert(address + size, address + newSize, backing[row], flags[row], shown, firstPage + size / pageBytes)
      grow(s, process, newSize - size)
      emit.push(AreaMapped, cause, process, 0, backing[row], newSize - size, address + size)
    }
    return address
  }
  const start = Number.isNaN(observed) ? areas.highestFree(newSize, s.profile.mapTop, pageBytes) : observed
  if (start < 0 || !fits(start, newSize)) return -1
  const [kind, advice, shown] = [backing[row], flags[row], object[row]]
  if (!areas.isFree(start, start + newSize)) unmap(s, emit, cause, process, start, newSize)
  areas.insert(start, start + newSize, kind, advice, shown, firstPage)
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
