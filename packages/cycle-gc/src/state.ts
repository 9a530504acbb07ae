/**
 * The columns of the collector.
 *
 * Glossary
 * - row: number of an object in the heap that the collector reads; its own columns have the same rows.
 * - list: objects in the order in which the collector goes through them. Every tracked object stands in exactly one.
 * - generation: one of the three lists of `gc.get_count`, or the permanent one that `gc.freeze` fills.
 * - region: the objects that a collection looks at.
 * - unseen: an object that was alive before the log began. It has no row, survives every collection, and counts.
 * - space: an incremental collector keeps old objects in two lists: those that it visited in this pass, and the others.
 */
import { type Column, copyColumns, createKeeper, Emit, type EventIndex, grown, type Keeper } from '@reheap/kernel'
import type { HeapEditor, HeapView } from './heap-view.ts'
import type { PlainHeap } from './plain-heap.ts'
import type { CollectorProfile } from './profile.ts'
import type { TrialListener } from './trial.ts'

/** "None" in a column of rows. */
export const NONE = -1

/** The lists by number. An incremental collector keeps its two old spaces in the lists of generations 1 and 2. */
export const LISTS = {
  untracked: 0,
  generation0: 1,
  generation1: 2,
  generation2: 3,
  permanent: 4,
  /** The rest hold objects only while a collection runs. */
  region: 5,
  unreachable: 6,
  seen: 7,
  callbacks: 8,
  legacyFinalizers: 9,
  reachable: 10,
  /** What a collection works on while another one runs inside it. */
  outerUnreachable: 11,
  outerSeen: 12,
  outerCallbacks: 13,
  outerLegacyFinalizers: 14,
} as const
const LIST_COUNT = 15

/** Phases of an incremental pass over the old objects. */
export const PHASES = { mark: 0, collect: 1 } as const

/** Where facts go, and the event that they follow from: one object for all drafts that a composer connects, written at every row. */
export interface Moment {
  emit: Emit
  cause: EventIndex
}

/** What a draft works with and a sealed state does not hold: the ports, and scratch columns. */
export class Workplace {
  view: HeapView
  editor: HeapEditor
  moment: Moment = { emit: new Emit({ muted: true }), cause: 0 }
  /**
   * 0: not in the region. n > 0: in it, n - 1 references come from outside of the region, but 254: as many as `manyRefs`
   * says. 255: thought unreachable. References lead anywhere, and single bytes stay in a near cache.
   *
   * @keeps 0 everywhere but in the search itself @shape [rows]
   */
  refs = new Uint8Array(0)
  /** What does not fit. @shape [rows] */
  manyRefs = new Int32Array(0)
  /** 1: the running collection found it unreachable. @keeps 0 everywhere between collections @shape [rows] */
  isGarbage = new Uint8Array(0)
  /** Is any row of `isGarbage` 1? */
  isMarked = false
  /** Figures of the running collection. */
  collected = 0
  uncollectable = 0
  visited = 0
  /** Does the running collection count in `gc.get_stats()`? */
  isCounted = true
  /** Bits of `flags` that were seen at survivors. */
  flagsSeen = 0
  /** Told of every search; null: nobody listens. */
  trials: TrialListener | null = null

  constructor(heap: HeapView & HeapEditor) {
    this.view = heap
    this.editor = heap
  }
}

/** Figures that a policy reads, and those of its own that it keeps in the state. */
export interface CollectorFigures {
  /** `gc.get_count()`. @shape [3] */
  readonly count: Int32Array
  /** `gc.get_threshold()`. @shape [3] */
  readonly threshold: Float64Array
  /** Survivors of the last full collection. */
  readonly longLivedTotal: number
  /** Survivors of collections of generation 1 since then. */
  readonly longLivedPending: number
  /** What a policy keeps between its calls. @shape [policy.memory] */
  readonly memory: Float64Array
}

/** The columns of a collector; what a policy is given to collect with. */
export class CollectorState implements CollectorFigures {
  readonly profile: CollectorProfile
  /** The heap that the package brings along; a composer attaches another to each draft. */
  heap: PlainHeap
  work: Workplace

