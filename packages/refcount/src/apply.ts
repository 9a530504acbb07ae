/**
 * THE TABLE: what each request does. Guards first, in the order of `rejected.ts`, then writes, then facts.
 *
 * @source `Py_INCREF`, `Py_DECREF` and `_Py_Dealloc` of object.c; the functions of each rule stand in SPEC.md
 */
import { type Batch, type Emit, enterId, handleOfId, NO_ID } from '@reheap/kernel'
import { annexOf } from './annex.ts'
import { closeNesting, lose, openNesting } from './cascade.ts'
import { popEntry, pushEntry } from './evaluation-stack.ts'
import { type FactOpcode, REQUEST_OPCODES, type RequestOpcode } from './events.ts'
import { giveFrame, takeFrame } from './frame.ts'
import { addReference, holderOf, replaceReference } from './holding.ts'
import { LAYOUT } from './layout.ts'
import { makeObject, setBytesBeside } from './memory.ts'
import { findReference, NO_SLOT, removeReference } from './references.ts'
import { ACCEPTED, REASONS } from './rejected.ts'
import { addBinding, closeScope, findBinding, openScope, reverseBindings, takeFirstBinding } from './scope.ts'
import { FLAGS, gain, IMMORTAL_COUNT, MARKS, NO_CELL, NONE, type RefcountState } from './state.ts'
import { track, untrack } from './tracking.ts'
import { defineType, isFull } from './type.ts'
import { callWeakReference, clearAllOf, isBound, linkWeakReference } from './weak-reference.ts'

const {
  DefineType,
  CreateObject,
  ResizeObject,
  AddReference,
  DropReference,
  BindName,
  UnbindName,
  EnterScope,
  LeaveScope,
  CreateWeakReference,
  SetFinalizer,
  TrackObject,
  UntrackObject,
  MakeImmortal,
  SetCallback,
  ClearWeakReferences,
} = REQUEST_OPCODES

type Requests = Batch<RequestOpcode>

/** Applies rows in order; see `Mechanism.applyBatch`. */
export function applyRows(s: RefcountState, batch: Requests, from: number, to: number, emit: Emit<FactOpcode>): number {
  s.emit = emit
  for (let row = from; row < to; row++) {
    s.cause = batch.firstIndex + row
    const reason = apply(s, batch, row, to)
    if (reason !== ACCEPTED) {
      emit.reason = reason
      return row
    }
  }
  return -1
}

/** @returns ACCEPTED, or why the request is rejected */
function apply(s: RefcountState, batch: Requests, row: number, end: number): number {
  switch (batch.code[row]) {
    case AddReference:
      return batch.other[row] === NO_ID ? holdOutside(s, batch, row) : refer(s, batch, row, end)
    case DropReference:
      return batch.other[row] === NO_ID ? dropOutside(s, batch, row) : dropReference(s, batch, row)
    case CreateObject:
      return createObject(s, batch, row)
    case BindName:
      return bindName(s, batch, row)
    case UnbindName:
      return unbindName(s, batch, row)
    case EnterScope:
      return enterScope(s, batch, row)
    case LeaveScope:
      return leaveScope(s, batch, row)
    case ResizeObject:
      return resizeObject(s, batch, row)
    case DefineType:
      return defineType(s, batch.id[row], batch.tag[row])
    case CreateWeakReference:
      return createWeakReference(s, batch, row)
    case SetFinalizer:
    case SetCallback:
      return setDeed(s, batch, row)
    case TrackObject:
    case UntrackObject:
    case MakeImmortal:
      return setTracking(s, batch, row)
    case ClearWeakReferences:
      return clearWeakReferences(s, batch, row)
  }
  return ACCEPTED
}

/** Is it a number of bytes that a program can ask for? */
const isWhole = (bytes: number): boolean => bytes >= 0 && Number.isSafeInteger(bytes)

/** A slot as written in a row: NaN is none. */
const slotOf = (address: number): number => (address >= 0 ? address : NO_SLOT)

/** An id in a column of doubles: NaN is none. */
const idIn = (value: number): number => (value >= 0 ? value : NO_ID)

