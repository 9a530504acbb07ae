import { describe, expect, test } from 'vitest'
import { Heap } from '../test/heap.ts'
import { countOf, cpythonProfile, emptyHeap, REJECTIONS, type Request, refcountReducer } from './index.ts'

/** List 1, float 2, weak reference 3 to slots 4, spare weak reference 5; 6 is dead. Scope 1 is open and binds name 1. */
function heap(): Heap {
  const made = new Heap()
  made.create(1, 'list')
  made.create(2, 'float')
  for (const weak of [3, 5]) made.create(weak, 'weakref')
  made.create(4, 'slots')
  made.do({ kind: 'CreateWeakReference', weak: 3, object: 4, callback: false })
  made.create(6, 'list')
  made.drop(null, 6)
  made.do({ kind: 'EnterScope', scope: 1 })
  made.do({ kind: 'BindName', scope: 1, name: 1, object: 1 })
  made.drop(null, 1)
  return made
}

const create = (object: number, type: number, bytes: number): Request => ({ kind: 'CreateObject', object, type, bytes })
const weak = (from: number, object: number): Request => ({ kind: 'CreateWeakReference', weak: from, object, callback: true })

/** Each row repairs the first fault of the one before; the last row of a kind is accepted. */
const ROWS: readonly (readonly [Request, string | null])[] = [
  [{ kind: 'DefineType', type: 2, layout: 'dict', name: 'list' }, 'TypeRedefined'],
  [{ kind: 'DefineType', type: 2, layout: 'list', name: 'list' }, null],
  [create(1, 99, -1), 'InvalidBytes'],
  [create(1, 99, 0.5), 'InvalidBytes'],
  [create(1, 99, 8), 'UnknownType'],
  [create(1, 2, 8), 'ObjectAlreadyLive'],
  [create(9, 2, 8), null],
  [{ kind: 'ResizeObject', object: 6, bytes: Number.NaN }, 'InvalidBytes'],
  [{ kind: 'ResizeObject', object: 6, bytes: 8 }, 'ObjectNotLive'],
  [{ kind: 'ResizeObject', object: 1, bytes: 8 }, null],
  [{ kind: 'AddReference', from: 6, to: 6 }, 'ObjectNotLive'],
  [{ kind: 'AddReference', from: 6, to: 1 }, 'OtherNotLive'],
  [{ kind: 'AddReference', from: 1, to: 1 }, null],
  [{ kind: 'AddReference', from: null, to: 7 }, 'ObjectNotLive'],
  [{ kind: 'DropReference', from: 6, to: 6 }, 'ObjectNotLive'],
  [{ kind: 'DropReference', from: 6, to: 2 }, 'OtherNotLive'],
  [{ kind: 'DropReference', from: 1, to: 2 }, 'ReferenceNotHeld'],
  [{ kind: 'DropReference', from: null, to: 1 }, 'NotHeldOutside'],
  [{ kind: 'DropReference', from: null, to: 2 }, null],
  [{ kind: 'BindName', scope: 7, name: 1, object: 6 }, 'ObjectNotLive'],
  [{ kind: 'BindName', scope: 7, name: 1, object: 2 }, 'ScopeNotOpen'],
  [{ kind: 'BindName', scope: 1, name: 1, object: 2 }, null],
  [{ kind: 'UnbindName', scope: 7, name: 7 }, 'ScopeNotOpen'],
  [{ kind: 'UnbindName', scope: 1, name: 7 }, 'NameNotBound'],
  [{ kind: 'UnbindName', scope: 1, name: 1 }, null],
  [{ kind: 'EnterScope', scope: 1 }, 'ScopeAlreadyOpen'],
  [{ kind: 'EnterScope', scope: 2 }, null],
  [{ kind: 'LeaveScope', scope: 7 }, 'ScopeNotOpen'],
  [{ kind: 'LeaveScope', scope: 1 }, null],
  [weak(6, 6), 'ObjectNotLive'],
  [weak(1, 6), 'OtherNotLive'],
  [weak(1, 3), 'NoWeakReference'],
  [weak(3, 3), 'WeakReferenceTaken'],
  [weak(5, 3), 'NotReferable'],
  [weak(5, 4), null],
  [{ kind: 'SetFinalizer', object: 6, resurrectsInto: 6 }, 'ObjectNotLive'],
  [{ kind: 'SetFinalizer', object: 1, resurrectsInto: 6 }, 'OtherNotLive'],
  [{ kind: 'SetFinalizer', object: 1, resurrectsInto: 2 }, null],
  [{ kind: 'TrackObject', object: 6 }, 'ObjectNotLive'],
  [{ kind: 'UntrackObject', object: 6 }, 'ObjectNotLive'],
  [{ kind: 'MakeImmortal', object: 6 }, 'ObjectNotLive'],
  [{ kind: 'SetCallback', weak: 6, dropsFrom: 6 }, 'ObjectNotLive'],
  [{ kind: 'SetCallback', weak: 1, dropsFrom: 6 }, 'OtherNotLive'],
  [{ kind: 'SetCallback', weak: 1, dropsFrom: null }, 'NoWeakReference'],
  [{ kind: 'SetCallback', weak: 3, dropsFrom: 1 }, null],
  [{ kind: 'ClearWeakReferences', object: 6 }, 'ObjectNotLive'],
  [{ kind: 'ClearWeakReferences', object: 1 }, null],
]

