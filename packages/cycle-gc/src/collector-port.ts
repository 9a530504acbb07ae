import type { Draft } from '@reheap/kernel'
import { countOf, type GenerationStats, PERMANENT_GENERATION, sizeOf, statsOf } from './figures.ts'
import type { HeapEditor, HeapView, Tracking } from './heap-view.ts'
import { type CollectorState, keeper, LISTS, type Moment } from './state.ts'
import { DraftTracking } from './tracking.ts'

/** A draft of the collector as its composer sees it: what the heap tells it, and its figures at this moment. */
export interface CollectorPort extends Tracking {
  /** Figure of `gc.get_count()`. */
  count(generation: number): number
  /** Figure of `gc.get_threshold()`. */
  threshold(generation: number): number
  /** Objects in `gc.get_objects(generation=)`. */
  size(generation: number): number
  /** `gc.get_freeze_count()`. */
  readonly frozen: number
  /** Objects in all generations, the permanent one left out. */
  readonly tracked: number
  stats(generation: number): GenerationStats
  isTracked(row: number): boolean
  setThresholds(first: number, second: number, third: number): void
}

class DraftPort extends DraftTracking implements CollectorPort {
  count(generation: number): number {
    return countOf(this.state, generation)
  }

  threshold(generation: number): number {
    return this.state.threshold[generation]
  }

  size(generation: number): number {
    return sizeOf(this.state, generation)
  }

  get frozen(): number {
    return sizeOf(this.state, PERMANENT_GENERATION)
  }

  get tracked(): number {
    return this.size(0) + this.size(1) + this.size(2)
  }

  stats(generation: number): GenerationStats {
    return statsOf(this.state, generation)
  }

  isTracked(row: number): boolean {
    return (this.state.list[row] ?? LISTS.untracked) !== LISTS.untracked
  }

  setThresholds(first: number, second: number, third: number): void {
    this.state.threshold.set([first, second, third])
  }
}

/**
 * Lets a draft of the collector read and edit another heap than its own, until it is sealed.
 *
 * The collector and that heap belong together: thaw both, connect, apply, seal both.
 *
 * @param moment shared by all that are connected; every `applyBatch` writes emit and cause of the row that it applies
 */
export function collectorPort(draft: Draft<CollectorState>, view: HeapView, editor: HeapEditor, moment: Moment): CollectorPort {
  const s = keeper.own(draft)
  s.work.view = view
  s.work.editor = editor
  s.work.moment = moment
  return new DraftPort(s)
}