function createObject(s: RefcountState, batch: Requests, row: number): number {
  const id = batch.id[row]
  const bytes = batch.size[row]
  if (!isWhole(bytes)) return REASONS.InvalidBytes
  const type = handleOfId(s.types, batch.other[row])
  if (type === NONE) return REASONS.UnknownType
  if (handleOfId(s.objects, id) !== NONE) return REASONS.ObjectAlreadyLive
  if (isFull(s)) return REASONS.HeapFull
  const object = makeObject(s, id, type, batch.tag[row], bytes, idIn(batch.address[row]))
  enterId(s.objects, id, object)
  s.outside[object] = 1
  pushEntry(s, object)
  s.objectCount++
  s.liveBytes += bytes
  return ACCEPTED
}

function resizeObject(s: RefcountState, batch: Requests, row: number): number {
  const bytes = batch.size[row]
  if (!isWhole(bytes)) return REASONS.InvalidBytes
  const object = handleOfId(s.objects, batch.id[row])
  if (object === NONE) return REASONS.ObjectNotLive
  s.liveBytes += bytes - s.bytesBeside[object]
  setBytesBeside(s, object, bytes)
  return ACCEPTED
}

function holdOutside(s: RefcountState, batch: Requests, row: number): number {
  const object = handleOfId(s.objects, batch.id[row])
  if (object === NONE) return REASONS.ObjectNotLive
  s.outside[object]++
  pushEntry(s, object)
  gain(s, object)
  return ACCEPTED
}

function dropOutside(s: RefcountState, batch: Requests, row: number): number {
  const object = handleOfId(s.objects, batch.id[row])
  if (object === NONE) return REASONS.ObjectNotLive
  if (s.outside[object] === 0) return REASONS.NotHeldOutside
  s.outside[object]--
  popEntry(s, object)
  lose(s, object)
  return ACCEPTED
}

function refer(s: RefcountState, batch: Requests, row: number, end: number): number {
  const to = handleOfId(s.objects, batch.id[row])
  if (to === NONE) return REASONS.ObjectNotLive
  const from = handleOfId(s.objects, batch.other[row])
  if (from === NONE) return REASONS.OtherNotLive
  if (isFull(s)) return REASONS.HeapFull
  const slot = slotOf(batch.address[row])
  const name = idIn(batch.size[row])
  const old = slot === NO_SLOT || row + 1 >= end ? NONE : replacedAfter(s, batch, row)
  if (old !== NONE && replaceReference(s, from, to, slot, name, old)) s.replaced = old
  else addReference(s, from, to, slot, name)
  return ACCEPTED
}

/** Object that the next request drops from the slot at which this one stores another. */
function replacedAfter(s: RefcountState, batch: Requests, row: number): number {
  const next = row + 1
  const isReplacement =
    batch.code[next] === DropReference && batch.other[next] === batch.other[row] && batch.address[next] === batch.address[row]
  return isReplacement ? handleOfId(s.objects, batch.id[next]) : NONE
}

function dropReference(s: RefcountState, batch: Requests, row: number): number {
  if (s.replaced !== NONE) {
    const old = s.replaced
    s.replaced = NONE
    lose(s, old)
    return ACCEPTED
  }
  const to = handleOfId(s.objects, batch.id[row])
  if (to === NONE) return REASONS.ObjectNotLive
  const from = handleOfId(s.objects, batch.other[row])
  if (from === NONE) return REASONS.OtherNotLive
  const holder = holderOf(s, from)
  const cell = holder === NONE ? NO_CELL : findReference(s, holder, to, slotOf(batch.address[row]))
  if (cell === NO_CELL) return REASONS.ReferenceNotHeld
  removeReference(s, holder, cell)
  lose(s, to)
  return ACCEPTED
}

/** The new object is held before the one that the name was bound to is dropped. */
function bindName(s: RefcountState, batch: Requests, row: number): number {
  const object = handleOfId(s.objects, batch.id[row])
  if (object === NONE) return REASONS.ObjectNotLive
  const scope = handleOfId(s.scopes, batch.other[row])
  if (scope === NONE) return REASONS.ScopeNotOpen
  const name = batch.size[row]
  let binding = findBinding(s, scope, name)
  if (binding === NONE) binding = addBinding(s, scope, name)
  const before = s.bindingObject[binding]
  gain(s, object)
  s.bindingObject[binding] = object
  if (before !== NONE) lose(s, before)
  return ACCEPTED
}

