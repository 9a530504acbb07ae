/** What is true of every sealed state: cheap checks look at figures, full ones at every row. */
import type { Sealed } from '@reheap/kernel'
import { type Either, left, right } from 'fp-ts/lib/Either.js'
import { HEAP_FLAGS, type HeapView } from './heap-view.ts'
import { type CollectorState, keeper, LISTS, NONE } from './state.ts'

/** A broken invariant: which, and the figures that show it. */
export interface Violation {
  readonly invariant: string
  readonly message: string
}

type Check = (s: CollectorState, view: HeapView) => string | null

/** No figure is below 0. O(1). */
const figures: Check = (s) => {
  const signs: Readonly<Record<string, number>> = {
    count0: s.count[0],
    count1: s.count[1],
    count2: s.count[2],
    longLivedTotal: s.longLivedTotal,
    longLivedPending: s.longLivedPending,
    callbacks: s.callbacks,
    garbageLength: s.garbageLength,
  }
  const wrong = Object.entries(signs).find(([, value]) => !(value >= 0))
  return wrong === undefined ? null : `${wrong[0]} is ${wrong[1]}`
}

/** No collection runs, and its lists are empty. O(1). */
const atRest: Check = (s) => {
  if (s.collecting !== 0) return 'a collection is running'
  for (let list: number = LISTS.region; list < s.head.length; list++)
    if (s.head[list] !== NONE || s.size[list] !== 0) return `list ${list} of a collection holds ${s.size[list]} rows`
  return null
}

/** Every tracked row stands in exactly one list, the one that its column names, linked both ways; sizes are right. */
const lists: Check = (s) => {
  const seen = new Uint8Array(s.list.length)
  let linked = 0
  for (let list: number = LISTS.generation0; list < s.head.length; list++) {
    let before = NONE
    let size = 0
    for (let row = s.head[list]; row !== NONE; row = s.next[row]) {
      if (seen[row] === 1) return `row ${row} stands in two places`
      if (s.list[row] !== list) return `row ${row} of list ${list} says that it is in list ${s.list[row]}`
      if (s.prev[row] !== before) return `row ${row} links back to ${s.prev[row]}, not ${before}`
      seen[row] = 1
      before = row
      size++
    }
    if (s.tail[list] !== before) return `list ${list} ends with row ${s.tail[list]}, not ${before}`
    if (s.size[list] !== size) return `list ${list} has ${size} rows, counted ${s.size[list]}`
    linked += size
  }
  const named = s.list.reduce((sum, list) => sum + (list === LISTS.untracked ? 0 : 1), 0)
  return named === linked ? null : `${named} rows say that they are tracked, ${linked} are in lists`
}

/** A tracked row is a living object with a collector's header. */
const tracked: Check = (s, view) => {
  for (let row = 0; row < s.list.length; row++) {
    if (s.list[row] === LISTS.untracked) continue
    if (row >= view.rows || view.count[row] <= 0) return `row ${row} is tracked and not alive`
    if ((view.flags[row] & HEAP_FLAGS.gc) === 0) return `row ${row} is tracked and has no collector's header`
  }
  return null
}

/** What `gc.garbage` holds is alive. */
const garbage: Check = (s, view) => {
  for (let at = 0; at < s.garbageLength; at++)
    if (view.count[s.garbage[at]] <= 0) return `row ${s.garbage[at]} is in gc.garbage and not alive`
  return null
}

const CHEAP: Readonly<Record<string, Check>> = { figures, atRest }
const FULL: Readonly<Record<string, Check>> = { figures, atRest, lists, tracked, garbage }

function run(checks: Readonly<Record<string, Check>>, state: Sealed<CollectorState>, view?: HeapView): Either<Violation, void> {
  const s = keeper.read(state)
  for (const [invariant, check] of Object.entries(checks)) {
    const message = check(s, view ?? s.heap)
    if (message !== null) return left({ invariant, message })
  }
  return right(undefined)
}

/** O(1): figures only. Left: the first rule that does not hold. */
export const checkCheap = (state: Sealed<CollectorState>): Either<Violation, void> => run(CHEAP, state)

/**
 * O(rows): every list and every row. Left: the first rule that does not hold.
 *
 * @param view the heap that belongs to the state; left out: its plain heap
 */
export const checkFull = (state: Sealed<CollectorState>, view?: HeapView): Either<Violation, void> => run(FULL, state, view)
