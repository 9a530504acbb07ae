/**
 * Deaths: what follows when the last reference to an object goes, in the order of CPython.
 *
 * There the death of an object drops what it held, each with the deaths that follow from it, before its memory is given
 * back. Here these calls inside of calls are a work-list: its entries are the deaths at hand, the innermost last, each
 * with the references that are still to be dropped.
 *
 * @source `subtype_dealloc`, `list_dealloc`, `tupledealloc`, `dict_dealloc` ..., `Py_TRASHCAN_BEGIN` and `Py_TRASHCAN_END`
 */
import { NO_ID } from '@reheap/kernel'
import { giveAnnex } from './annex.ts'
import { settleClearing } from './clearing.ts'
import { FACT_OPCODES } from './events.ts'
import { isSaved } from './finalizer.ts'
import { giveFrame } from './frame.ts'
import { LAYOUT } from './layout.ts'
import { forgetObject, giveMemory, makeHidden } from './memory.ts'
import { giveSpan, insertReference, moveReferences } from './references.ts'
import { FLAGS, gain, IMMORTAL_COUNT, MARKS, NONE, putAside, type RefcountState } from './state.ts'
import { track, untrack } from './tracking.ts'
import { callWeakReference, clearWeakReference, unlinkWeakReference, weakTargetOf } from './weak-reference.ts'
import { ASIDE, CLEARING, DEATH, FRAME, push, pushEntry } from './work-list.ts'

const { ObjectDied } = FACT_OPCODES

/** The program drops a reference, which its holder has already let go of. */
export function lose(s: RefcountState, row: number): void {
  s.lostAt[row] = s.cause
  release(s, row)
}

/** A reference is gone. */
export function release(s: RefcountState, row: number): void {
  const base = s.stackLength
  fall(s, row)
  if (s.stackLength > base) run(s, base)
}

/** The count falls by one, and at zero a death begins. An immortal's stays. */
function fall(s: RefcountState, row: number): void {
  const count = s.count[row]
  if (count === IMMORTAL_COUNT) return
  s.count[row] = count - 1
  if (count === 1) begin(s, row)
}

/** Drops all references of an object that lives on. */
export function clearReferences(s: RefcountState, row: number): void {
  if (s.referenceCount[row] === 0) return
  const base = s.stackLength
  push(s, CLEARING, row)
  s.mark[row] &= ~MARKS.dictOwner
  run(s, base)
}

/** Inside of these brackets deaths are one deeper, as in a frame's up to 3.10. */
export function openNesting(s: RefcountState): void {
  s.nesting++
}
export function closeNesting(s: RefcountState): void {
  const base = s.stackLength
  leaveNesting(s)
  if (s.stackLength > base) run(s, base)
}

/** Goes through the work-list until it is as long as it was, or until the deaths that closed garbage waits for have come. */
function run(s: RefcountState, base: number): void {
  const closed = s.clearing?.isClosed === true ? s.clearing : null
  while (s.stackLength > base) {
    const top = s.stackLength - 1
    if (s.stackLeft[top] > 0) {
      s.stackLeft[top]--
      if (s.stackKind[top] === FRAME) {
        fall(s, s.stackRow[top])
        continue
      }
      const cell = s.stackCell[top]
      s.stackCell[top] = cell + s.stackStep[top]
      const to = s.target[cell]
      // What is not garbage has lost these references already: see `closed-garbage.ts`.
      if (closed !== null && (s.mark[to] & MARKS.doomed) === 0) continue
      if (closed === null) s.lostAt[to] = Math.max(s.lostAt[to], s.lostAt[s.stackRow[top]])
      fall(s, to)
    } else if (s.stackKind[top] === ASIDE) {
      if (s.asideLength > 0) resume(s, s.aside[--s.asideLength])
      else {
        s.stackLength--
        s.nesting--
      }
    } else if (s.stackKind[top] === FRAME) {
      s.stackLength--
      giveFrame(s, s.stackCell[top] >>> 0)
      leaveNesting(s)
    } else {
      s.stackLength--
      if (s.stackSize[top] > 0) giveSpan(s, s.stackSpan[top], s.stackSize[top])
      if (s.stackKind[top] !== DEATH) continue
      finish(s, s.stackRow[top])
      if (closed?.awaited === 0) break
    }
  }
}

