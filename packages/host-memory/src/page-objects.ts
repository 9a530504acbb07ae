/**
 * What files and shared memory show to those who map them: a page of an object is in RAM once, however many processes have it.
 *
 * A row for each object; the pages of all objects lie one behind the other in `users`.
 */
import { grown } from '@reheap/kernel'

export class PageObjects {
  length = 0
  /** First page of the object in `users`, and how many it has. @shape [rows] */
  first = new Float64Array(4)
  pages = new Float64Array(4)
  /** Address spaces in which each page is resident. */
  users = new Uint8Array(64)
  #end = 0

  clone(): PageObjects {
    const copy = new PageObjects()
    copy.length = this.length
    copy.first = this.first.slice()
    copy.pages = this.pages.slice()
    copy.users = this.users.slice()
    copy.#end = this.#end
    return copy
  }

  /** @returns the row of a new object of so many pages */
  open(pages: number): number {
    const row = this.length++
    this.first = grown(this.first, this.length)
    this.pages = grown(this.pages, this.length)
    this.users = grown(this.users, this.#end + pages)
    this.first[row] = this.#end
    this.pages[row] = pages
    this.#end += pages
    return row
  }

  /** One more has the page. @returns is it the first? */
  enter(row: number, page: number): boolean {
    return this.users[this.first[row] + page]++ === 0
  }

  /** One fewer has the page. @returns was it the last? */
  leave(row: number, page: number): boolean {
    return --this.users[this.first[row] + page] === 0
  }

  /** Is the page in RAM? */
  isResident(row: number, page: number): boolean {
    return this.users[this.first[row] + page] > 0
  }
}
