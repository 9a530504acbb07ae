import { finished, type Sealed } from '@reheap/kernel'
import { generationOfList } from './figures.ts'
import type { HeapView } from './heap-view.ts'
import { splice } from './lists.ts'
import { type CollectorState, keeper, LISTS, NONE } from './state.ts'
import { deduceUnreachableInSteps } from './trial-deletion.ts'

/** An object that nothing holds any more but others like it, and that waits for its collection. */
export interface UnreachableRow {
  readonly row: number
  /** Generation that it is in. */
  readonly generation: number
  /** The youngest generation whose collection would find it. */
  readonly freedBy: number
}

const OLDEST = 2
/** Rows between two steps: some milliseconds. */
const STEP = 1 << 14

/** Rows that a collection of a generation would find unreachable, by trial on a copy. */
function* found(state: Sealed<CollectorState>, view: HeapView, generation: number): Generator<void, readonly number[]> {
  const s = keeper.read(state).clone()
  s.work.view = view
  splice(s, LISTS.generation0 + generation, LISTS.region)
  for (let younger = 0; younger < generation; younger++) splice(s, LISTS.generation0 + younger, LISTS.region)
  yield
  yield* deduceUnreachableInSteps(s, LISTS.generation2, STEP)
  const rows: number[] = []
  for (let row = s.head[LISTS.unreachable]; row !== NONE; row = s.next[row]) rows.push(row)
  return rows
}

/**
 * What a full collection now would find unreachable, in its order, and which generation's collection would be enough.
 * Nothing changes.
 *
 * @param view the heap that belongs to the state; left out: the plain heap of the state
 */
export const unreachableRows = (state: Sealed<CollectorState>, view: HeapView = keeper.read(state).heap): readonly UnreachableRow[] =>
  finished(unreachableRowsInSteps(state, view))

/** The same in steps, between which something else may be done. */
export function* unreachableRowsInSteps(state: Sealed<CollectorState>, view: HeapView): Generator<void, readonly UnreachableRow[]> {
  const s = keeper.read(state)
  const all = yield* found(state, view, OLDEST)
  yield
  if (all.length === 0) return []
  const freedBy = new Uint8Array(s.list.length).fill(OLDEST)
  for (let generation = OLDEST - 1; generation >= 0; generation--) {
    for (const row of yield* found(state, view, generation)) freedBy[row] = generation
    yield
  }
  return all.map((row) => ({ row, generation: generationOfList(s, s.list[row]) ?? OLDEST, freedBy: freedBy[row] }))
}
