/**
 * Which pages of every process are where: one table for each 2 MiB of its address space in which a page was ever touched.
 *
 * A table has a state for each of its 512 pages; its row is found by process and address.
 */
import { grown } from '@reheap/kernel'

/** Pages of a table, as the hardware has them. */
export const TABLE_PAGES = 512
const TABLE_SHIFT = 9
/** Tables of one address space of 2^47 bytes. */
const TABLES_MAX = 2 ** 26

/** States of a page, bits of one byte; 0 is absent. */
export const RESIDENT = 1
export const SWAPPED = 2
/** Used since the clock's hand went by. */
export const ACCESSED = 4
/** Read and never written: the zero page, which all share and which nobody's size counts. */
export const ZERO = 8
/** A page of a file that the process has written: a copy of its own. */
export const COPIED = 16

export class PageTables {
  /** Rows used so far, those that were given back included. */
  length = 0
  /** @shape [rows * TABLE_PAGES] */
  state = new Uint8Array(4 * TABLE_PAGES)
  /** Pages that are resident or swapped. @shape [rows] */
  used = new Uint16Array(4)
  /** Process of the table, and the page number of its first page. @shape [rows] */
  process = new Uint8Array(4)
  firstPage = new Float64Array(4)
  readonly #rows: Map<number, number>
  readonly #free: number[]
  #lastKey = -1
  #lastRow = -1

  constructor(from?: PageTables) {
    this.#rows = new Map(from === undefined ? [] : from.#rows)
    this.#free = from === undefined ? [] : from.#free.slice()
    if (from === undefined) return
    this.length = from.length
    this.state = from.state.slice()
    this.used = from.used.slice()
    this.process = from.process.slice()
    this.firstPage = from.firstPage.slice()
  }

  /** Tables that are in use. */
  get count(): number {
    return this.#rows.size
  }

  /** Row of the table that holds a page, or -1. */
  find(process: number, page: number): number {
    const key = process * TABLES_MAX + Math.floor(page / TABLE_PAGES)
    if (key === this.#lastKey) return this.#lastRow
    const row = this.#rows.get(key) ?? -1
    if (row >= 0) {
      this.#lastKey = key
      this.#lastRow = row
    }
    return row
  }

  /** The same, made if it is not there. */
  open(process: number, page: number): number {
    const found = this.find(process, page)
    if (found >= 0) return found
    const row = this.#free.pop() ?? this.length++
    this.state = grown(this.state, this.length << TABLE_SHIFT)
    this.used = grown(this.used, this.length)
    this.process = grown(this.process, this.length)
    this.firstPage = grown(this.firstPage, this.length)
    const table = Math.floor(page / TABLE_PAGES)
    this.process[row] = process
    this.firstPage[row] = table * TABLE_PAGES
    this.#lastKey = process * TABLES_MAX + table
    this.#lastRow = row
    this.#rows.set(this.#lastKey, row)
    return row
  }

  /** Gives back a table of whose pages none is resident or swapped. */
  close(row: number): void {
    this.state.fill(0, row << TABLE_SHIFT, (row + 1) << TABLE_SHIFT)
    this.#rows.delete(this.process[row] * TABLES_MAX + this.firstPage[row] / TABLE_PAGES)
    this.#free.push(row)
    this.firstPage[row] = -1
    this.#lastKey = -1
  }

  /**
   * The first page from `page` on, and before `end`, whose table is there; `end` if there is none. A range of more tables than there are
   * rows is not walked through.
   */
  nextOf(process: number, page: number, end: number): number {
    const tableEnd = (from: number): number => from - (from % TABLE_PAGES) + TABLE_PAGES
    if ((end - page) / TABLE_PAGES <= this.length) {
      let next = page
      while (next < end && this.find(process, next) < 0) next = tableEnd(next)
      return Math.min(next, end)
    }
    if (this.find(process, page) >= 0) return page
    let nearest = end
    for (let row = 0; row < this.length; row++) {
      const first = this.firstPage[row]
      if (this.process[row] === process && first > page && first < nearest) nearest = first
    }
    return nearest
  }

  /** Is the row a table in use? */
  isOpen(row: number): boolean {
    return this.firstPage[row] >= 0
  }

  /** State of a page; 0: absent. */
  stateOf(process: number, page: number): number {
    const row = this.find(process, page)
    return row < 0 ? 0 : this.state[(row << TABLE_SHIFT) + (page % TABLE_PAGES)]
  }
}
