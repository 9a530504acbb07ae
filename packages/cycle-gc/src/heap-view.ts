/**
 * The ports to the layer above: the heap that the collector reads, and what it asks of it.
 *
 * The collector numbers objects by row and keeps its own columns (generation, links, gc_refs) beside the heap's. A heap
 * may replace any of these arrays when it grows, so a collection reads them anew after every call of {@link HeapEditor}.
 */

/** What a collection reads. Arrays are the heap's own, to be read only. */
export interface HeapView {
  /** Rows in use or once used: every object lies below. */
  readonly rows: number
  /** Id of the object in the log; NO_ID for one that the runtime made for itself. @shape [rows] */
  readonly object: Uint32Array
  /** References to the object, from wherever. @shape [rows] */
  readonly count: Int32Array
  /** First reference of the object in `target`. @shape [rows] */
  readonly firstReference: Int32Array
  /** References of the object, in the order of its slots. @shape [rows] */
  readonly referenceCount: Int32Array
  /** Row that each reference leads to, -1 for an empty slot; objects outside of the collector are there too. */
  readonly target: Int32Array
  /** {@link HEAP_FLAGS} of the object. @shape [rows] */
  readonly flags: Uint8Array
  /** Rows that running frames hold: the innermost frame first, in each the top of its stack first. Asked by incremental collections. */
  stackRoots(): readonly number[]
  /** Rows that modules and the interpreter itself hold, in the order in which they were bound. Asked by incremental collections. */
  globalRoots(): readonly number[]
}

/** Bits of `HeapView.flags`. */
export const HEAP_FLAGS = {
  /** The collector may be told of it: it has a collector's header. */
  gc: 1,
  /** Its traversal goes from the last slot to the first (list, tuple). */
  visitsBackwards: 2,
  /** It has a finalizer that has not run yet. */
  finalizer: 4,
  /** A weak reference to it is alive, or it is itself a weak reference that is. */
  weaklyReferenced: 8,
  /** It is an exact tuple. */
  tuple: 16,
  /** It is an exact dict. */
  dict: 32,
  /** It has a finalizer of the old kind (`tp_del`), which makes cycles through it uncollectable. */
  legacyFinalizer: 64,
  /** Its count is fixed. */
  immortal: 128,
} as const

/** What a collection asks of the heap. Each may run cascades of deaths, which come back as {@link Tracking} calls. */
export interface HeapEditor {
  /** Takes and gives back the collector's own reference while it works on an object. */
  hold(row: number): void
  release(row: number): void
  /**
   * Clears the weak references to the object, newest first, and the object itself if it is one. Those whose own row is not
   * in `garbage` and that have a callback are returned in that order; the collector holds them and gives them to
   * {@link callBack} when all garbage was gone through.
   *
   * @param garbage 1 for each row that the collection found unreachable. @shape [rows] at least
   * @param onlyWithCallback leaves those without a callback alive
   */
  clearWeakReferences(row: number, garbage: Uint8Array, onlyWithCallback: boolean): readonly number[]
  callBack(weak: number): void
  /** Runs the object's finalizer, once in its life. */
  finalize(row: number): void
  /** `tp_clear`: drops what the object refers to, in the order of its type. */
  clear(row: number): void
  /**
   * Holds, clears and releases all rows in order, except those that died before it is their turn. A heap that offers it
   * need not tell of the deaths of these rows one by one: `settle` says once how many rows were gone through and how many
   * blocks of memory were given back; those with a count of 0 are dead. It is called at the end, or as soon as something
   * of the program runs, before that runs; then the heap stops behind the row at hand.
   *
   * @returns how many rows were gone through
   */
  clearGarbage?(rows: Int32Array, length: number, settle: (cleared: number, freed: number) => void): number
  /** The collector tracks the object no longer: a tuple or dict that can be in no cycle, or an immortal. */
  untracked(row: number): void
  /** It tracks the object again, without being told to: a weak reference of fixed count whose callback is to be called. */
  trackedAgain(row: number): void
  /** The object joins `gc.garbage`, which holds it. */
  keepGarbage(row: number): void
  /** `gc.garbage.clear()`: it drops all that it holds, the last one first. */
  dropGarbage(): void
  /** A dict for the functions of `gc.callbacks`, held until it is dropped. @returns its row */
  makeCallbackInfo(): number
  /** So many functions were called with it. */
  dropCallbackInfo(row: number, callbacks: number): void
  /** The free lists of the types are emptied, as after a full collection. */
  emptyFreeLists(): void
}

/** What a heap tells the collector. The collector hands one out; the machine gives it to the heap. */
export interface Tracking {
  /**
   * So many bytes for an object with a collector's header were asked of the allocator, not of a free list. May collect
   * before it returns.
   */
  allocated(bytes: number): void
  /** Such memory was given back to the allocator. */
  freed(): void
  /** The object goes behind the youngest. One that is tracked already stays where it is. */
  track(row: number): void
  /** One that is not tracked is passed over. */
  untrack(row: number): void
  /** A Python function begins, a finalizer or the callback of a weak reference: from 3.12 on a due collection runs here. */
  entered(): void
}
