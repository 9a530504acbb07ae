/** The policy of 3.8 to 3.13, of 3.14.5 and later, and of 3.15: three generations by age. @source `gc_collect_main`, `gc_select_generation` */
import { collectGarbage } from './garbage.ts'
import { HEAP_FLAGS } from './heap-view.ts'
import { splice } from './lists.ts'
import { type CollectionPolicy, NO_GENERATION } from './policy.ts'
import { type CollectorFigures, type CollectorState, LISTS } from './state.ts'
import { deduceUnreachable } from './trial-deletion.ts'
import { untrackIn } from './untracking.ts'

const OLDEST = 2
const PERMANENT = 3
/** A full collection waits until a quarter as many objects are pending as lived through the last one. */
const LONG_LIVED_SHARE = 4

/** Would a full collection look mostly at objects that lived through the last one? */
export function isDeferred(figures: CollectorFigures): boolean {
  return figures.longLivedPending < Math.floor(figures.longLivedTotal / LONG_LIVED_SHARE)
}

/** The oldest generation whose count is above its threshold, unless it is deferred. */
function choose(figures: CollectorFigures): number {
  for (let generation = OLDEST; generation >= 0; generation--) {
    if (figures.count[generation] <= figures.threshold[generation]) continue
    if (generation === OLDEST && isDeferred(figures)) continue
    return generation
  }
  return NO_GENERATION
}

function collect(s: CollectorState, generation: number): void {
  if (generation < OLDEST) s.count[generation + 1]++
  s.count.fill(0, 0, generation + 1)
  const isFull = generation === OLDEST
  const into = LISTS.generation0 + (isFull ? OLDEST : generation + 1)
  // The older list first, then the younger ones behind it.
  splice(s, LISTS.generation0 + generation, LISTS.region)
  for (let younger = 0; younger < generation; younger++) splice(s, LISTS.generation0 + younger, LISTS.region)
  const unseen = ageUnseen(s, generation)
  s.work.visited = s.size[LISTS.region] + unseen
  deduceUnreachable(s, into)
  untrack(s, isFull)
  const survivors = s.size[LISTS.region] + unseen
  if (isFull) {
    s.longLivedTotal = survivors
    s.longLivedPending = 0
  } else if (generation === OLDEST - 1) s.longLivedPending += survivors
  splice(s, LISTS.region, into)
  collectGarbage(s, into)
  if (isFull) s.work.editor.emptyFreeLists()
}

/** Survivors that can be in no cycle: tuples in every collection, dicts in full ones. */
function untrack(s: CollectorState, isFull: boolean): void {
  const { untracksTuples, untracksDicts } = s.profile
  const { flagsSeen } = s.work
  if (untracksTuples && (flagsSeen & HEAP_FLAGS.tuple) !== 0) untrackIn(s, LISTS.region, HEAP_FLAGS.tuple)
  if (isFull && untracksDicts && (flagsSeen & HEAP_FLAGS.dict) !== 0) untrackIn(s, LISTS.region, HEAP_FLAGS.dict)
}

/** Objects from before the log grow older too. @returns how many a collection of the generation looks at and keeps */
function ageUnseen(s: CollectorState, generation: number): number {
  const { unseen } = s
  let moved = 0
  for (let age = 0; age <= generation; age++) {
    moved += unseen[age]
    unseen[age] = 0
  }
  if (generation === OLDEST) {
    moved -= s.unseenThawed
    unseen[PERMANENT] += s.unseenThawed
    s.unseenThawed = 0
  }
  unseen[Math.min(generation + 1, OLDEST)] += moved
  return moved
}

/** Three generations by age, each with a threshold; a full collection waits until enough is pending. */
export const generationalPolicy: CollectionPolicy = { name: 'generational', choose, collect }