function unbindName(s: RefcountState, batch: Requests, row: number): number {
  const scope = handleOfId(s.scopes, batch.other[row])
  if (scope === NONE) return REASONS.ScopeNotOpen
  const binding = findBinding(s, scope, batch.size[row])
  const before = binding === NONE ? NONE : s.bindingObject[binding]
  if (before === NONE) return REASONS.NameNotBound
  s.bindingObject[binding] = NONE
  lose(s, before)
  return ACCEPTED
}

function enterScope(s: RefcountState, batch: Requests, row: number): number {
  const id = batch.id[row]
  if (handleOfId(s.scopes, id) !== NONE) return REASONS.ScopeAlreadyOpen
  const code = batch.other[row]
  takeFrame(s, code)
  openScope(s, id, code)
  if (code !== NO_ID) pushEntry(s, ~s.innermostScope)
  return ACCEPTED
}

/** Names go in the order of the profile; up to 3.10 that is the death of a frame. */
function leaveScope(s: RefcountState, batch: Requests, row: number): number {
  const scope = handleOfId(s.scopes, batch.id[row])
  if (scope === NONE) return REASONS.ScopeNotOpen
  const code = s.scopeCode[scope]
  const isFrame = s.profile.callsMakeFrames && code !== NO_ID
  if (isFrame) openNesting(s)
  if (s.profile.leavesBackwards && code !== NO_ID) reverseBindings(s, scope)
  while (s.scopeFirst[scope] !== NONE) {
    const object = takeFirstBinding(s, scope)
    if (object !== NONE) lose(s, object)
  }
  giveFrame(s, code)
  closeScope(s, scope)
  popEntry(s, ~scope)
  if (isFrame) closeNesting(s)
  return ACCEPTED
}

function createWeakReference(s: RefcountState, batch: Requests, row: number): number {
  const weak = handleOfId(s.objects, batch.id[row])
  if (weak === NONE) return REASONS.ObjectNotLive
  const object = handleOfId(s.objects, batch.other[row])
  if (object === NONE) return REASONS.OtherNotLive
  if (s.layout[weak] !== LAYOUT.weakref) return REASONS.NoWeakReference
  if (isBound(s, weak)) return REASONS.WeakReferenceTaken
  if (s.layout[object] === LAYOUT.weakref) return REASONS.NotReferable
  linkWeakReference(s, weak, object, batch.tag[row] !== 0)
  s.callbackCode[s.annex[weak]] = idIn(batch.size[row])
  return ACCEPTED
}

function clearWeakReferences(s: RefcountState, batch: Requests, row: number): number {
  const object = handleOfId(s.objects, batch.id[row])
  if (object === NONE) return REASONS.ObjectNotLive
  for (const weak of clearAllOf(s, object)) {
    callWeakReference(s, weak)
    lose(s, weak)
  }
  return ACCEPTED
}

/** What a finalizer or a callback does: the container that it stores its object in, or takes its weak reference out of. */
function setDeed(s: RefcountState, batch: Requests, row: number): number {
  const object = handleOfId(s.objects, batch.id[row])
  if (object === NONE) return REASONS.ObjectNotLive
  const container = batch.other[row]
  if (container !== NO_ID && handleOfId(s.objects, container) === NONE) return REASONS.OtherNotLive
  if (batch.code[row] === SetCallback) {
    if (s.layout[object] !== LAYOUT.weakref) return REASONS.NoWeakReference
    s.dropsFrom[annexOf(s, object)] = container
    s.mark[object] |= MARKS.lettingGo
    return ACCEPTED
  }
  const annex = annexOf(s, object)
  s.resurrectsInto[annex] = container
  s.finalizerCode[annex] = idIn(batch.size[row])
  s.flags[object] |= FLAGS.finalizer
  return ACCEPTED
}

function setTracking(s: RefcountState, batch: Requests, row: number): number {
  const object = handleOfId(s.objects, batch.id[row])
  if (object === NONE) return REASONS.ObjectNotLive
  const code = batch.code[row]
  if (code === TrackObject && (s.flags[object] & FLAGS.gc) !== 0) track(s, object)
  if (code === UntrackObject) untrack(s, object)
  if (code === MakeImmortal && s.profile.immortalCount !== null) {
    s.flags[object] |= FLAGS.immortal
    s.count[object] = IMMORTAL_COUNT
  }
  return ACCEPTED
}
