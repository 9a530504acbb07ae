/** Tuples and dicts that can be in no cycle leave the collector. @source `untrack_tuples`, `untrack_dicts` */
import { countUntracked } from './counting.ts'
import { HEAP_FLAGS, type HeapView } from './heap-view.ts'
import { removeFrom } from './lists.ts'
import { type CollectorState, LISTS, NONE } from './state.ts'

const { gc, tuple } = HEAP_FLAGS

/** May the object be, or come to be, part of a cycle? An exact tuple only while it is tracked. @source `_PyObject_GC_MAY_BE_TRACKED` */
function mayBeTracked(s: CollectorState, flags: Uint8Array, row: number): boolean {
  const bits = flags[row]
  return (bits & gc) !== 0 && ((bits & tuple) === 0 || s.list[row] !== LISTS.untracked)
}

function holdsTrackable(s: CollectorState, view: HeapView, row: number): boolean {
  const { firstReference, referenceCount, target, flags } = view
  const first = firstReference[row]
  const end = first + referenceCount[row]
  for (let at = first; at < end; at++) {
    const to = target[at]
    if (to >= 0 && mayBeTracked(s, flags, to)) return true
  }
  return false
}

/**
 * Untracks the objects of a list that have a flag (tuple or dict) and hold nothing that may be tracked, in list order: a
 * tuple inside a tuple goes first if it is older.
 */
export function untrackIn(s: CollectorState, list: number, flag: number): void {
  const { view, editor } = s.work
  const { next } = s
  let after = NONE
  for (let row = s.head[list]; row !== NONE; row = after) {
    after = next[row]
    if ((view.flags[row] & flag) === 0 || holdsTrackable(s, view, row)) continue
    removeFrom(s, list, row)
    countUntracked(s)
    editor.untracked(row)
  }
}
