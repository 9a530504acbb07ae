/** Doubly linked lists of rows. @source `gc_list_append`, `gc_list_remove`, `gc_list_merge` */
import { type CollectorState, LISTS, NONE } from './state.ts'

/** Appends a row that is in no list. */
export function append(s: CollectorState, list: number, row: number): void {
  const last = s.tail[list]
  s.prev[row] = last
  s.next[row] = NONE
  if (last === NONE) s.head[list] = row
  else s.next[last] = row
  s.tail[list] = row
  s.list[row] = list
  s.size[list]++
}

/** Takes a row out of a list that it is known to be in, whatever its column says. */
export function removeFrom(s: CollectorState, list: number, row: number): void {
  const before = s.prev[row]
  const after = s.next[row]
  if (before === NONE) s.head[list] = after
  else s.next[before] = after
  if (after === NONE) s.tail[list] = before
  else s.prev[after] = before
  s.list[row] = LISTS.untracked
  s.size[list]--
}

/** Moves a row to the end of a list. */
export function move(s: CollectorState, row: number, to: number): void {
  removeFrom(s, s.list[row], row)
  append(s, to, row)
}

/** Moves rows that follow each other in a list to the end of another. Their column is the caller's to write. */
export function moveRun(s: CollectorState, from: number, first: number, last: number, length: number, to: number): void {
  const { head, tail, size, next, prev } = s
  const before = prev[first]
  const after = next[last]
  if (before === NONE) head[from] = after
  else next[before] = after
  if (after === NONE) tail[from] = before
  else prev[after] = before
  const end = tail[to]
  if (end === NONE) head[to] = first
  else next[end] = first
  prev[first] = end
  next[last] = NONE
  tail[to] = last
  size[from] -= length
  size[to] += length
}

/** Leaves a list without rows. Their column is the caller's to write. */
export function empty(s: CollectorState, list: number): void {
  s.head[list] = NONE
  s.tail[list] = NONE
  s.size[list] = 0
}

/** Puts all of a list behind another, without a look at its rows: their column is the caller's to write. */
export function splice(s: CollectorState, from: number, to: number): void {
  const first = s.head[from]
  if (first === NONE) return
  const last = s.tail[to]
  if (last === NONE) s.head[to] = first
  else {
    s.next[last] = first
    s.prev[first] = last
  }
  s.tail[to] = s.tail[from]
  s.size[to] += s.size[from]
  empty(s, from)
}

/** Says of every row of a list, from one on, that it is in this list. */
export function relabel(s: CollectorState, list: number, from: number = s.head[list]): void {
  const { next } = s
  for (let row = from; row !== NONE; row = next[row]) s.list[row] = list
}

/** Puts all of a list behind another. */
export function merge(s: CollectorState, from: number, to: number): void {
  const first = s.head[from]
  splice(s, from, to)
  relabel(s, to, first)
}
