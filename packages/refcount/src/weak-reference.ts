/** Weak references: the list of each object, and what happens to it at the object's end. @source weakrefobject.c */
import { NO_ID } from '@reheap/kernel'
import { annexOf } from './annex.ts'
import { enterWith } from './evaluation-stack.ts'
import { FACT_OPCODES } from './events.ts'
import { endCall, takeFrame } from './frame.ts'
import { FLAGS, MARKS, NONE, type RefcountState } from './state.ts'

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

/** The function of a cleared weak reference is called. @source `handle_callback` */
export function callWeakReference(s: RefcountState, weak: number): void {
  const annex = s.annex[weak]
  const code = s.callbackCode[annex]
  takeFrame(s, code)
  if (s.tracking !== null) enterWith(s, weak, s.tracking)
  s.emit.push(WeakReferenceCalled, s.cause, 0, s.object[weak], s.weakObject[annex], 0, 0)
  endCall(s, code, weak)
}
