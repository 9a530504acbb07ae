import { type Batch, Columns, Emit } from '@reheap/kernel'
import { describe, expect, test } from 'vitest'
import { Heap, idsOf, PROFILES } from '../test/heap.ts'
import {
  countOf,
  cpythonProfile,
  LAYOUTS,
  objectCount,
  type RequestOpcode,
  refcountMechanism,
  refcountReducer,
  refcountWording,
} from './index.ts'

const kinds = (facts: readonly { readonly kind: string }[]): readonly string[] => facts.map(({ kind }) => kind)

/** Weak references to object 0, which are 10, 11 ...: with a function or without. */
function watched(heap: Heap, callbacks: readonly boolean[]): void {
  callbacks.forEach((callback, place) => {
    heap.create(10 + place, 'weakref')
    heap.do({ kind: 'CreateWeakReference', weak: 10 + place, object: 0, callback })
  })
}

describe('deaths', () => {
  test('[R17] finalizer, weak references, what it held, memory', () => {
    const heap = new Heap()
    for (const object of [0, 1]) heap.create(object, 'slots')
    heap.give(0, 1)
    heap.do({ kind: 'SetFinalizer', object: 0, resurrectsInto: null })
    watched(heap, [true])
    const facts = heap.drop(null, 0).filter(({ kind }) => !kind.endsWith('racked'))
    expect(kinds(facts)).toEqual([
      'FinalizerRan',
      'ObjectDied',
      'WeakReferenceCleared',
      'WeakReferenceCalled',
      'ObjectDied',
      'BlockReleased',
      'BlockReleased',
    ])
    expect(idsOf(facts, 'BlockReleased')).toEqual([1, 0])
  })

  test.each(LAYOUTS.filter((layout) => layout !== 'plain' && layout !== 'float').map((layout) => [layout] as const))(
    '[R18] %s drops what it holds in the order of its type',
    (layout) => {
      const heap = new Heap()
      heap.create(0, layout, 3)
      for (const object of [1, 2, 3]) {
        heap.create(object, 'slots')
        heap.give(0, object)
      }
      const order = layout === 'list' || layout === 'tuple' ? [3, 2, 1] : [1, 2, 3]
      expect(idsOf(heap.drop(null, 0), 'ObjectDied')).toEqual([0, ...order])
    },
  )

  test('[R15] what dies is untracked, and tracked for its finalizer only', () => {
    const heap = new Heap()
    heap.create(0, 'slots')
    heap.do({ kind: 'SetFinalizer', object: 0, resurrectsInto: null })
    expect(kinds(heap.drop(null, 0)).slice(0, 5)).toEqual([
      'ObjectUntracked',
      'ObjectTracked',
      'FinalizerRan',
      'ObjectUntracked',
      'ObjectDied',
    ])
  })

  test('[R49] a chain of a million objects dies in one event', () => {
    const length = 1_000_000
    const rows = new Columns()
    refcountWording.write({ kind: 'DefineType', type: 0, layout: 'function', name: 'function' }, rows)
    for (let object = 0; object < length; object++) {
      refcountWording.write({ kind: 'CreateObject', object, type: 0, bytes: 64 }, rows)
      if (object > 0) {
        refcountWording.write({ kind: 'AddReference', from: object - 1, to: object }, rows)
        refcountWording.write({ kind: 'DropReference', from: null, to: object }, rows)
      }
    }
    refcountWording.write({ kind: 'DropReference', from: null, to: 0 }, rows)
    const draft = refcountMechanism.thaw(refcountReducer.initial(cpythonProfile('3.13')))
    expect(refcountMechanism.applyBatch(draft, rows as Batch<RequestOpcode>, 0, rows.length, new Emit({ muted: true }))).toBe(-1)
    expect(objectCount(refcountMechanism.seal(draft))).toBe(0)
  })

  test.each([
    ['3.10', ['ObjectDied 0', 'ObjectDied 1', 'ObjectDied 2', 'ObjectDied 3']],
    ['3.11', ['ObjectDied 0', 'ObjectDied 1', 'ObjectDied 2', 'ObjectDied 3']],
  ] as const)('[R21] %s: a finalizer at the depth of the trashcan', (version, died) => {
    const heap = new Heap({ ...cpythonProfile(version), trashcan: { layouts: ['slots'], nestingMax: 4, resumesAt: 0 } })
    for (const object of [0, 1, 2, 3]) heap.create(object, 'slots')
    for (const object of [1, 2, 3]) heap.give(object - 1, object)
    heap.do({ kind: 'SetFinalizer', object: 3, resurrectsInto: null })
    const facts = heap.drop(null, 0)
    expect(idsOf(facts, 'ObjectDied').map((object) => `ObjectDied ${object}`)).toEqual(died)
    // Where the frame of the call is put aside and holds the object, those around it give their memory back before it does.
    expect(idsOf(facts, 'BlockReleased')).toEqual(version === '3.10' ? [2, 1, 0, 3] : [3, 2, 1, 0])
  })
})

