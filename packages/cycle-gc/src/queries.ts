/** Read-only questions on a sealed state. */
import type { Sealed } from '@reheap/kernel'
import { countOf, type GenerationStats, generationOfList, listsOf, PERMANENT_GENERATION, sizeOf, statsOf } from './figures.ts'
import type { CollectorProfile } from './profile.ts'
import { type CollectorState, keeper, LISTS, NONE } from './state.ts'

type Triple = readonly [number, number, number]

/** The profile that the collector works by. */
export const profileOf = (state: Sealed<CollectorState>): CollectorProfile => keeper.read(state).profile

/** `gc.get_count()`. */
export function generationCounts(state: Sealed<CollectorState>): Triple {
  const s = keeper.read(state)
  return [countOf(s, 0), countOf(s, 1), countOf(s, 2)]
}

/** `gc.get_threshold()`. */
export function thresholds(state: Sealed<CollectorState>): Triple {
  const [first, second, third] = keeper.read(state).threshold
  return [first, second, third] as Triple
}

/** `gc.get_stats()`. */
export function collectionStats(state: Sealed<CollectorState>): readonly [GenerationStats, GenerationStats, GenerationStats] {
  const s = keeper.read(state)
  return [statsOf(s, 0), statsOf(s, 1), statsOf(s, 2)]
}

/** `gc.isenabled()`. */
export const isEnabled = (state: Sealed<CollectorState>): boolean => keeper.read(state).enabled === 1

/** Does a collection wait for the next look at the eval breaker? */
export const isCollectionDue = (state: Sealed<CollectorState>): boolean => keeper.read(state).due === 1

/** Survivors of the last full collection, and those of generation 1 since then. */
export function longLived(state: Sealed<CollectorState>): { readonly total: number; readonly pending: number } {
  const { longLivedTotal, longLivedPending } = keeper.read(state)
  return { total: longLivedTotal, pending: longLivedPending }
}

/** Rows of a generation in order: 0, 1, 2, or 3 for the permanent one. @source `gc.get_objects(generation=)` */
export function rowsOfGeneration(state: Sealed<CollectorState>, generation: number): readonly number[] {
  const s = keeper.read(state)
  const rows: number[] = []
  for (const list of listsOf(s, generation)) for (let row = s.head[list]; row !== NONE; row = s.next[row]) rows.push(row)
  return rows
}

/** Tracked objects of each generation and of the permanent one, unseen ones among them. */
export function generationSizes(state: Sealed<CollectorState>): readonly [number, number, number, number] {
  const s = keeper.read(state)
  return [sizeOf(s, 0), sizeOf(s, 1), sizeOf(s, 2), sizeOf(s, PERMANENT_GENERATION)]
}

/** `gc.get_freeze_count()`. */
export const frozenCount = (state: Sealed<CollectorState>): number => generationSizes(state)[PERMANENT_GENERATION]

/** Rows in `gc.garbage`, in order. */
export function garbageRows(state: Sealed<CollectorState>): readonly number[] {
  const s = keeper.read(state)
  return [...s.garbage.subarray(0, s.garbageLength)]
}

/** Generation of a row: 0, 1, 2, 3 for the permanent one, null for an object that is not tracked. */
export function generationOf(state: Sealed<CollectorState>, row: number): number | null {
  const s = keeper.read(state)
  return generationOfList(s, s.list[row] ?? LISTS.untracked)
}
