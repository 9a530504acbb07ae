/**
 * What happens to the objects that a collection found unreachable: weak references, callbacks, finalizers, a second look,
 * and then the clearing. Every call of the editor may end objects of any list.
 *
 * @source `gc_collect_main` behind `deduce_unreachable`
 */
import { NO_ID } from '@reheap/kernel'
import { deleteTogether, keep } from './clearing.ts'
import { FACT_OPCODES } from './events.ts'
import { HEAP_FLAGS } from './heap-view.ts'
import { append, merge, move, removeFrom, splice } from './lists.ts'
import { type CollectorState, LISTS, NONE, pushGarbage } from './state.ts'
import { deduceUnreachable, isHeldFromOutside } from './trial-deletion.ts'

const { finalizer, weaklyReferenced, legacyFinalizer, tuple } = HEAP_FLAGS
const { region, unreachable, seen, callbacks, legacyFinalizers } = LISTS

/** Deals with the unreachable objects; those that live on go to the end of the list `into`. */
export function collectGarbage(s: CollectorState, into: number): void {
  if (s.head[unreachable] === NONE) return
  const { weakReferences, resurrection } = s.profile
  const bits = markGarbage(s)
  if ((bits & legacyFinalizer) !== 0) moveLegacyFinalizers(s)
  if ((bits & weaklyReferenced) !== 0) s.work.collected += handleWeakReferences(s, into, weakReferences === 'clearedLate')
  const isFinalized = (bits & finalizer) !== 0 && finalizeGarbage(s)
  // Without a finalizer nothing can have come back to life: a second look would find what the first one found.
  if (isFinalized) {
    if (resurrection === 'savesReachable') keepResurrected(s, into)
    else keepAllIfResurrected(s, into)
  }
  if ((bits & weaklyReferenced) !== 0 && weakReferences === 'clearedLate') clearAllWeakReferences(s)
  s.work.collected += s.size[unreachable]
  deleteGarbage(s, into)
  s.work.isMarked = false
  s.work.uncollectable += s.size[legacyFinalizers]
  keepLegacyFinalizers(s, into)
}

/** Tells of every unreachable row, and marks it where something will look for the mark. @returns all bits of their flags */
function markGarbage(s: CollectorState): number {
  const { next } = s
  const { view, refs, moment } = s.work
  const { flags, object } = view
  const { emit, cause } = moment
  const isTold = !emit.muted
  let bits = 0
  for (let row = s.head[unreachable]; row !== NONE; row = next[row]) {
    bits |= flags[row]
    refs[row] = 0
    if (isTold) emit.push(FACT_OPCODES.GarbageFound, cause, 0, object[row] ?? NO_ID, row, 0, 0)
  }
  if ((bits & (weaklyReferenced | legacyFinalizer)) !== 0) mark(s)
  return bits
}

function mark(s: CollectorState): void {
  const { isGarbage } = s.work
  for (let row = s.head[unreachable]; row !== NONE; row = s.next[row]) isGarbage[row] = 1
  s.work.isMarked = true
}

/** Rows that live on are garbage no longer. */
function unmark(s: CollectorState, list: number): void {
  if (!s.work.isMarked) return
  for (let row = s.head[list]; row !== NONE; row = s.next[row]) s.work.isGarbage[row] = 0
}

/** Objects with a finalizer of the old kind, and what they lead to, are not collected. @source `move_legacy_finalizers` */
function moveLegacyFinalizers(s: CollectorState): void {
  const { flags, firstReference, referenceCount, target } = s.work.view
  let after = NONE
  for (let row = s.head[unreachable]; row !== NONE; row = after) {
    after = s.next[row]
    if ((flags[row] & legacyFinalizer) === 0) continue
    s.work.isGarbage[row] = 0
    move(s, row, legacyFinalizers)
  }
  for (let row = s.head[legacyFinalizers]; row !== NONE; row = s.next[row]) {
    for (let at = firstReference[row]; at < firstReference[row] + referenceCount[row]; at++) {
      const to = target[at]
      if (to < 0 || s.work.isGarbage[to] === 0) continue
      s.work.isGarbage[to] = 0
      move(s, to, legacyFinalizers)
    }
  }
}

/**
 * Clears the weak references to garbage, then runs the callbacks of those that outlive it.
 *
 * @returns weak references that their callbacks let die @source `handle_weakrefs`, `handle_weakref_callbacks`
 */