describe('weak references', () => {
  test('[R22] those without a function are cleared first, then the newest', () => {
    const heap = new Heap()
    heap.create(0, 'slots')
    watched(heap, [true, false, true, true])
    const facts = heap.drop(null, 0)
    expect(idsOf(facts, 'WeakReferenceCleared')).toEqual([11, 13, 12, 10])
    expect(idsOf(facts, 'WeakReferenceCalled')).toEqual([13, 12, 10])
  })

  test.each(PROFILES.map((profile) => [profile.name, profile] as const))(
    '[R23] %s: from how many on functions are gathered in a tuple',
    (_, profile) => {
      for (const callbacks of [1, 2]) {
        const heap = new Heap(profile)
        heap.create(0, 'slots')
        watched(
          heap,
          Array.from({ length: callbacks }, () => true),
        )
        const tuples = heap.drop(null, 0).filter((fact) => fact.kind === 'ObjectCreated' && fact.object === null)
        expect(tuples).toHaveLength(callbacks === 2 || ['cpython-3.13', 'cpython-3.14'].includes(profile.name) ? 1 : 0)
      }
    },
  )

  test('[R61] a weak reference ends with its call where its function lets the only holder go of it', () => {
    for (const holder of [1, null]) {
      const heap = new Heap()
      heap.create(0, 'slots')
      heap.create(1, 'set')
      watched(heap, [true, true])
      if (holder !== null) {
        heap.give(holder, 10)
        heap.give(holder, 11)
      }
      heap.do({ kind: 'SetCallback', weak: 10, dropsFrom: holder })
      expect(idsOf(heap.drop(null, 0), 'ObjectDied').filter((id) => id !== null)).toEqual([0, 10])
    }
  })

  test('[R62] what was called at the word of the log is not called again, and keeps its function', () => {
    const heap = new Heap()
    heap.create(0, 'slots')
    watched(heap, [true, false])
    heap.create(1, 'function')
    heap.give(10, 1)
    const facts = heap.do({ kind: 'ClearWeakReferences', object: 0 })
    expect(kinds(facts)).toEqual(['WeakReferenceCleared', 'WeakReferenceCleared', 'WeakReferenceCalled'])
    expect(idsOf(heap.drop(null, 0), 'WeakReferenceCalled')).toEqual([])
    expect(idsOf(heap.drop(null, 10), 'ObjectDied')).toEqual([10, 1])
  })

  test('[R24] a weak reference that dies before its object is not called, and the others stay in order', () => {
    const heap = new Heap()
    heap.create(0, 'slots')
    watched(heap, [true, true, true])
    heap.drop(null, 11)
    expect(idsOf(heap.drop(null, 0), 'WeakReferenceCalled')).toEqual([12, 10])
  })

  test('[R24] a weak reference that only its object holds is cleared before it dies', () => {
    const heap = new Heap()
    heap.create(0, 'slots')
    watched(heap, [true])
    heap.give(0, 10)
    const facts = heap.drop(null, 0)
    expect(idsOf(facts, 'WeakReferenceCalled')).toEqual([10])
    expect(idsOf(facts, 'ObjectDied')).toContain(10)
  })
})

describe('finalizers', () => {
  test('[R25] an object is stored in a container that lives, and finalized no second time', () => {
    const heap = new Heap()
    heap.create(0, 'slots')
    heap.create(1, 'list')
    heap.do({ kind: 'SetFinalizer', object: 0, resurrectsInto: 1 })
    expect(heap.drop(null, 0).at(-1)).toEqual({ kind: 'FinalizerRan', object: 0, isResurrected: true })
    expect(countOf(heap.state, 0)).toBe(1)
    const facts = heap.drop(1, 0)
    expect(idsOf(facts, 'FinalizerRan')).toEqual([])
    expect(idsOf(facts, 'ObjectDied')).toEqual([0])
  })

  test('[R25] a container that is dead or dying saves nothing', () => {
    const heap = new Heap()
    for (const object of [0, 2]) heap.create(object, 'slots')
    heap.create(1, 'list')
    heap.do({ kind: 'SetFinalizer', object: 0, resurrectsInto: 1 })
    heap.do({ kind: 'SetFinalizer', object: 2, resurrectsInto: 1 })
    heap.give(1, 2)
    expect(heap.drop(null, 1)).toContainEqual({ kind: 'FinalizerRan', object: 2, isResurrected: false })
    expect(heap.drop(null, 0)).toContainEqual({ kind: 'FinalizerRan', object: 0, isResurrected: false })
  })

  test('[R48] objects whose finalizers store them in each other end', () => {
    const heap = new Heap()
    for (const object of [0, 1]) heap.create(object, 'instance')
    heap.do({ kind: 'SetFinalizer', object: 0, resurrectsInto: 1 })
    heap.do({ kind: 'SetFinalizer', object: 1, resurrectsInto: 0 })
    expect(idsOf(heap.drop(null, 0), 'FinalizerRan')).toEqual([0])
    // 1 holds 0, and is stored in it: a cycle, which no count frees.
    expect(idsOf(heap.drop(null, 1), 'FinalizerRan')).toEqual([1])
    expect([0, 1].map((object) => countOf(heap.state, object))).toEqual([1, 1])
    expect(idsOf(heap.drop(0, 1), 'ObjectDied')).toEqual([1, 0])
  })

  test('[R48] an object whose finalizer stores it in itself holds itself', () => {
    const heap = new Heap()
    heap.create(0, 'instance')
    heap.do({ kind: 'SetFinalizer', object: 0, resurrectsInto: 0 })
    expect(heap.drop(null, 0)).toContainEqual({ kind: 'FinalizerRan', object: 0, isResurrected: true })
    expect(countOf(heap.state, 0)).toBe(1)
    expect(idsOf(heap.drop(0, 0), 'ObjectDied')).toEqual([0])
  })
})