  /** List of the object, 0: untracked. @shape [rows] */
  list: Uint8Array = new Uint8Array(0)
  /** Neighbours in the list. @shape [rows] */
  next: Int32Array = new Int32Array(0)
  prev: Int32Array = new Int32Array(0)
  /** @shape [lists] */
  head: Int32Array = new Int32Array(LIST_COUNT).fill(NONE)
  tail: Int32Array = new Int32Array(LIST_COUNT).fill(NONE)
  /** @keeps the number of rows in the list */
  size: Int32Array = new Int32Array(LIST_COUNT)

  count: Int32Array = new Int32Array(3)
  threshold: Float64Array
  memory: Float64Array
  longLivedTotal = 0
  longLivedPending = 0
  /** Unseen objects of generations 0 to 2 and the permanent one. @shape [4] */
  unseen: Float64Array
  /** Unseen objects of fixed count, and how many of them `gc.unfreeze` put into generation 2. */
  unseenImmortals = 0
  unseenThawed = 0
  /** Incremental: old unseen objects that no root leads to, and how many of them this pass has still to visit. */
  unseenUnrooted = 0
  unseenPending = 0
  enabled = 1
  collecting = 0
  /** A collection waits for the next look at the eval breaker. */
  due = 0
  /** Functions in `gc.callbacks`. */
  callbacks = 0
  saveAll = 0
  /** Rows in `gc.garbage`, in order. @shape [garbageLength] */
  garbage: Int32Array = new Int32Array(0)
  garbageLength = 0

  /** `gc.get_stats()`. @shape [3] */
  collections: Float64Array = new Float64Array(3)
  collectedTotal: Float64Array = new Float64Array(3)
  uncollectableTotal: Float64Array = new Float64Array(3)

  /** Incremental only: objects alive, work owed, index of the visited space (0 or 1), phase. */
  heapSize = 0
  workToDo = 0
  visitedSpace = 0
  phase = 0
  /** Incremental only, 1: the namespaces of modules are frozen, or were and count as visited until the pass is complete. */
  globalsFrozen = 0

  constructor(profile: CollectorProfile, heap: PlainHeap) {
    this.profile = profile
    this.heap = heap
    this.work = new Workplace(heap)
    this.threshold = Float64Array.from(profile.thresholds)
    this.memory = new Float64Array(profile.policy.memory ?? 0)
    this.unseen = Float64Array.from(profile.start.objects)
    this.unseenImmortals = profile.start.immortals
    this.count.set(profile.start.counts)
    this.longLivedTotal = profile.start.longLivedTotal
    this.longLivedPending = profile.start.longLivedPending
    this.heapSize = profile.start.heapSize
    this.unseenUnrooted = profile.start.objects[2] - (profile.start.rootMarked ?? profile.start.objects[2])
    this.unseenPending = this.unseenUnrooted
  }

  /** A copy that shares no column, with its own heap attached. */
  clone(): CollectorState {
    const copy = new CollectorState(this.profile, this.heap.clone())
    copyColumns(this, copy)
    return copy
  }
}

/** A column with room for a row. */
const roomFor = <C extends Column>(column: C, rows: number): C => (rows > column.length ? grown(column, Math.max(rows, 64)) : column)

/** Makes the columns long enough for so many rows. */
export function growRows(s: CollectorState, rows: number): void {
  if (rows <= s.list.length) return
  s.list = roomFor(s.list, rows)
  s.next = roomFor(s.next, rows)
  s.prev = roomFor(s.prev, rows)
}

/** Makes the columns and the scratch of a collection long enough for the heap as it is now. */
export function growScratch(s: CollectorState): void {
  const { work } = s
  growRows(s, work.view.rows)
  work.refs = roomFor(work.refs, s.list.length)
  work.manyRefs = roomFor(work.manyRefs, s.list.length)
  work.isGarbage = roomFor(work.isGarbage, s.list.length)
}

/** A state is sealed without its workplace: ports and scratch belong to the draft. */
function close(s: CollectorState): CollectorState {
  s.heap = s.heap.clone()
  s.work = new Workplace(s.heap)
  return s
}

/** The one keeper of collector states; not exported from the package. */
export const keeper: Keeper<CollectorState, CollectorState> = createKeeper((state: CollectorState) => state.clone(), close)

/** Appends a row to `gc.garbage`. */
export function pushGarbage(s: CollectorState, row: number): void {
  s.garbage = roomFor(s.garbage, s.garbageLength + 1)
  s.garbage[s.garbageLength++] = row
}
