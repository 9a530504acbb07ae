/**
 * What files and shared memory show to those who map them: a page of an object is in RAM once, however many processes have it.
 *
 * An object's pages are noted in tables of 512, made where a page was ever used: a file of any size costs nothing until then.
 */
import { copyColumns, grown } from '@reheap/kernel'
import { TABLE_PAGES } from './page-tables.ts'

/** Tables of one object of 2^47 bytes. */
const TABLES_MAX = 2 ** 26
/** Instead of a number of users: the page is in swap. */
const IN_SWAP = 0xffff_ffff

export class PageObjects {
  /** Objects that there ever were. */
  length = 0
  /** Pages that areas show of each object, and pages of it that are in swap. @shape [objects] */
  shown = new Float64Array(4)
  swapped = new Float64Array(4)
  /** Pages of all objects that are in swap. */
  swappedPages = 0
  /** Pages that came back from swap so far. */
  cameBack = 0

  tables = 0
  /** Address spaces in which each page is resident, or IN_SWAP. @shape [tables * TABLE_PAGES] */
  users = new Uint32Array(TABLE_PAGES)
  /** Pages of the table that are in RAM or swap; its object (-1: it was given back) and number in it. @shape [tables] */
  used = new Uint16Array(4)
  tableObject = new Int32Array(4)
  tableNumber = new Float64Array(4)
  readonly #rows: Map<number, number>
  readonly #free: number[]

  constructor(from?: PageObjects) {
    this.#rows = new Map(from === undefined ? [] : from.#rows)
    this.#free = from === undefined ? [] : from.#free.slice()
    if (from !== undefined) copyColumns(from, this)
  }

  /** @returns the row of a new object */
  open(): number {
    const row = this.length++
    this.shown = grown(this.shown, this.length)
    this.swapped = grown(this.swapped, this.length)
    return row
  }

  /** An area shows so many pages more. */
  show(row: number, pages: number): void {
    this.shown[row] += pages
  }

  /** An area shows so many pages fewer; what nothing shows any more is gone. @returns pages of swap that became free */
  hide(row: number, pages: number): number {
    this.shown[row] -= pages
    const inSwap = this.swapped[row]
    if (this.shown[row] > 0 || inSwap === 0) return 0
    for (let table = 0; table < this.tables; table++) if (this.tableObject[table] === row) this.#close(table)
    this.swapped[row] = 0
    this.swappedPages -= inSwap
    return inSwap
  }

  /** Is the page in RAM? */
  isResident(row: number, page: number): boolean {
    const at = this.#at(row, page)
    return at >= 0 && this.users[at] > 0 && this.users[at] !== IN_SWAP
  }

  /** One more has the page; if it was in swap, it is there no longer. @returns was it in swap? */
  enter(row: number, page: number): boolean {
    const at = this.#open(row, page)
    const wasSwapped = this.users[at] === IN_SWAP
    if (wasSwapped) {
      this.users[at] = 1
      this.swapped[row] -= 1
      this.swappedPages -= 1
      this.cameBack += 1
    } else if (this.users[at]++ === 0) this.used[Math.floor(at / TABLE_PAGES)] += 1
    return wasSwapped
  }

  /** One fewer has the page. @returns was it the last? */
  leave(row: number, page: number): boolean {
    const at = this.#at(row, page)
    this.users[at] -= 1
    if (this.users[at] > 0) return false
    const table = Math.floor(at / TABLE_PAGES)
    this.used[table] -= 1
    if (this.used[table] === 0) this.#close(table)
    return true
  }

  /** Has only one address space the page? */
  isLast(row: number, page: number): boolean {
    return this.users[this.#at(row, page)] === 1
  }

  /** The last that had the page gave it up, and its content is kept in swap. */
  swapOut(row: number, page: number): void {
    const at = this.#open(row, page)
    this.users[at] = IN_SWAP
    this.used[Math.floor(at / TABLE_PAGES)] += 1
    this.swapped[row] += 1
    this.swappedPages += 1
  }

  /** Pages that are in RAM. */
  residentPages(): number {
    return this.users.reduce((sum, users) => sum + (users > 0 && users !== IN_SWAP ? 1 : 0), 0)
  }

  #at(row: number, page: number): number {
    const table = this.#rows.get(row * TABLES_MAX + Math.floor(page / TABLE_PAGES)) ?? -1
    return table < 0 ? -1 : table * TABLE_PAGES + (page % TABLE_PAGES)
  }

  #open(row: number, page: number): number {
    const found = this.#at(row, page)
    if (found >= 0) return found
    const table = this.#free.pop() ?? this.tables++
    this.users = grown(this.users, this.tables * TABLE_PAGES)
    this.used = grown(this.used, this.tables)
    this.tableObject = grown(this.tableObject, this.tables)
    this.tableNumber = grown(this.tableNumber, this.tables)
    this.tableObject[table] = row
    this.tableNumber[table] = Math.floor(page / TABLE_PAGES)
    this.#rows.set(row * TABLES_MAX + this.tableNumber[table], table)
    return table * TABLE_PAGES + (page % TABLE_PAGES)
  }

  #close(table: number): void {
    this.users.fill(0, table * TABLE_PAGES, (table + 1) * TABLE_PAGES)
    this.used[table] = 0
    this.#rows.delete(this.tableObject[table] * TABLES_MAX + this.tableNumber[table])
    this.tableObject[table] = -1
    this.#free.push(table)
  }
}
