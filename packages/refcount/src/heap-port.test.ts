import { type Batch, Columns, type Draft, Emit, type FactBatch } from '@reheap/kernel'
import { describe, expect, test } from 'vitest'
import { Heap, idsOf, tiny } from '../test/heap.ts'
import type { RequestOpcode } from './index.ts'
import {
  answerTo,
  checkFull,
  connectTracking,
  countOf,
  cpythonProfile,
  type Fact,
  type FactOpcode,
  type HeapEditor,
  heapEditor,
  heapReader,
  heapView,
  objectOf,
  REQUEST_OPCODES,
  type RefcountState,
  type Request,
  refcountMechanism,
  refcountWording,
  type Tracking,
} from './index.ts'
import { FLAGS } from './state.ts'

const CAUSE = 55

/** A draft that a collector works on. */
class Session {
  readonly draft: Draft<RefcountState>
  readonly emit = new Emit<FactOpcode>({ capacity: 16 })
  readonly editor: HeapEditor
  constructor(heap: Heap) {
    this.draft = refcountMechanism.thaw(heap.state)
    answerTo(this.draft, this.emit, CAUSE)
    this.editor = heapEditor(this.draft)
  }
  row(object: number): number {
    return heapReader(this.draft).rowOf(object)
  }
  /** Facts since the last call. */
  facts(): readonly Fact[] {
    const facts = Array.from({ length: this.emit.facts.length }, (_, row) =>
      refcountWording.read(this.emit.facts as FactBatch<FactOpcode>, row),
    )
    this.emit.clear()
    return facts
  }
  do(request: Request): void {
    const rows = new Columns(1)
    refcountWording.write(request, rows)
    expect(refcountMechanism.applyBatch(this.draft, rows as Batch<RequestOpcode>, 0, 1, this.emit)).toBe(-1)
  }
}

/** Two lists that hold each other and nobody else does. */
function cycle(profile = cpythonProfile('3.12')): Heap {
  const heap = new Heap(profile)
  heap.create(0, 'list')
  heap.create(1, 'list')
  heap.hold(0, 1)
  heap.give(1, 0)
  heap.drop(null, 1)
  return heap
}

describe('the view', () => {
  test('[R30] shows counts, references in order and flags by row, none of which is 0', () => {
    const heap = new Heap()
    heap.create(7, 'tuple', 2)
    for (const object of [8, 9]) {
      heap.create(object, 'slots')
      heap.give(7, object)
    }
    heap.do({ kind: 'SetFinalizer', object: 9, resurrectsInto: null })
    const session = new Session(heap)
    const view = heapView(session.draft)
    const row = session.row(7)
    expect([view.flags[0], view.count[0], view.rows]).toEqual([0, 0, 4])
    const first = view.firstReference[row] ?? 0
    const targets = [...view.target.subarray(first, first + (view.referenceCount[row] ?? 0))]
    expect(targets.map((target) => view.object[target])).toEqual([8, 9])
    expect([view.count[row], view.flags[row]]).toEqual([1, FLAGS.gc | FLAGS.visitsBackwards | FLAGS.tuple])
    expect(view.flags[session.row(9)]).toBe(FLAGS.gc | FLAGS.finalizer)
  })

  test('[R37] roots of frames are listed from the top of the stack, those of modules in the order of their names', () => {
    const heap = new Heap(cpythonProfile('3.14'))
    heap.do({ kind: 'EnterScope', scope: 0 })
    for (const object of [0, 1]) {
      heap.create(object, 'list')
      heap.do({ kind: 'BindName', scope: 0, name: object, object })
      heap.drop(null, object)
    }
    heap.create(2, 'list')
    heap.do({ kind: 'EnterScope', scope: 1, code: 5 })
    for (const object of [3, 4]) {
      heap.create(object, 'list')
      heap.do({ kind: 'BindName', scope: 1, name: object, object })
      heap.drop(null, object)
    }
    heap.create(5, 'list')
    const session = new Session(heap)
    const view = heapView(session.draft)
    expect(view.stackRoots().map((row) => view.object[row])).toEqual([5, 4, 3, 2])
    expect(view.globalRoots().map((row) => view.object[row])).toEqual([0, 1])
  })
})

