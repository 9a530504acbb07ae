/** What a log tells late. */
import { type EventBatch, EventColumns, type EventIndex, NO_ID, NOT_GIVEN } from '@reheap/kernel'
import { REQUEST_OPCODES } from '@reheap/refcount'

const { AddReference, CreateObject, CreateWeakReference, SetFinalizer, SetCallback } = REQUEST_OPCODES

/** A change of the rows that are replayed. */
export interface Foreseen {
  readonly at: EventIndex
  /** A row to be replayed behind that one; null: that one is left out. */
  readonly row: EventBatch | null
}

/** A weak reference with a function, and the event that made it. */
interface Watcher {
  readonly at: EventIndex
  called: number
  isTold: boolean
}

/**
 * What finalizers and callbacks do is recorded when they have done it. A what-if may call them sooner: it is told as soon as they are there. Where a
 * function let go of one weak reference it is taken to let go of all that it is called for. Feed it the whole log, then give it to the replay.
 */
export class Foresight {
  /** Events that gave an object its finalizer. */
  readonly #finalizers = new Map<number, EventIndex>()
  readonly #watchers = new Map<number, Watcher>()
  /** By function: the container out of which it takes the weak references that it is called for. */
  readonly #dropsFrom = new Map<number, number>()
  #changes: readonly Foreseen[] | null = null
  readonly #known: Foreseen[] = []

  feed(batch: EventBatch): void {
    const { code, tag, id, other, firstIndex } = batch
    for (let row = 0; row < batch.length; row++) {
      switch (code[row]) {
        case CreateObject:
          this.#finalizers.delete(id[row])
          break
        case CreateWeakReference:
          if (tag[row] !== 0) this.#watchers.set(id[row], { at: firstIndex + row, called: NO_ID, isTold: false })
          break
        case AddReference: {
          const watcher = this.#watchers.get(other[row])
          if (watcher?.called === NO_ID) watcher.called = id[row]
          break
        }
        case SetFinalizer:
          this.#finalizer(batch, row)
          break
        case SetCallback: {
          const watcher = this.#watchers.get(id[row])
          if (watcher === undefined) break
          this.#dropsFrom.set(watcher.called, other[row])
          watcher.isTold = this.#foresee(watcher.at, SetCallback, id[row], other[row])
        }
      }
    }
  }

  /** Changes of the rows from one event to before another, in order. */
  within(from: EventIndex, to: EventIndex): readonly Foreseen[] {
    this.#changes ??= this.#sorted()
    const changes = this.#changes
    let low = 0
    for (let high = changes.length; low < high; ) {
      const middle = (low + high) >> 1
      if ((changes[middle] as Foreseen).at < from) low = middle + 1
      else high = middle
    }
    let end = low
    while (end < changes.length && (changes[end] as Foreseen).at < to) end++
    return changes.slice(low, end)
  }

  #finalizer({ id, other, firstIndex }: EventBatch, row: number): void {
    const index = firstIndex + row
    if (other[row] === NO_ID) this.#finalizers.set(id[row], index)
    else if (this.#foresee(this.#finalizers.get(id[row]), SetFinalizer, id[row], other[row])) this.#known.push({ at: index, row: null })
  }

  /** Of a container that is younger the log has to tell in its place. */
  #foresee(at: EventIndex | undefined, code: number, object: number, container: number): boolean {
    if (at === undefined || (container !== NO_ID && container > object)) return false
    const row = new EventColumns(1, at)
    row.push(code, 0, object, container, NOT_GIVEN, NOT_GIVEN)
    this.#known.push({ at, row })
    return true
  }

  #sorted(): readonly Foreseen[] {
    for (const [weak, { at, called, isTold }] of this.#watchers) {
      const container = this.#dropsFrom.get(called)
      if (!isTold && called !== NO_ID && container !== undefined) this.#foresee(at, SetCallback, weak, container)
    }
    return this.#known.sort((a, b) => a.at - b.at)
  }
}
