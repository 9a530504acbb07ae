/** Live things by id: a number for each. */
import { grown } from './columns.ts'

/** Ids are kept in pages of 2^5: one old block that lives on keeps a page, so a page is small. */
export const ID_PAGE_SHIFT = 5
const PAGE_IDS = 1 << ID_PAGE_SHIFT
/** Takes the place of an id within its page: `id & ID_PAGE_MASK`. */
export const ID_PAGE_MASK = PAGE_IDS - 1
/** The page of all ids that have no page of their own: nothing is ever entered in it. */
export const CLOSED_PAGE = 0
const FIRST_PAGES = 128

/** Nothing lives under this id. */
export const NO_HANDLE = 0

/**
 * Live things by id.
 *
 * Recorders never use an id twice, so ids grow with the log while the live ones stay few. Ids are
 * kept in pages of 32. When pages run out, those without a live thing are taken back, which
 * bounds memory by the live things and not by the length of the log.
 */
export class IdTable {
  /** Page of each group of 32 ids. @shape [groups] */
  pageOf = new Int32Array(FIRST_PAGES)
  /** @keeps groups = length of pageOf */
  groups = FIRST_PAGES
  /** What its owner knows a live thing by, {@link NO_HANDLE} for none. @shape [pages * 32] */
  handle = new Int32Array(FIRST_PAGES * PAGE_IDS)
  /** Group of each page. @shape [pages] */
  groupOf = new Int32Array(FIRST_PAGES)
  /** Pages taken back, last in first out. @shape [pages], `freePageCount` of them in use */
  freePages = new Int32Array(FIRST_PAGES)
  freePageCount = 0
  /** Pages that were ever opened, the closed one among them. */
  pageCount = 1
}

/** Place of an id in `handle`; one without a handle if the id's page is closed. */
export function placeOfId(table: IdTable, id: number): number {
  const group = id >>> ID_PAGE_SHIFT
  const page = group < table.groups ? table.pageOf[group] : CLOSED_PAGE
  return (page << ID_PAGE_SHIFT) | (id & ID_PAGE_MASK)
}

/** Handle of an id. */
export function handleOfId(table: IdTable, id: number): number {
  return table.handle[placeOfId(table, id)]
}

/** Enters an id that had no handle. */
export function enterId(table: IdTable, id: number, handle: number): void {
  const place = openId(table, id)
  table.handle[place] = handle
}

/** Takes the handle of an id away. */
export function removeId(table: IdTable, id: number): void {
  table.handle[placeOfId(table, id)] = NO_HANDLE
}

/** Place of an id, its page opened if need be. `handle` may be replaced. */
export function openId(table: IdTable, id: number): number {
  const group = id >>> ID_PAGE_SHIFT
  if (group >= table.groups) {
    table.pageOf = grown(table.pageOf, group + 1)
    table.groups = table.pageOf.length
  }
  if (table.pageOf[group] === CLOSED_PAGE) {
    const page = takePage(table)
    table.pageOf[group] = page
    table.groupOf[page] = group
  }
  return (table.pageOf[group] << ID_PAGE_SHIFT) | (id & ID_PAGE_MASK)
}

function takePage(table: IdTable): number {
  if (table.freePageCount === 0 && table.pageCount === table.freePages.length) makeRoom(table)
  return table.freePageCount > 0 ? table.freePages[--table.freePageCount] : table.pageCount++
}

/** Takes back the pages without a handle; if they are fewer than half, the table doubles, so that looking for them stays rare. */
function makeRoom(table: IdTable): void {
  const { pageOf, groupOf, freePages } = table
  for (let page = CLOSED_PAGE + 1; page < table.pageCount; page++) {
    if (!isEmpty(table, page)) continue
    pageOf[groupOf[page]] = CLOSED_PAGE
    freePages[table.freePageCount++] = page
  }
  if (2 * table.freePageCount >= table.pageCount) return
  const pages = 2 * freePages.length
  table.groupOf = grown(groupOf, pages)
  table.freePages = grown(freePages, pages)
  table.handle = grown(table.handle, pages * PAGE_IDS)
}

function isEmpty({ handle }: IdTable, page: number): boolean {
  const end = (page + 1) << ID_PAGE_SHIFT
  for (let place = page << ID_PAGE_SHIFT; place < end; place += 4) {
    if ((handle[place] | handle[place + 1] | handle[place + 2] | handle[place + 3]) !== NO_HANDLE) return false
  }
  return true
}

/** Calls `visit` for every id with a handle, in ascending order. */
export function forEachId(table: IdTable, visit: (id: number, handle: number) => void): void {
  const { pageOf, handle, groups } = table
  for (let group = 0; group < groups; group++) {
    const page = pageOf[group]
    if (page === CLOSED_PAGE) continue
    const first = page << ID_PAGE_SHIFT
    for (let four = 0; four < PAGE_IDS; four += 4) {
      const at = first + four
      if ((handle[at] | handle[at + 1] | handle[at + 2] | handle[at + 3]) === NO_HANDLE) continue
      for (let place = at; place < at + 4; place++) {
        if (handle[place] !== NO_HANDLE) visit(group * PAGE_IDS + place - first, handle[place])
      }
    }
  }
}
