/**
 * Since when is garbage garbage? An object that cycles keep alive is unreachable from the event on that took the last way to
 * it. That event dropped a reference to some object that leads to it, and nothing has dropped one to any of these since: so
 * it is the latest of the events at which they lost a reference. (The Merlin algorithm, over what a collection found.)
 */
import { HEAP_FLAGS, type HeapEditor, type HeapView } from '@reheap/cycle-gc'
import { type EventIndex, grown } from '@reheap/kernel'
import type { HeapReader } from '@reheap/refcount'

/** An object that was unreachable and alive: it was so after event `since`, and no more after event `until`. */
export interface GarbageSpan {
  since: EventIndex
  until: EventIndex
  /** Those that it held beside its own block among them. */
  bytes: number
  /** Did the collector track it? */
  isTracked: boolean
  /** Id of its type; NO_ID for an object that the runtime made for itself. */
  type: number
}

/** Told of each span; the value is written anew for the next. */
export type GarbageListener = (span: Readonly<GarbageSpan>) => void

/** Part of a row in the reckoning at hand. */
const PARTS = { none: 0, found: 1, dated: 2, outside: 3 } as const

/** Dates the garbage that a collector finds in one heap. */
export class GarbageWatch {
  readonly #view: HeapView
  readonly #heap: HeapReader
  readonly #listener: GarbageListener
  /** Rows that the collection at hand found, until they are dated. */
  readonly #found: number[] = []
  #cause = 0
  readonly #span: GarbageSpan = { since: 0, until: 0, bytes: 0, isTracked: false, type: 0 }
  /** @keeps none everywhere between reckonings @shape [rows] */
  #part = new Uint8Array(0)
  /** Of an object outside of what was found: references by garbage. @keeps 0 everywhere between reckonings @shape [rows] */
  #heldByGarbage = new Int32Array(0)

  constructor(view: HeapView, heap: HeapReader, listener: GarbageListener) {
    this.#view = view
    this.#heap = heap
    this.#listener = listener
  }

  /** A collection found a row unreachable. */
  found(row: number, cause: EventIndex): void {
    this.#found.push(row)
    this.#cause = cause
  }

  /** The same editor, but before anything is edited the garbage that was found is dated. */
  watched(editor: HeapEditor): HeapEditor {
    const dated = (): HeapEditor => {
      if (this.#found.length > 0) this.#date(this.#found.splice(0), this.#cause)
      return editor
    }
    const { clearGarbage } = editor
    return {
      hold: (row) => dated().hold(row),
      release: (row) => dated().release(row),
      clearWeakReferences: (row, garbage, onlyWithCallback) => dated().clearWeakReferences(row, garbage, onlyWithCallback),
      callBack: (weak) => dated().callBack(weak),
      finalize: (row) => dated().finalize(row),
      clear: (row) => dated().clear(row),
      untracked: (row) => dated().untracked(row),
      trackedAgain: (row) => dated().trackedAgain(row),
      keepGarbage: (row) => dated().keepGarbage(row),
      dropGarbage: () => dated().dropGarbage(),
      makeCallbackInfo: () => dated().makeCallbackInfo(),
      dropCallbackInfo: (row, callbacks) => dated().dropCallbackInfo(row, callbacks),
      emptyFreeLists: () => dated().emptyFreeLists(),
      ...(clearGarbage === undefined ? {} : { clearGarbage: (rows, length, settle) => clearGarbage.call(dated(), rows, length, settle) }),
    }
  }

  /** Dates what is unreachable now and no collection has found. @param until the event that comes next */
  end(until: EventIndex): void {
    this.#date(unreachable(this.#view), until)
  }

  #date(rows: readonly number[], until: EventIndex): void {
    const { lostAt } = this.#heap
    this.#part = grown(this.#part, this.#view.rows)
    this.#heldByGarbage = grown(this.#heldByGarbage, this.#view.rows)
    for (const row of rows) this.#part[row] = PARTS.found
    const touched: number[] = []
    // From the latest loss on, so that the first date that reaches an object is its own.
    for (const row of rows.toSorted((a, b) => lostAt[b] - lostAt[a])) this.#spread(row, until, touched)
    for (const row of rows) this.#part[row] = PARTS.none
    for (const row of touched) {
      this.#part[row] = PARTS.none
      this.#heldByGarbage[row] = 0
    }
  }

  /** Gives the row's date to all garbage behind it that has none. */
  #spread(first: number, until: EventIndex, touched: number[]): void {
    if (this.#part[first] !== PARTS.found) return
    const waiting = [first]
    const date = this.#heap.lostAt[first]
    this.#tell(first, date, until)
    for (let row = waiting.pop(); row !== undefined; row = waiting.pop()) {
      const { firstReference, referenceCount, target } = this.#view
      const end = firstReference[row] + referenceCount[row]
      for (let cell = firstReference[row]; cell < end; cell++) {
        const to = target[cell]
        if (to >= 0 && this.#reaches(row, to, until, touched)) waiting.push(to)
      }
    }
  }

  /** Garbage leads to an object. @returns whether that is garbage and was not gone through */
  #reaches(from: number, to: number, until: EventIndex, touched: number[]): boolean {
    const { lostAt } = this.#heap
    if (this.#part[to] === PARTS.dated) return false
    if (this.#part[to] === PARTS.found) {
      this.#tell(to, lostAt[from], until)
      return true
    }
    if ((this.#view.flags[to] & HEAP_FLAGS.immortal) !== 0) return false
    if (this.#part[to] === PARTS.none) {
      this.#part[to] = PARTS.outside
      touched.push(to)
    }
    // What is held by garbage alone goes with it, and is garbage since the last of its holders is.
    if (lostAt[from] > lostAt[to]) lostAt[to] = lostAt[from]
    if (++this.#heldByGarbage[to] < this.#view.count[to]) return false
    this.#tell(to, lostAt[to], until)
    return true
  }

  #tell(row: number, since: EventIndex, until: EventIndex): void {
    this.#part[row] = PARTS.dated
    this.#heap.lostAt[row] = since
    this.#span.since = since
    this.#span.until = until
    this.#span.bytes = this.#heap.bytesOf(row)
    this.#span.isTracked = this.#heap.isTracked(row)
    this.#span.type = this.#heap.typeOf(row)
    this.#listener(this.#span)
  }
}

/** Rows that are alive and that nothing outside of the heap leads to. */
export function unreachable({ rows, count, firstReference, referenceCount, target, flags }: HeapView): readonly number[] {
  const held = new Int32Array(rows)
  const isReached = new Uint8Array(rows)
  for (let row = 1; row < rows; row++) {
    if (count[row] <= 0) continue
    const end = firstReference[row] + referenceCount[row]
    for (let cell = firstReference[row]; cell < end; cell++) if (target[cell] >= 0) held[target[cell]]++
  }
  const waiting: number[] = []
  const reach = (row: number): void => {
    if (isReached[row] === 1) return
    isReached[row] = 1
    waiting.push(row)
  }
  for (let row = 1; row < rows; row++) if (count[row] > held[row] || (flags[row] & HEAP_FLAGS.immortal) !== 0) reach(row)
  for (let row = waiting.pop(); row !== undefined; row = waiting.pop()) {
    const end = firstReference[row] + referenceCount[row]
    for (let cell = firstReference[row]; cell < end; cell++) if (target[cell] >= 0) reach(target[cell])
  }
  const left: number[] = []
  for (let row = 1; row < rows; row++) if (count[row] > 0 && isReached[row] === 0) left.push(row)
  return left
}
