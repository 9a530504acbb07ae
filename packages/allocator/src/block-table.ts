import { copyColumns, grown } from '@reheap/kernel'

const PAGE_SHIFT = 8
const PAGE_IDS = 1 << PAGE_SHIFT
const PAGE_MASK = PAGE_IDS - 1

/** No block lives under this id. */
export const NO_HANDLE = 0

/**
 * Live blocks by id: where each one lies and how many bytes were asked for.
 *
 * Recorders never use an id twice, so ids grow with the log while the live ones stay few. Ids are
 * kept in pages of 256; a page is given back when its last block dies, which bounds memory by the
 * live blocks and not by the length of the log.
 */
export class BlockTable {
  /** Page of each run of 256 ids, or -1. @shape [largest id / 256] */
  pageOf = new Int32Array(16).fill(-1)
  /**
   * Positive: the block's first alignment unit in the arenas. Negative: the complement of its row
   * in the C-library columns. 0: none. @shape [pages * 256]
   */
  handle = new Int32Array(4 * PAGE_IDS)
  /** Bytes asked for, for blocks in pools. @shape [pages * 256] @unit bytes */
  requested = new Uint16Array(4 * PAGE_IDS)
  /** Live ids in each page. @shape [pages] */
  live = new Uint16Array(4)
  /** Pages given back, last in first out. @shape [freeCount] */
  freePages = new Int32Array(4)
  freeCount = 0
  pageCount = 0

  /** A copy that shares no column. */
  clone(): BlockTable {
    const copy = new BlockTable()
    copyColumns(this, copy)
    return copy
  }
}

/** Row of an id in `handle` and `requested`, or -1 if its page is closed: then the id is not live. */
export function rowOfBlock(table: BlockTable, block: number): number {
  const group = block >>> PAGE_SHIFT
  if (group >= table.pageOf.length) return -1
  const page = table.pageOf[group]
  return page < 0 ? -1 : (page << PAGE_SHIFT) | (block & PAGE_MASK)
}

/** Row of an id, its page opened if need be. */
export function openRow(table: BlockTable, block: number): number {
  const row = rowOfBlock(table, block)
  return row >= 0 ? row : (openPage(table, block >>> PAGE_SHIFT) << PAGE_SHIFT) | (block & PAGE_MASK)
}

/** Enters a block at the row of its id, which holds none. */
export function addBlock(table: BlockTable, row: number, handle: number, requested: number): void {
  table.handle[row] = handle
  table.requested[row] = requested
  table.live[row >>> PAGE_SHIFT]++
}

/** Takes out the block at the row of its id. */
export function removeBlock(table: BlockTable, block: number, row: number): void {
  table.handle[row] = NO_HANDLE
  const page = row >>> PAGE_SHIFT
  if (--table.live[page] === 0) closePage(table, block >>> PAGE_SHIFT, page)
}

function closePage(table: BlockTable, group: number, page: number): void {
  table.pageOf[group] = -1
  table.freePages[table.freeCount++] = page
}

function openPage(table: BlockTable, group: number): number {
  if (group >= table.pageOf.length) {
    const known = table.pageOf.length
    table.pageOf = grown(table.pageOf, group + 1).fill(-1, known)
  }
  const page = table.freeCount > 0 ? table.freePages[--table.freeCount] : table.pageCount++
  if (page === table.live.length) {
    const pages = table.live.length * 2
    table.live = grown(table.live, pages)
    table.freePages = grown(table.freePages, pages)
    table.handle = grown(table.handle, pages * PAGE_IDS)
    table.requested = grown(table.requested, pages * PAGE_IDS)
  }
  table.pageOf[group] = page
  return page
}

/** Calls `visit` for every live block in ascending order of ids. */
export function forEachBlock(table: BlockTable, visit: (block: number, handle: number, requested: number) => void): void {
  for (let group = 0; group < table.pageOf.length; group++) {
    const page = table.pageOf[group]
    if (page < 0) continue
    for (let place = 0; place < PAGE_IDS; place++) {
      const row = (page << PAGE_SHIFT) | place
      const handle = table.handle[row]
      if (handle !== NO_HANDLE) visit(group * PAGE_IDS + place, handle, table.requested[row])
    }
  }
}
