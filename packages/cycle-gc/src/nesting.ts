/** A collection inside a running one, in a Python function that the outer one calls: 3.12 lets a due one begin there. @source `_Py_RunGC` of 3.12 */
import { merge } from './lists.ts'
import { type CollectorState, LISTS } from './state.ts'

/** The lists that belong to one running collection, and where the outer one's stand meanwhile. In CPython they are variables of its function. */
const OWN_LISTS = [
  [LISTS.unreachable, LISTS.outerUnreachable],
  [LISTS.seen, LISTS.outerSeen],
  [LISTS.callbacks, LISTS.outerCallbacks],
  [LISTS.legacyFinalizers, LISTS.outerLegacyFinalizers],
] as const

/** Runs a collection whose lists and figures are not those of the one that runs already. */
export function runInside(s: CollectorState, collect: (s: CollectorState) => void): void {
  const { work } = s
  const { collected, uncollectable, visited, isCounted, flagsSeen, isMarked } = work
  for (const [own, outer] of OWN_LISTS) merge(s, own, outer)
  collect(s)
  for (const [own, outer] of OWN_LISTS) merge(s, outer, own)
  Object.assign(work, { collected, uncollectable, visited, isCounted, flagsSeen, isMarked })
}
