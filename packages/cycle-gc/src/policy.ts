import type { CollectorFigures, CollectorState } from './state.ts'

/**
 * When a collection runs, and which objects it looks at. How objects are found unreachable, and what becomes of them, is
 * the same under every policy.
 *
 * A policy has no state of its own: what it must remember it keeps in `figures.memory`, which is part of the sealed state.
 */
export interface CollectionPolicy {
  readonly name: string
  /** Numbers in `figures.memory`; 0 where left out. */
  readonly memory?: number
  /**
   * Asked after an object was counted: does a collection run now, or at the next look at the eval breaker? Left out: the
   * young count is above a threshold that is not 0. @param bytes of the object, 0 where objects are counted when tracked
   */
  isDue?(figures: CollectorFigures, bytes: number): boolean
  /** Generation of the collection that is due, -1: none. */
  choose(figures: CollectorFigures): number
  /** Collects a generation: picks the region, deals with it, and keeps the figures. */
  collect(collector: CollectorState, generation: number): void
  /** List that unfrozen objects go behind; left out: that of generation 2. */
  unfreezesInto?(collector: CollectorState): number
  /** Lists that `gc.get_objects(generation)` goes through; left out: that of the generation. */
  listsOf?(collector: CollectorState, generation: number): readonly number[]
  /** `gc.get_count()`, where it is not the counts in order. */
  countsOf?(collector: CollectorState): ArrayLike<number>
}

/** No collection. */
export const NO_GENERATION = -1