describe('the editor', () => {
  test('[R31] clear drops what an object holds while the collector holds it', () => {
    const session = new Session(cycle())
    const { editor } = session
    editor.hold(session.row(0))
    editor.clear(session.row(0))
    expect(idsOf(session.facts(), 'ObjectDied')).toEqual([1])
    editor.release(session.row(0))
    expect(idsOf(session.facts(), 'ObjectDied')).toEqual([0])
    expect(heapReader(session.draft).objects).toBe(0)
  })

  test('[R31] facts of the collector carry the event that it says', () => {
    const session = new Session(cycle())
    session.editor.hold(session.row(0))
    session.editor.clear(session.row(0))
    expect([...new Set(session.emit.facts.cause.subarray(0, session.emit.facts.length))]).toEqual([CAUSE])
  })

  test.each(['tuple', 'method', 'builtinMethod'] as const)('[R31] a %s is not cleared', (layout) => {
    const heap = new Heap()
    heap.create(0, layout, 1)
    heap.create(1, 'list')
    heap.give(0, 1)
    const session = new Session(heap)
    session.editor.clear(session.row(0))
    expect(session.facts()).toEqual([])
  })

  test('[R31] a cleared weak reference leaves the list of its object', () => {
    const heap = new Heap()
    heap.create(0, 'slots')
    heap.create(1, 'weakref')
    heap.do({ kind: 'CreateWeakReference', weak: 1, object: 0, callback: true })
    const session = new Session(heap)
    session.editor.clear(session.row(1))
    session.do({ kind: 'DropReference', from: null, to: 0 })
    expect(idsOf(session.facts(), 'WeakReferenceCalled')).toEqual([])
  })

  test('[R32] weak references are cleared in their order, and those to be called are returned', () => {
    const heap = new Heap()
    heap.create(0, 'slots')
    for (const [weak, callback] of [
      [10, true],
      [11, false],
      [12, true],
      [13, true],
    ] as const) {
      heap.create(weak, 'weakref')
      heap.create(weak + 10, 'function')
      heap.give(weak, weak + 10)
      heap.do({ kind: 'CreateWeakReference', weak, object: 0, callback })
    }
    const session = new Session(heap)
    const garbage = new Uint8Array(heapView(session.draft).rows)
    garbage[session.row(0)] = 1
    garbage[session.row(12)] = 1
    const waiting = session.editor.clearWeakReferences(session.row(0), garbage, false)
    expect(idsOf(session.facts(), 'WeakReferenceCleared')).toEqual([11, 13, 12, 10])
    expect(waiting).toEqual([session.row(13), session.row(10)])
    session.editor.callBack(session.row(13))
    expect(session.facts()).toEqual([{ kind: 'WeakReferenceCalled', weak: 13, object: 0 }])
    // Its function stays with it.
    expect(heapReader(session.draft).countOf(session.row(23))).toBe(1)
  })

  test('[R32] those without a function are left alive if the collector wants so', () => {
    const heap = new Heap()
    heap.create(0, 'slots')
    for (const [weak, callback] of [
      [10, true],
      [11, false],
    ] as const) {
      heap.create(weak, 'weakref')
      heap.do({ kind: 'CreateWeakReference', weak, object: 0, callback })
    }
    const session = new Session(heap)
    session.editor.clearWeakReferences(session.row(0), new Uint8Array(heapView(session.draft).rows), true)
    expect(idsOf(session.facts(), 'WeakReferenceCleared')).toEqual([10])
  })

  test('[R33] a finalizer that ran is not run again', () => {
    const heap = new Heap()
    heap.create(0, 'slots')
    heap.create(1, 'dict')
    heap.do({ kind: 'SetFinalizer', object: 0, resurrectsInto: 1 })
    const session = new Session(heap)
    session.editor.finalize(session.row(0))
    expect(session.facts()).toEqual([
      { kind: 'FinalizerRan', object: 0, isResurrected: true },
      { kind: 'ObjectTracked', object: 1 },
    ])
    session.editor.finalize(session.row(0))
    expect(session.facts()).toEqual([])
  })

  test('[R33] a generator is closed by its finalizer and never cleared', () => {
    const heap = new Heap()
    heap.create(0, 'generator')
    heap.hold(0, 0)
    heap.drop(null, 0)
    const session = new Session(heap)
    const row = session.row(0)
    session.editor.hold(row)
    session.editor.clear(row)
    expect(heapView(session.draft).referenceCount[row]).toBe(1)
    session.editor.finalize(row)
    expect(heapView(session.draft).referenceCount[row]).toBe(0)
    session.editor.release(row)
    expect(session.facts().map(({ kind }) => kind)).toEqual(['ObjectUntracked', 'ObjectDied', 'BlockReleased'])
  })

  test('[R34] gc.garbage holds what it is given and drops it from the last to the first', () => {
    const heap = new Heap()
    for (const object of [0, 1, 2]) heap.create(object, 'list')
    const session = new Session(heap)
    for (const object of [0, 1, 2]) session.editor.keepGarbage(session.row(object))
    for (const to of [0, 1, 2]) session.do({ kind: 'DropReference', from: null, to })
    expect(session.facts()).toEqual([])
    session.editor.dropGarbage()
    expect(idsOf(session.facts(), 'ObjectDied')).toEqual([2, 1, 0])
  })

  test('[R35] the dict for the callbacks is asked for once and kept then', () => {
    const session = new Session(new Heap(tiny(cpythonProfile('3.12'))))
    for (let times = 0; times < 2; times++) session.editor.dropCallbackInfo(session.editor.makeCallbackInfo(), 1)
    expect(session.facts().filter(({ kind }) => kind === 'BlockRequested' || kind === 'BlockReleased')).toHaveLength(1)
  })

  test('[R36] a dict that the collector untracked is tracked again when it holds a container', () => {
    const heap = new Heap()
    heap.create(0, 'dict')
    heap.create(1, 'list')
    heap.hold(0, 1)
    const session = new Session(heap)
    session.do({ kind: 'DropReference', from: 0, to: 1 })
    session.editor.untracked(session.row(0))
    expect(idsOf(session.facts(), 'ObjectUntracked')).toEqual([0])
    session.do({ kind: 'AddReference', from: 0, to: 1 })
    expect(idsOf(session.facts(), 'ObjectTracked')).toEqual([0])
  })

  test('[R36] what the collector tracks again by itself is tracked, and told to nobody a second time', () => {
    const heap = new Heap()
    heap.create(0, 'weakref')
    const session = new Session(heap)
    session.editor.untracked(session.row(0))
    session.editor.trackedAgain(session.row(0))
    session.do({ kind: 'TrackObject', object: 0 })
    expect(idsOf(session.facts(), 'ObjectTracked')).toEqual([0])
  })
})

