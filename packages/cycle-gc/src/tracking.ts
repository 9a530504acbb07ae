import { countDown, countUntracked, countUp } from './counting.ts'
import type { Tracking } from './heap-view.ts'
import { append, removeFrom } from './lists.ts'
import { checkDue, checkEvalBreaker } from './run.ts'
import { type CollectorState, growRows, LISTS } from './state.ts'

/** What the heap tells a draft. @source `_PyObject_GC_Link`, `PyObject_GC_Del`, `_PyObject_GC_TRACK`, `_PyObject_GC_UNTRACK` */
export class DraftTracking implements Tracking {
  protected readonly state: CollectorState
  readonly #countsTracked: boolean

  constructor(state: CollectorState) {
    this.state = state
    this.#countsTracked = state.profile.counts === 'tracked'
  }

  allocated(bytes: number): void {
    if (this.#countsTracked) return
    countUp(this.state)
    checkDue(this.state, bytes)
  }

  freed(): void {
    if (!this.#countsTracked) countDown(this.state)
  }

  track(row: number): void {
    const s = this.state
    if (row >= s.list.length) growRows(s, row + 1)
    if (s.list[row] !== LISTS.untracked) return
    append(s, LISTS.generation0, row)
    if (!this.#countsTracked) return
    countUp(s)
    checkDue(s, 0)
  }

  untrack(row: number): void {
    const s = this.state
    const list = row < s.list.length ? s.list[row] : LISTS.untracked
    if (list === LISTS.untracked) return
    removeFrom(s, list, row)
    countUntracked(s)
    if (s.work.isMarked) s.work.isGarbage[row] = 0
  }

  entered(): void {
    checkEvalBreaker(this.state)
  }
}

export const trackingOf = (s: CollectorState): Tracking => new DraftTracking(s)