describe('rejections', () => {
  test.each(ROWS)('[R38] %j: %s', (request, kind) => {
    const made = heap()
    const { state } = made
    expect(made.rejection(request)).toBe(kind)
    expect(made.state).toBe(state)
    expect([1, 2, 3, 4, 5, 6].map((object) => countOf(made.state, object))).toEqual([1, 1, 1, 1, 1, null])
  })

  test('[R38] the index is that of the rejected request, and earlier ones of the batch are undone', () => {
    const made = heap()
    const at = made.state.at
    const stepped = refcountReducer.step(made.state, { kind: 'DropReference', from: null, to: 1 })
    expect(stepped).toMatchObject({ _tag: 'Left', left: { index: at } })
  })

  test.each([
    [{ kind: 'AddReference', from: 6, to: 1 }, 'object 6 is not live: it was never created, or has died'],
    [{ kind: 'DropReference', from: 1, to: 2, slot: 3 }, 'object 1 has no reference to object 2 at slot 3'],
    [{ kind: 'DropReference', from: 1, to: 2 }, 'object 1 has no reference to object 2'],
    [
      { kind: 'DropReference', from: null, to: 1 },
      'object 1 has no reference by a holder that is no object: its count would fall below what holds it',
    ],
    [create(1, 99, 8), 'type 99 was not defined'],
    [{ kind: 'LeaveScope', scope: 7 }, 'scope 7 is not open: it was never entered, or was left'],
    [{ kind: 'UnbindName', scope: 1, name: 7 }, 'name 7 is not bound in scope 1'],
    [weak(3, 4), 'weak reference 3 was made for an object before, and stays with it'],
    [create(1, 2, -5), '-5 is no number of bytes'],
  ] as readonly (readonly [Request, string])[])('[R39] %j', (request, message) => {
    const stepped = refcountReducer.step(heap().state, request)
    expect(stepped._tag === 'Left' && stepped.left.reason.message).toBe(message)
  })

  test('[R39] every kind has words', () => {
    const kinds = new Set(ROWS.map(([, kind]) => kind))
    expect(REJECTIONS.filter((kind) => !kinds.has(kind))).toEqual(['UnknownLayout', 'HeapFull'])
  })

  test('[R39] a profile whose rules do not work is refused', () => {
    const profile = cpythonProfile('3.8')
    expect(() => emptyHeap({ ...profile, trashcan: { ...profile.trashcan, nestingMax: 1 } })).toThrow(
      'profile cpython-3.8: trashcan.nestingMax must be at least 3, got 1',
    )
    expect(() => emptyHeap({ ...profile, trashcan: { ...profile.trashcan, resumesAt: 48 } })).toThrow('resumesAt must be 3 below')
    expect(() => emptyHeap({ ...profile, trashcan: { ...profile.trashcan, resumesAt: -1 } })).toThrow('resumesAt must not be negative')
    expect(() => emptyHeap({ ...profile, framesMax: -1 })).toThrow('framesMax must not be negative, got -1')
  })
})
