/** The two spaces of old objects, and what moves from one to the other by being reached. */
import { HEAP_FLAGS } from './heap-view.ts'
import { append, move, removeFrom } from './lists.ts'
import { type CollectorState, LISTS, NONE } from './state.ts'

const { visitsBackwards, immortal } = HEAP_FLAGS
const { generation0: young, region, reachable, permanent } = LISTS

export const spaceList = (space: number): number => LISTS.generation1 + space
export const visitedList = (s: CollectorState): number => spaceList(s.visitedSpace)
export const pendingList = (s: CollectorState): number => spaceList(s.visitedSpace ^ 1)

/** Marks the roots and all that they lead to as visited. @source `mark_stacks`, `mark_all_reachable` */
export function markFrom(s: CollectorState, roots: readonly number[]): number {
  let marked = 0
  for (const root of roots) marked += moveIfUnvisited(s, root, reachable)
  for (let row = s.head[reachable]; row !== NONE; row = s.head[reachable]) {
    move(s, row, visitedList(s))
    marked += moveUnvisited(s, row, reachable)
  }
  return marked
}

/** Takes an object and all old ones not yet visited that it leads to into the region. @source `expand_region_transitively_reachable` */
export function takeWithAll(s: CollectorState, first: number): number {
  move(s, first, region)
  let size = 1
  let after = NONE
  for (let row = first; row !== NONE; row = after) {
    if ((s.work.view.flags[row] & immortal) !== 0) {
      after = s.next[row]
      removeFrom(s, region, row)
      append(s, permanent, row)
      continue
    }
    size += moveUnvisited(s, row, region)
    after = s.next[row]
  }
  return size
}

/** Moves what an object refers to and was not visited yet, in the order of its traversal. @source `visit_add_to_container` */
function moveUnvisited(s: CollectorState, row: number, to: number): number {
  const { firstReference, referenceCount, target, flags } = s.work.view
  const count = referenceCount[row]
  const isBackwards = (flags[row] & visitsBackwards) !== 0
  const step = isBackwards ? -1 : 1
  let at = firstReference[row] + (isBackwards ? count - 1 : 0)
  let moved = 0
  for (let left = count; left > 0; left--, at += step) moved += moveIfUnvisited(s, target[at], to)
  return moved
}

/** Young objects count as not visited. */
function moveIfUnvisited(s: CollectorState, row: number, to: number): number {
  if (row < 0 || row >= s.list.length || (s.work.view.flags[row] & immortal) !== 0) return 0
  const list = s.list[row]
  if (list !== young && list !== pendingList(s)) return 0
  move(s, row, to)
  return 1
}
