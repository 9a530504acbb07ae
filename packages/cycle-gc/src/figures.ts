/** Figures of a collector, read from its columns: of a sealed state by the queries, of a draft by the composer's port. */
import { type CollectorState, LISTS } from './state.ts'

/** Number of the generation that `gc.freeze` fills. */
export const PERMANENT_GENERATION = 3

/** One generation of `gc.get_stats()`. */
export interface GenerationStats {
  readonly collections: number
  readonly collected: number
  readonly uncollectable: number
}

/** Lists of a generation, in the order of `gc.get_objects(generation=)`. */
export function listsOf(s: CollectorState, generation: number): readonly number[] {
  if (generation === PERMANENT_GENERATION) return [LISTS.permanent]
  return s.profile.policy.listsOf?.(s, generation) ?? [LISTS.generation0 + generation]
}

/** Generation that a list belongs to; null: none. */
export function generationOfList(s: CollectorState, list: number): number | null {
  for (let generation = 0; generation <= PERMANENT_GENERATION; generation++) if (listsOf(s, generation).includes(list)) return generation
  return null
}

/** Objects of a generation, unseen ones among them. */
export function sizeOf(s: CollectorState, generation: number): number {
  let size = s.unseen[generation]
  for (const list of listsOf(s, generation)) size += s.size[list]
  return size
}

/** A figure of `gc.get_count()`. */
export function countOf(s: CollectorState, generation: number): number {
  return (s.profile.policy.countsOf?.(s) ?? s.count)[generation] as number
}

/** One generation of `gc.get_stats()`. */
export function statsOf(s: CollectorState, generation: number): GenerationStats {
  return {
    collections: s.collections[generation],
    collected: s.collectedTotal[generation],
    uncollectable: s.uncollectableTotal[generation],
  }
}
