/** What a log tells late. */
import { type EventBatch, EventColumns, type EventIndex, NO_ID } from '@reheap/kernel'
import { REQUEST_OPCODES } from '@reheap/refcount'

const { CreateObject, CreateWeakReference, SetFinalizer, SetCallback } = REQUEST_OPCODES

/** A change of the rows that are replayed. */
export interface Foreseen {
  readonly at: EventIndex
  /** A row to be replayed behind that one; null: that one is left out. */
  readonly row: EventBatch | null
}

/**
 * What finalizers and callbacks do is recorded when they have done it. A what-if may call them sooner: it is told as soon as they are there. Feed it
 * the whole log, then give it to the replay.
 */
export class Foresight {
  /** Events that gave an object its finalizer, a weak reference its callback. */
  readonly #given = new Map<number, EventIndex>()
  readonly #changes: Foreseen[] = []
  #isSorted = true

  feed(batch: EventBatch): void {
    const { code, id, other, firstIndex } = batch
    for (let row = 0; row < batch.length; row++) {
      switch (code[row]) {
        case CreateObject:
          this.#given.delete(id[row])
          break
        case CreateWeakReference:
          this.#given.set(id[row], firstIndex + row)
          break
        case SetFinalizer:
          if (other[row] === NO_ID) this.#given.set(id[row], firstIndex + row)
          else this.#foresee(batch, row)
          break
        case SetCallback:
          this.#foresee(batch, row)
      }
    }
  }

  /** Changes of the rows from one event to before another, in order. */
  within(from: EventIndex, to: EventIndex): readonly Foreseen[] {
    if (!this.#isSorted) this.#changes.sort((a, b) => a.at - b.at)
    this.#isSorted = true
    let low = 0
    for (let high = this.#changes.length; low < high; ) {
      const middle = (low + high) >> 1
      if ((this.#changes[middle] as Foreseen).at < from) low = middle + 1
      else high = middle
    }
    let end = low
    while (end < this.#changes.length && (this.#changes[end] as Foreseen).at < to) end++
    return this.#changes.slice(low, end)
  }

  /** Of a container that is younger the log has to tell in its place. */
  #foresee({ code, tag, id, other, size, address, firstIndex }: EventBatch, row: number): void {
    const at = this.#given.get(id[row])
    if (at === undefined || (other[row] !== NO_ID && other[row] > id[row])) return
    const told = new EventColumns(1, at)
    told.push(code[row], tag[row], id[row], other[row], size[row], address[row])
    this.#changes.push({ at, row: told }, { at: firstIndex + row, row: null })
    this.#given.delete(id[row])
    this.#isSorted = false
  }
}
