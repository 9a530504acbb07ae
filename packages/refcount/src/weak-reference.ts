/** Weak references: the list of each object, and what happens to it at the object's end. @source weakrefobject.c */
import { handleOfId, NO_ID } from '@reheap/kernel'
import { annexOf } from './annex.ts'
import { enterWith, popEntry } from './evaluation-stack.ts'
import { FACT_OPCODES } from './events.ts'
import { endCall, takeFrame } from './frame.ts'
import { holderOf } from './holding.ts'
import { findReference, NO_SLOT, removeReference } from './references.ts'
import { FLAGS, gain, IMMORTAL_COUNT, MARKS, NO_CELL, NONE, type RefcountState } from './state.ts'

const { WeakReferenceCleared, WeakReferenceCalled } = FACT_OPCODES

/** Those without a callback come first, then the newest. @source `PyWeakref_NewRef` */
export function linkWeakReference(s: RefcountState, weak: number, object: number, hasCallback: boolean): void {
  const own = annexOf(s, weak)
  const list = annexOf(s, object)
  let prev = NONE
  let next = s.weakHead[list]
  if (hasCallback) {
    s.mark[weak] |= MARKS.callback
    while (next !== NONE && (s.mark[next] & MARKS.callback) === 0) {
      prev = next
      next = s.weakNext[s.annex[next]]
    }
  }
  s.weakTarget[own] = object
  s.weakObject[own] = s.object[object]
  s.weakPrev[own] = prev
  s.weakNext[own] = next
  if (next !== NONE) s.weakPrev[s.annex[next]] = weak
  if (prev === NONE) s.weakHead[list] = weak
  else s.weakNext[s.annex[prev]] = weak
  s.flags[weak] |= FLAGS.weaklyReferenced
  s.flags[object] |= FLAGS.weaklyReferenced
}

/** The weak reference refers to nothing any more. @source `clear_weakref` */
export function unlinkWeakReference(s: RefcountState, weak: number): void {
  const own = s.annex[weak]
  const object = s.weakTarget[own]
  const prev = s.weakPrev[own]
  const next = s.weakNext[own]
  s.weakTarget[own] = NONE
  s.weakNext[own] = NONE
  s.weakPrev[own] = NONE
  s.flags[weak] &= ~FLAGS.weaklyReferenced
  if (next !== NONE) s.weakPrev[s.annex[next]] = prev
  if (prev !== NONE) s.weakNext[s.annex[prev]] = next
  else {
    s.weakHead[s.annex[object]] = next
    if (next === NONE) s.flags[object] &= ~FLAGS.weaklyReferenced
  }
}

/** Object that a weak reference refers to, or none. */
export function weakTargetOf(s: RefcountState, weak: number): number {
  return s.annex[weak] === NONE ? NONE : s.weakTarget[s.annex[weak]]
}

/** It refers to an object, or did: it is bound to one for ever. */
export const isBound = (s: RefcountState, weak: number): boolean => s.annex[weak] !== NONE && s.weakObject[s.annex[weak]] !== NO_ID

/** It refers to nothing any more because its object ends. */
export function clearWeakReference(s: RefcountState, weak: number): void {
  unlinkWeakReference(s, weak)
  s.emit.push(WeakReferenceCleared, s.cause, 0, s.object[weak], s.weakObject[s.annex[weak]], 0, 0)
}

/** Clears all weak references to an object. @returns those that are to be called, each held until it was @source `PyObject_ClearWeakRefs` */
export function clearAllOf(s: RefcountState, object: number): readonly number[] {
  const waiting: number[] = []
  if (s.annex[object] === NONE) return waiting
  for (let weak = s.weakHead[s.annex[object]]; weak !== NONE; weak = s.weakHead[s.annex[object]]) {
    clearWeakReference(s, weak)
    if ((s.mark[weak] & MARKS.callback) === 0) continue
    gain(s, weak)
    waiting.push(weak)
  }
  return waiting
}

/** The function of a cleared weak reference is called. @source `handle_callback` */
export function callWeakReference(s: RefcountState, weak: number): void {
  const annex = s.annex[weak]
  const code = s.callbackCode[annex]
  takeFrame(s, code)
  if (s.tracking !== null) enterWith(s, weak, s.tracking)
  s.emit.push(WeakReferenceCalled, s.cause, 0, s.object[weak], s.weakObject[annex], 0, 0)
  if ((s.mark[weak] & MARKS.lettingGo) !== 0) takeOut(s, weak, s.dropsFrom[annex])
  endCall(s, code, weak)
}

/** A holder drops the weak reference, which whoever calls it holds too. @source `_remove` of `_weakrefset.py` and weakref.py */
function takeOut(s: RefcountState, weak: number, from: number): void {
  if (from === NO_ID) {
    if (s.outside[weak] === 0) return
    s.outside[weak]--
    popEntry(s, weak)
  } else if (!isTakenOut(s, weak, handleOfId(s.objects, from))) return
  s.lostAt[weak] = s.cause
  if (s.count[weak] !== IMMORTAL_COUNT) s.count[weak]--
}

function isTakenOut(s: RefcountState, weak: number, container: number): boolean {
  const holder = container === NONE ? NONE : holderOf(s, container)
  const cell = holder === NONE ? NO_CELL : findReference(s, holder, weak, NO_SLOT)
  if (cell === NO_CELL) return false
  removeReference(s, holder, cell)
  return true
}
