/** The objects of a plain heap as columns. The row of an object is its id. */
import { type Column, grown } from '@reheap/kernel'
import { HEAP_FLAGS } from './heap-view.ts'

const { finalizer, weaklyReferenced } = HEAP_FLAGS
const NONE = -1
const REFERENCES_MIN = 4

export class PlainObjects {
  rows = 0
  object = new Uint32Array(0)
  /** 0: no object. @shape every column: [rows] */
  count = new Int32Array(0)
  flags = new Uint8Array(0)
  kind = new Uint8Array(0)
  firstReference = new Int32Array(0)
  referenceCount = new Int32Array(0)
  /** Room of the object in `target`. */
  capacity = new Int32Array(0)
  target = new Int32Array(0)
  targets = 0
  /** Where a finalizer stores the object. */
  finalizerInto = new Int32Array(0)
  /** Object of a weak reference, -1: cleared. */
  weakTo = new Int32Array(0)
  hasCallback = new Uint8Array(0)
  /** The dict of `gc.callbacks` goes to a free list when it was dropped: the one that is there is used again. */
  spareInfos = 0
  /** References that the program itself holds. */
  held = new Int32Array(0)
  /** Weak references in the order of their making. */
  weak: readonly number[] = []
  /** Rows that `gc.garbage` holds. */
  kept: readonly number[] = []

  isAlive(row: number): boolean {
    return row < this.rows && this.count[row] > 0
  }

  /** References of an object, in order. */
  referencesOf(row: number): readonly number[] {
    return [...this.target.subarray(this.firstReference[row], this.firstReference[row] + this.referenceCount[row])]
  }

  /** Adds a reference; -1: from the program. */
  refer(from: number, to: number): void {
    this.count[to]++
    if (from === NONE) {
      this.held[to]++
      return
    }
    if (this.referenceCount[from] === this.capacity[from]) this.moveReferences(from)
    this.target[this.firstReference[from] + this.referenceCount[from]++] = to
  }

  referWeakly(weak: number, row: number, callback: boolean): void {
    this.weakTo[weak] = row
    this.hasCallback[weak] = callback ? 1 : 0
    this.weak = [...this.weak, weak]
    this.flags[weak] |= weaklyReferenced
    this.flags[row] |= weaklyReferenced
  }

  giveFinalizer(row: number, into: number): void {
    this.finalizerInto[row] = into
    this.flags[row] |= finalizer
  }

  protected moveReferences(row: number): void {
    const count = this.referenceCount[row]
    const room = Math.max(REFERENCES_MIN, count * 2)
    const first = this.targets
    this.targets += room
    this.target = grown(this.target, this.targets)
    this.target.copyWithin(first, this.firstReference[row], this.firstReference[row] + count)
    this.firstReference[row] = first
    this.capacity[row] = room
  }

  protected grow(rows: number): void {
    if (rows <= this.rows) return
    this.rows = rows
    if (rows <= this.count.length) return
    const room = <C extends Column>(column: C): C => grown(column, Math.max(rows, 64))
    this.object = room(this.object)
    this.count = room(this.count)
    this.flags = room(this.flags)
    this.kind = room(this.kind)
    this.firstReference = room(this.firstReference)
    this.referenceCount = room(this.referenceCount)
    this.capacity = room(this.capacity)
    this.finalizerInto = room(this.finalizerInto)
    this.weakTo = room(this.weakTo)
    this.hasCallback = room(this.hasCallback)
    this.held = room(this.held)
  }
}
