/** An area of a process as it is now. */
import { BACKINGS, type Backing } from './events.ts'
import { RESIDENT, SWAPPED, TABLE_PAGES } from './page-tables.ts'
import { type AnyState, columnsOf } from './state.ts'

/** An area of a process's address space. @unit bytes */
export interface AreaView {
  readonly address: number
  readonly bytes: number
  readonly backing: Backing
  readonly residentBytes: number
  readonly swapBytes: number
}

/** The area that an address of a process lies in; null: it is not mapped. */
export function areaAt(state: AnyState, process: number, address: number): AreaView | null {
  const s = columnsOf(state)
  const areas = s.areas[process] ?? null
  const row = areas === null ? -1 : areas.at(address)
  if (areas === null || row < 0) return null
  const { pageBytes } = s.profile
  const [start, end] = [areas.start[row], areas.end[row]]
  let [resident, swapped] = [0, 0]
  const last = end / pageBytes
  for (let page = s.tables.nextOf(process, start / pageBytes, last); page < last; page = s.tables.nextOf(process, page + 1, last)) {
    const table = s.tables.find(process, page)
    const found = s.tables.state[table * TABLE_PAGES + (page % TABLE_PAGES)]
    if ((found & RESIDENT) !== 0) resident++
    else if ((found & SWAPPED) !== 0) swapped++
  }
  return {
    address: start,
    bytes: end - start,
    backing: BACKINGS[areas.backing[row]] as Backing,
    residentBytes: resident * pageBytes,
    swapBytes: swapped * pageBytes,
  }
}

/** Where a mapping lies now; null: it is not mapped. @unit bytes */
export function mappingOf(
  state: AnyState,
  mapping: number,
): { readonly process: number; readonly start: number; readonly bytes: number } | null {
  return columnsOf(state).mappings.get(mapping) ?? null
}
