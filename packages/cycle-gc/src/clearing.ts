/** Garbage that the heap clears as a whole, where it offers that. @source `delete_garbage` */
import { countDown } from './counting.ts'
import { append, empty, removeFrom } from './lists.ts'
import { type CollectorState, LISTS, NONE } from './state.ts'

const { unreachable } = LISTS

/** Lets the heap clear all at once, as far as it can. */
export function deleteTogether(s: CollectorState, into: number): void {
  const { editor } = s.work
  if (editor.clearGarbage === undefined) return
  const rows = new Int32Array(s.size[unreachable])
  let length = 0
  for (let row = s.head[unreachable]; row !== NONE; row = s.next[row]) rows[length++] = row
  const cleared = editor.clearGarbage(rows, length, (before, freed) => settle(s, rows, before, freed, into))
  const last = rows[cleared - 1]
  if (s.head[unreachable] === last) keep(s, last, into)
}

/** The dead leave the list, and those that lived through their clearing go on: the list is made anew. */
function settle(s: CollectorState, rows: Int32Array, cleared: number, freed: number, into: number): void {
  const { list, work } = s
  const { count } = work.view
  const { isGarbage, isMarked } = work
  let dead = 0
  empty(s, unreachable)
  for (let at = 0; at < rows.length; at++) {
    const row = rows[at]
    if (list[row] !== unreachable) continue
    const isDead = count[row] === 0
    if (isDead) {
      list[row] = LISTS.untracked
      dead++
    } else append(s, at < cleared ? into : unreachable, row)
    if (isMarked && (isDead || at < cleared)) isGarbage[row] = 0
  }
  countDown(s, s.profile.counts === 'tracked' ? dead : freed)
}

/** It lived through its clearing. */
export function keep(s: CollectorState, row: number, into: number): void {
  if (s.work.isMarked) s.work.isGarbage[row] = 0
  removeFrom(s, unreachable, row)
  append(s, into, row)
}