function handleWeakReferences(s: CollectorState, into: number, onlyWithCallback: boolean): number {
  const { work } = s
  for (let row = s.head[unreachable]; row !== NONE; row = s.next[row]) {
    if ((work.view.flags[row] & weaklyReferenced) === 0) continue
    for (const weak of work.editor.clearWeakReferences(row, work.isGarbage, onlyWithCallback)) {
      work.editor.hold(weak)
      queueCallback(s, weak)
    }
  }
  let freed = 0
  for (let weak = s.head[callbacks]; weak !== NONE; weak = s.head[callbacks]) {
    work.editor.callBack(weak)
    work.editor.release(weak)
    if (s.head[callbacks] === weak) move(s, weak, into)
    else freed++
  }
  return freed
}

/**
 * Behind those that are called before it. From 3.14 on one of fixed count may be tracked no longer; the list tracks it again, which
 * counts as no new object. @source `gc_list_move`, which writes through the null links of such a one: where address 0 can be written, as
 * in WebAssembly, nothing comes of it
 */
function queueCallback(s: CollectorState, weak: number): void {
  if (s.list[weak] !== LISTS.untracked) {
    move(s, weak, callbacks)
    return
  }
  append(s, callbacks, weak)
  s.work.editor.trackedAgain(weak)
}

/** What finalizers could still use is cleared after them. @source `clear_weakrefs` */
function clearAllWeakReferences(s: CollectorState): void {
  const { work } = s
  for (let row = s.head[unreachable]; row !== NONE; row = s.next[row])
    if ((work.view.flags[row] & weaklyReferenced) !== 0) work.editor.clearWeakReferences(row, work.isGarbage, false)
}

/** Runs every finalizer that has not run yet, in order; objects may die meanwhile. @returns did one run? @source `finalize_garbage` */
function finalizeGarbage(s: CollectorState): boolean {
  const { work } = s
  let isFinalized = false
  for (let row = s.head[unreachable]; row !== NONE; row = s.head[unreachable]) {
    removeFrom(s, unreachable, row)
    append(s, seen, row)
    if ((work.view.flags[row] & finalizer) === 0) continue
    isFinalized = true
    work.editor.hold(row)
    work.editor.finalize(row)
    work.editor.release(row)
  }
  merge(s, seen, unreachable)
  return isFinalized
}

/** From 3.9 on: what a finalizer made reachable again, and what that leads to, lives on. @source `handle_resurrected_objects` */
function keepResurrected(s: CollectorState, into: number): void {
  splice(s, unreachable, region)
  deduceUnreachable(s, into)
  unmark(s, region)
  splice(s, region, into)
  const { refs } = s.work
  for (let row = s.head[unreachable]; row !== NONE; row = s.next[row]) refs[row] = 0
}

/** Up to 3.8: one object that came back to life saves all garbage of this collection, in its order. @source `check_garbage` */
function keepAllIfResurrected(s: CollectorState, into: number): void {
  if (!isHeldFromOutside(s, unreachable)) return
  if (s.profile.resurrection === 'savesAllCounted') s.work.collected += s.size[unreachable]
  unmark(s, unreachable)
  merge(s, unreachable, into)
}

/** Clears what is left, in order. An object that lives through it may die later. @source `delete_garbage` */
function deleteGarbage(s: CollectorState, into: number): void {
  const { work } = s
  if (s.saveAll === 0) deleteTogether(s, into)
  const { editor } = work
  for (let row = s.head[unreachable]; row !== NONE; row = s.head[unreachable]) {
    if (s.saveAll === 1) keepInGarbage(s, row)
    else if ((work.view.flags[row] & tuple) === 0) {
      editor.hold(row)
      editor.clear(row)
      editor.release(row)
    }
    if (s.head[unreachable] !== row) continue
    keep(s, row, into)
  }
}

/** @source `handle_legacy_finalizers` */
function keepLegacyFinalizers(s: CollectorState, into: number): void {
  const { flags } = s.work.view
  for (let row = s.head[legacyFinalizers]; row !== NONE; row = s.next[row])
    if (s.saveAll === 1 || (flags[row] & legacyFinalizer) !== 0) keepInGarbage(s, row)
  merge(s, legacyFinalizers, into)
}

function keepInGarbage(s: CollectorState, row: number): void {
  const { emit, cause } = s.work.moment
  pushGarbage(s, row)
  emit.push(FACT_OPCODES.GarbageKept, cause, 0, s.work.view.object[row] ?? NO_ID, row, 0, 0)
  s.work.editor.keepGarbage(row)
}
