import { grown } from '@reheap/kernel'
import { tooMuch } from './snapshot-fault.ts'

/** More numbers than the distinct stacks of the largest snapshots have. */
const ITEMS_MAX = 2 ** 28

/** Rows of numbers, each row once: frames (file, line, function) and stacks (frames). */
export class RowTable {
  #items = new Uint32Array(4096)
  #start = new Uint32Array(256)
  #hash = new Uint32Array(256)
  #slots = new Uint32Array(512)
  /** How many rows there are. */
  length = 0

  /** The number of the row that stands in `items` from 0 to `count`. */
  intern(items: Uint32Array, count: number): number {
    let hash = count
    for (let i = 0; i < count; i++) hash = Math.imul(hash ^ items[i], 0x9e3779b1) ^ (hash >>> 13)
    hash = (hash ^ (hash >>> 16)) >>> 0
    const mask = this.#slots.length - 1
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const found = this.#slots[slot]
      if (found === 0) return this.#add(items, count, hash, slot)
      if (this.#hash[found - 1] === hash && this.#equals(found - 1, items, count)) return found - 1
    }
  }

  /** How many numbers all rows have. */
  get items(): number {
    return this.#start[this.length]
  }

  /** How many numbers a row has. */
  size(row: number): number {
    return this.#start[row + 1] - this.#start[row]
  }

  item(row: number, place: number): number {
    return this.#items[this.#start[row] + place]
  }

  #equals(row: number, items: Uint32Array, count: number): boolean {
    const start = this.#start[row]
    if (this.#start[row + 1] - start !== count) return false
    const own = this.#items
    for (let i = 0; i < count; i++) if (own[start + i] !== items[i]) return false
    return true
  }

  #add(items: Uint32Array, count: number, hash: number, slot: number): number {
    const row = this.length++
    this.#slots[slot] = row + 1
    this.#start = grown(this.#start, row + 2)
    this.#hash = grown(this.#hash, row + 1)
    const start = this.#start[row]
    if (start + count > ITEMS_MAX) throw tooMuch(null, `more than ${ITEMS_MAX} frames in stacks that differ`)
    this.#items = grown(this.#items, start + count)
    for (let i = 0; i < count; i++) this.#items[start + i] = items[i]
    this.#start[row + 1] = start + count
    this.#hash[row] = hash
    if (this.length * 2 > this.#slots.length) this.#rehash()
    return row
  }

  #rehash(): void {
    const slots = new Uint32Array(this.#slots.length * 2)
    const mask = slots.length - 1
    for (let row = 0; row < this.length; row++) {
      let slot = this.#hash[row] & mask
      while (slots[slot] !== 0) slot = (slot + 1) & mask
      slots[slot] = row + 1
    }
    this.#slots = slots
  }
}