describe('a collection in the middle of a request', () => {
  const idle: Tracking = { allocated: () => {}, freed: () => {}, track: () => {}, untrack: () => {}, entered: () => {} }

  test('[R16] inside an allocation it may free what stands in the way of columns that grow', () => {
    const heap = cycle()
    const session = new Session(heap)
    let collections = 0
    connectTracking(session.draft, {
      ...idle,
      allocated: () => {
        if (collections++ > 0) return
        session.editor.hold(session.row(0))
        session.editor.clear(session.row(0))
        session.editor.release(session.row(0))
      },
    })
    for (let object = 100; object < 300; object++) session.do({ kind: 'CreateObject', object, type: 5, bytes: 64 })
    const facts = session.facts()
    expect(facts.slice(0, 6).map(({ kind }) => kind)).toEqual([
      'BlockRequested',
      'ObjectUntracked',
      'ObjectDied',
      'ObjectUntracked',
      'ObjectDied',
      'ObjectCreated',
    ])
    const state = refcountMechanism.seal(session.draft)
    expect(checkFull(state)._tag).toBe('Right')
    expect(countOf(state, 299)).toBe(1)
  })

  test('[R16] inside a finalizer the object is tracked, and what the collection frees is gone when it dies', () => {
    const heap = cycle()
    heap.create(2, 'slots')
    heap.do({ kind: 'SetFinalizer', object: 2, resurrectsInto: null })
    const session = new Session(heap)
    const seen: boolean[] = []
    connectTracking(session.draft, {
      ...idle,
      entered: () => {
        seen.push(heapReader(session.draft).isTracked(session.row(2)))
        session.editor.hold(session.row(0))
        session.editor.clear(session.row(0))
        session.editor.release(session.row(0))
      },
    })
    session.do({ kind: 'DropReference', from: null, to: 2 })
    expect(seen).toEqual([true])
    expect(idsOf(session.facts(), 'ObjectDied')).toEqual([1, 0, 2])
  })

  test('[R16] inside the callback of a weak reference both it and its function are held', () => {
    const heap = new Heap()
    heap.create(1, 'slots')
    heap.create(3, 'weakref')
    heap.create(4, 'function')
    heap.do({ kind: 'CreateWeakReference', weak: 3, object: 1, callback: true })
    heap.give(3, 4)
    heap.give(4, 3)
    const session = new Session(heap)
    const held: number[] = []
    connectTracking(session.draft, {
      ...idle,
      entered: () => {
        const reader = heapReader(session.draft)
        const view = heapView(session.draft)
        // A collector finds neither: the function is not seen in the weak reference any more, which the call holds.
        held.push(reader.countOf(session.row(3)), reader.countOf(session.row(4)), view.referenceCount[session.row(3)] ?? -1)
      },
    })
    session.do({ kind: 'DropReference', from: null, to: 1 })
    expect(held).toEqual([2, 1, 0])
    expect(idsOf(session.facts(), 'ObjectDied')).toEqual([1, 4, 3])
    expect(checkFull(refcountMechanism.seal(session.draft))._tag).toBe('Right')
  })

  test('[R16] a connection ends when the draft is sealed', () => {
    const draft = refcountMechanism.thaw(new Heap().state)
    let calls = 0
    connectTracking(draft, { ...idle, allocated: () => calls++ })
    const again = new Session(Object.assign(new Heap(), { state: refcountMechanism.seal(draft) }))
    again.do({ kind: 'CreateObject', object: 0, type: 5, bytes: 64 })
    expect(calls).toBe(0)
    expect(objectOf(refcountMechanism.seal(again.draft), 0)?.isTracked).toBe(true)
    expect(REQUEST_OPCODES.CreateObject).toBeGreaterThan(0)
  })
})