/** What was put aside follows: a death, or the frame of a call. */
function resume(s: RefcountState, aside: number): void {
  if (aside >= 0) begin(s, aside)
  else {
    s.nesting++
    pushEntry(s, FRAME, ~aside, 0, 0, s.asideCode[s.asideLength] | 0, 0, 1)
  }
}

/** The count fell to zero. What the object holds is left to the work-list. */
function begin(s: RefcountState, row: number): void {
  untrack(s, row)
  if (s.rules.trashcan[s.layout[row]] !== 0) {
    if (s.nesting >= s.rules.nestingMax) {
      putAside(s, row, NO_ID)
      return
    }
    s.nesting++
  }
  const isDoomed = (s.mark[row] & MARKS.doomed) !== 0
  if (!isDoomed && (s.flags[row] & FLAGS.finalizer) !== 0 && s.layout[row] !== LAYOUT.generator && isSaved(s, row)) {
    if (s.rules.trashcan[s.layout[row]] !== 0) leaveNesting(s)
    return
  }
  if (!s.emit.muted) s.emit.push(ObjectDied, s.cause, 0, s.object[row], s.typeId[s.typeOf[row]], s.bytes[row], 0)
  if (isDoomed) s.mark[row] |= MARKS.begun
  else forgetObject(s, row)
  if (!isDoomed && s.annex[row] !== NONE) beginWithAnnex(s, row)
  else if (s.referenceCount[row] > 0) push(s, DEATH, row)
  else finish(s, row)
}

/** Weak references to the object are cleared, and the functions that wait for that are called, before what it holds is dropped. */
function beginWithAnnex(s: RefcountState, row: number): void {
  if (weakTargetOf(s, row) !== NONE) unlinkWeakReference(s, row)
  push(s, DEATH, row)
  const annex = s.annex[row]
  let first = s.weakHead[annex]
  while (first !== NONE && (s.mark[first] & MARKS.callback) === 0) {
    clearWeakReference(s, first)
    first = s.weakHead[annex]
  }
  if (first === NONE) return
  settleClearing(s)
  if (s.weakNext[s.annex[first]] === NONE && s.profile.callbacksGathered > 1) callAlone(s, first)
  else callGathered(s, annex)
}

/** One weak reference: its function is called with it, which holds it meanwhile, and then dropped. */
function callAlone(s: RefcountState, weak: number): void {
  clearWeakReference(s, weak)
  gain(s, weak)
  if (s.referenceCount[weak] > 0) push(s, CLEARING, weak)
  callWeakReference(s, weak)
  release(s, weak)
}

/** Weak references and their functions are gathered in a tuple, which holds them until all were called. @source `PyObject_ClearWeakRefs` */
function callGathered(s: RefcountState, annex: number): void {
  let weakReferences = 0
  for (let weak = s.weakHead[annex]; weak !== NONE; weak = s.weakNext[s.annex[weak]]) weakReferences++
  const { empty, item } = s.profile.tupleBytes
  const tuple = makeHidden(s, LAYOUT.tuple, 2 * weakReferences, empty + 2 * weakReferences * item)
  track(s, tuple)
  // Even slots hold the weak references, odd ones their functions.
  let slot = 0
  for (let weak = s.weakHead[annex]; weak !== NONE; weak = s.weakHead[annex]) {
    clearWeakReference(s, weak)
    gain(s, weak)
    insertReference(s, tuple, weak, slot, NO_ID)
    moveReferences(s, weak, tuple, slot + 1)
    slot += 2
  }
  const end = s.referenceCount[tuple]
  for (let place = 0; place < end; place++) {
    const cell = s.firstReference[tuple] + place
    if ((s.slot[cell] & 1) === 0) callWeakReference(s, s.target[cell])
  }
  s.count[tuple] = 0
  begin(s, tuple)
}

/** All that the object held is dropped: its memory goes back. */
function finish(s: RefcountState, row: number): void {
  if ((s.mark[row] & MARKS.doomed) === 0 && s.annex[row] !== NONE) giveAnnex(s, row)
  const counts = s.rules.trashcan[s.layout[row]] !== 0
  giveMemory(s, row)
  if (counts) leaveNesting(s)
}

/** A death has ended: what was put aside may follow. */
function leaveNesting(s: RefcountState): void {
  s.nesting--
  if (s.asideLength === 0 || s.nesting > s.rules.resumesAt) return
  s.nesting++
  pushEntry(s, ASIDE, NONE, 0, 0, 0, 0, 0)
}
