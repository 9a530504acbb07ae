/** Live blocks by id: where each one lies. */
import { grown } from '@reheap/kernel'

/** Ids are kept in pages of 2^8. */
export const PAGE_SHIFT = 8
const PAGE_IDS = 1 << PAGE_SHIFT
export const PAGE_MASK = PAGE_IDS - 1
/** The page of all ids that have no page of their own: no block is ever entered in it. */
export const CLOSED = 0
const FIRST_PAGES = 16

/** No block lives under this id. */
export const NO_HANDLE = 0

/**
 * Live blocks by id.
 *
 * Recorders never use an id twice, so ids grow with the log while the live ones stay few. Ids are
 * kept in pages of 256. When pages run out, those without a live block are taken back, which
 * bounds memory by the live blocks and not by the length of the log.
 */
export class BlockTable {
  /** Page of each group of 256 ids. @shape [groups] */
  pageOf = new Int32Array(FIRST_PAGES)
  /** @keeps groups = length of pageOf */
  groups = FIRST_PAGES
  /**
   * Positive: the block's first alignment unit in the arenas. Negative: the complement of its row
   * in the C-library columns. 0: none. @shape [pages * 256]
   */
  handle = new Int32Array(FIRST_PAGES * PAGE_IDS)
  /** Group of each page. @shape [pages] */
  groupOf = new Int32Array(FIRST_PAGES)
  /** Pages taken back, last in first out. @shape [pages], `freePageCount` of them in use */
  freePages = new Int32Array(FIRST_PAGES)
  freePageCount = 0
  /** Pages that were ever opened, the closed one among them. */
  pageCount = 1
}

/** Row of an id in `handle`; a row without a block if the id's page is closed. */
export function rowOfBlock(table: BlockTable, block: number): number {
  const group = block >>> PAGE_SHIFT
  const page = group < table.groups ? table.pageOf[group] : CLOSED
  return (page << PAGE_SHIFT) | (block & PAGE_MASK)
}

/** Row of an id, its page opened if need be. */
export function openRow(table: BlockTable, block: number): number {
  const group = block >>> PAGE_SHIFT
  if (group >= table.groups) {
    table.pageOf = grown(table.pageOf, group + 1)
    table.groups = table.pageOf.length
  }
  if (table.pageOf[group] === CLOSED) {
    const page = takePage(table)
    table.pageOf[group] = page
    table.groupOf[page] = group
  }
  return (table.pageOf[group] << PAGE_SHIFT) | (block & PAGE_MASK)
}

function takePage(table: BlockTable): number {
  if (table.freePageCount === 0 && table.pageCount === table.freePages.length) makeRoom(table)
  return table.freePageCount > 0 ? table.freePages[--table.freePageCount] : table.pageCount++
}

/** Takes back the pages without a live block; if they are fewer than half, the table doubles, so that looking for them stays rare. */
function makeRoom(table: BlockTable): void {
  const { pageOf, groupOf, freePages } = table
  for (let page = CLOSED + 1; page < table.pageCount; page++) {
    if (!isEmpty(table, page)) continue
    pageOf[groupOf[page]] = CLOSED
    freePages[table.freePageCount++] = page
  }
  if (2 * table.freePageCount >= table.pageCount) return
  const pages = 2 * freePages.length
  table.groupOf = grown(groupOf, pages)
  table.freePages = grown(freePages, pages)
  table.handle = grown(table.handle, pages * PAGE_IDS)
}

function isEmpty({ handle }: BlockTable, page: number): boolean {
  const end = (page + 1) << PAGE_SHIFT
  for (let row = page << PAGE_SHIFT; row < end; row += 4) {
    if ((handle[row] | handle[row + 1] | handle[row + 2] | handle[row + 3]) !== NO_HANDLE) return false
  }
  return true
}

/** Calls `visit` for every live block in ascending order of ids. */
export function forEachBlock(table: BlockTable, visit: (block: number, handle: number) => void): void {
  for (let group = 0; group < table.groups; group++) {
    const page = table.pageOf[group]
    if (page === CLOSED) continue
    for (let place = 0; place < PAGE_IDS; place++) {
      const handle = table.handle[(page << PAGE_SHIFT) | place]
      if (handle !== NO_HANDLE) visit(group * PAGE_IDS + place, handle)
    }
  }
}
