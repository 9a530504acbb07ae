/**
 * The address space of one process: its areas in the order of their addresses, none overlapping another.
 *
 * Addresses in bytes, whole pages; `end` is the first byte behind an area. Columns of one length, `length` of it used.
 */
import { grown } from '@reheap/kernel'

/** Bits of `flags`. */
export const HUGE = 1

export class AreaList {
  length = 0
  start = new Float64Array(16)
  end = new Float64Array(16)
  backing = new Uint8Array(16)
  flags = new Uint8Array(16)
  /** Row of the object whose pages it shows, or -1: anonymous memory of its own. */
  object = new Int32Array(16)
  /** Page of the object that its first page shows. */
  objectPage = new Float64Array(16)

  clone(): AreaList {
    const copy = new AreaList()
    copy.length = this.length
    copy.start = this.start.slice()
    copy.end = this.end.slice()
    copy.backing = this.backing.slice()
    copy.flags = this.flags.slice()
    copy.object = this.object.slice()
    copy.objectPage = this.objectPage.slice()
    return copy
  }

  /** The first area that ends behind an address: it holds the address, or lies above it; `length` if there is none. */
  above(address: number): number {
    let low = 0
    let high = this.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.end[middle] > address) high = middle
      else low = middle + 1
    }
    return low
  }

  /** The area that holds an address, or -1. */
  at(address: number): number {
    const row = this.above(address)
    return row < this.length && this.start[row] <= address ? row : -1
  }

  /** Is no byte of the range in any area? */
  isFree(start: number, end: number): boolean {
    if (start >= end) return true
    const row = this.above(start)
    return row === this.length || this.start[row] >= end
  }

  /** Puts an area into a free range. @returns its row */
  insert(start: number, end: number, backing: number, flags: number, object: number, objectPage: number): number {
    const row = this.above(start)
    this.#makeRoom(row)
    this.start[row] = start
    this.end[row] = end
    this.backing[row] = backing
    this.flags[row] = flags
    this.object[row] = object
    this.objectPage[row] = objectPage
    return row
  }

  remove(row: number): void {
    this.#shift(row + 1, row)
    this.length -= 1
  }

  /** Cuts the area that holds the address in two, if it does not begin there. */
  splitAt(address: number, pageBytes: number): void {
    const row = this.at(address)
    if (row < 0 || this.start[row] === address) return
    const end = this.end[row]
    this.end[row] = address
    const skipped = (address - this.start[row]) / pageBytes
    const { backing, flags, object, objectPage } = this
    this.insert(address, end, backing[row], flags[row], object[row], objectPage[row] + skipped)
  }

  /**
   * The highest free range of so many bytes below `top`.
   *
   * @returns its start, or -1: there is none
   * @source Linux `vm_unmapped_area`, top down
   */
  highestFree(bytes: number, top: number, alignment: number): number {
    let ceiling = top
    for (let row = this.above(top - 1) - 1; ; row--) {
      if (row + 1 < this.length && this.start[row + 1] < ceiling) ceiling = this.start[row + 1]
      const floor = row < 0 ? 0 : this.end[row]
      const start = Math.floor((ceiling - bytes) / alignment) * alignment
      if (start >= floor && start > 0) return start
      if (row < 0) return -1
    }
  }

  #makeRoom(row: number): void {
    const { length } = this
    this.start = grown(this.start, length + 1)
    this.end = grown(this.end, length + 1)
    this.backing = grown(this.backing, length + 1)
    this.flags = grown(this.flags, length + 1)
    this.object = grown(this.object, length + 1)
    this.objectPage = grown(this.objectPage, length + 1)
    this.#shift(row, row + 1)
    this.length = length + 1
  }

  #shift(from: number, to: number): void {
    const { length } = this
    this.start.copyWithin(to, from, length)
    this.end.copyWithin(to, from, length)
    this.backing.copyWithin(to, from, length)
    this.flags.copyWithin(to, from, length)
    this.object.copyWithin(to, from, length)
    this.objectPage.copyWithin(to, from, length)
  }
}
