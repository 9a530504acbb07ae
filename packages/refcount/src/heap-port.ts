/** The heap as a collector sees it, and what a collector may do to it: the shapes of the ports that a collector declares. */
import { type Draft, type Emit, NO_ID } from '@reheap/kernel'
import { clearReferences, release } from './cascade.ts'
import { openClearing, type Settle, settleClearing } from './clearing.ts'
import { closeGarbage, endTogether } from './closed-garbage.ts'
import { namedRows, stackRows } from './evaluation-stack.ts'
import type { FactOpcode } from './events.ts'
import { runFinalizer } from './finalizer.ts'
import { callCollectionCallback } from './frame.ts'
import { LAYOUT } from './layout.ts'
import { emptyFreeLists, keepGarbage, makeHidden, takeGarbage } from './memory.ts'
import { FLAGS, gain, keeper, MARKS, NONE, type RefcountState } from './state.ts'
import { forgetTracked, noteTracked, type Tracking } from './tracking.ts'
import { callWeakReference, clearWeakReference, unlinkWeakReference, weakTargetOf } from './weak-reference.ts'

/** What a collection reads. Arrays are the heap's own: they are replaced when it grows, and never to be written. */
export interface HeapView {
  readonly rows: number
  readonly object: Uint32Array
  readonly count: Int32Array
  readonly firstReference: Int32Array
  readonly referenceCount: Int32Array
  readonly target: Int32Array
  readonly flags: Uint8Array
  stackRoots(): readonly number[]
  globalRoots(): readonly number[]
}

/** What a collection does. */
export interface HeapEditor {
  hold(row: number): void
  release(row: number): void
  clearWeakReferences(row: number, garbage: Uint8Array, onlyWithCallback: boolean): readonly number[]
  callBack(weak: number): void
  finalize(row: number): void
  clear(row: number): void
  clearGarbage(rows: Int32Array, length: number, settle: Settle): number
  untracked(row: number): void
  trackedAgain(row: number): void
  keepGarbage(row: number): void
  dropGarbage(): void
  makeCallbackInfo(): number
  dropCallbackInfo(row: number, callbacks: number): void
  emptyFreeLists(): void
}

/** Connects a draft to a collector, until it is sealed. */
export function connectTracking(draft: Draft<RefcountState>, tracking: Tracking): void {
  keeper.own(draft).tracking = tracking
}

/** Says where the facts of what is done to the draft go, and which event causes them. A batch that is applied says so itself. */
export function answerTo(draft: Draft<RefcountState>, emit: Emit<FactOpcode>, cause: number): void {
  const s = keeper.own(draft)
  s.emit = emit
  s.cause = cause
}

class View implements HeapView {
  private readonly s: RefcountState
  constructor(s: RefcountState) {
    this.s = s
  }
  get rows(): number {
    return this.s.rows
  }
  get object(): Uint32Array {
    return this.s.object
  }
  get count(): Int32Array {
    return this.s.count
  }
  get firstReference(): Int32Array {
    return this.s.firstReference
  }
  get referenceCount(): Int32Array {
    return this.s.referenceCount
  }
  get target(): Int32Array {
    return this.s.target
  }
  get flags(): Uint8Array {
    return this.s.flags
  }
  stackRoots(): readonly number[] {
    return stackRows(this.s)
  }
  globalRoots(): readonly number[] {
    const { s } = this
    const roots: number[] = []
    for (let scope = s.innermostScope; scope !== NONE; scope = s.scopeNext[scope]) {
      if (s.scopeCode[scope] === NO_ID) roots.unshift(...namedRows(s, scope))
    }
    return roots
  }
}

/** A draft's objects, to be read by a collector. */
export const heapView = (draft: Draft<RefcountState>): HeapView => new View(keeper.own(draft))

/** What a collector does to a draft's objects. Facts go where {@link answerTo} or the batch at hand says. */
export function heapEditor(draft: Draft<RefcountState>): HeapEditor {
  const s = keeper.own(draft)
  return {
    hold: (row) => gain(s, row),
    release: (row) => release(s, row),
    clearWeakReferences: (row, garbage, onlyWithCallback) => clearWeakReferences(s, row, garbage, onlyWithCallback),
    callBack: (weak) => callWeakReference(s, weak),
    finalize: (row) => finalize(s, row),
    clear: (row) => clear(s, row),
    clearGarbage: (rows, length, settle) => clearGarbage(s, rows, length, settle),
    untracked: (row) => forgetTracked(s, row),
    trackedAgain: (row) => noteTracked(s, row),
    keepGarbage: (row) => {
      gain(s, row)
      keepGarbage(s, row)
    },
    // A list drops what it holds from the end.
    dropGarbage: () => {
      while (s.garbageLength > 0) release(s, takeGarbage(s))
    },
    makeCallbackInfo: () => makeHidden(s, LAYOUT.dict, 0, s.profile.dictBytes),
    dropCallbackInfo: (row, callbacks) => {
      for (let callback = 0; callback < callbacks; callback++) callCollectionCallback(s, callback, row)
      release(s, row)
    },
    emptyFreeLists: () => emptyFreeLists(s),
  }
}

/** A generator is closed: what its frame holds is dropped. @source `tp_finalize`, `_PyGen_Finalize` */
function finalize(s: RefcountState, row: number): void {
  if ((s.flags[row] & FLAGS.finalizer) === 0) return
  if (s.layout[row] === LAYOUT.generator) {
    s.flags[row] &= ~FLAGS.finalizer
    clearReferences(s, row)
  } else runFinalizer(s, row)
}

/** `tp_clear`. A weak reference also leaves the list of its object. @source `gc_clear` of weakrefobject.c and the others */
function clear(s: RefcountState, row: number): void {
  if (s.rules.cleared[s.layout[row]] === 0) return
  if (weakTargetOf(s, row) !== NONE) unlinkWeakReference(s, row)
  clearReferences(s, row)
}

/**
 * Clears all rows in order, as if each were held, cleared and released.
 *
 * @returns how many: fewer than there are if something of the program ran meanwhile @source `delete_garbage`
 */
function clearGarbage(s: RefcountState, rows: Int32Array, length: number, settle: Settle): number {
  const clearing = openClearing(s, rows, length, settle)
  closeGarbage(s, clearing)
  while (s.clearing === clearing && clearing.at < length && clearing.awaited > 0) {
    const row = rows[clearing.at]
    if (s.count[row] > 0) {
      gain(s, row)
      clear(s, row)
      release(s, row)
    }
    clearing.at++
  }
  if (clearing.awaited === 0) {
    endTogether(s, clearing)
    return length
  }
  settleClearing(s)
  return clearing.at
}

/** @source `handle_weakrefs` of gcmodule.c */
function clearWeakReferences(s: RefcountState, row: number, garbage: Uint8Array, onlyWithCallback: boolean): readonly number[] {
  const waiting: number[] = []
  if (weakTargetOf(s, row) !== NONE && (!onlyWithCallback || (s.mark[row] & MARKS.callback) !== 0)) clearWeakReference(s, row)
  if (s.annex[row] === NONE) return waiting
  let next = NONE
  for (let weak = s.weakHead[s.annex[row]]; weak !== NONE; weak = next) {
    next = s.weakNext[s.annex[weak]]
    const hasCallback = (s.mark[weak] & MARKS.callback) !== 0
    if (onlyWithCallback && !hasCallback) continue
    clearWeakReference(s, weak)
    if (hasCallback && garbage[weak] !== 1) waiting.push(weak)
  }
  return waiting
}
