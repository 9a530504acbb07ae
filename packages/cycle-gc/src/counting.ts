/** The young count and the size of the heap. @source `_PyObject_GC_Link`, `PyObject_GC_Del`, `_PyObject_GC_UNTRACK` of 3.14 */
import type { CollectorState } from './state.ts'

/** One object more. */
export function countUp(s: CollectorState): void {
  s.count[0]++
  s.heapSize++
}

/** So many objects less; the young count never falls below 0. */
export function countDown(s: CollectorState, objects = 1): void {
  s.count[0] = Math.max(0, s.count[0] - objects)
  s.heapSize -= objects
}

/** An object left the collector: where tracked objects are counted it counts no longer. */
export function countUntracked(s: CollectorState): void {
  if (s.profile.counts === 'tracked') countDown(s)
}
