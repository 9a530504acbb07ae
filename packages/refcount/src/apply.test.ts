import { type Batch, Columns, Emit } from '@reheap/kernel'
import { describe, expect, test } from 'vitest'
import { Heap, idsOf } from '../test/heap.ts'
import {
  checkFull,
  countOf,
  cpythonProfile,
  FACT_OPCODES,
  type FactOpcode,
  heapReader,
  heapView,
  liveBytes,
  objectCount,
  type Request,
  type RequestOpcode,
  refcountMechanism,
  refcountReducer,
  refcountWording,
  referencesOf,
} from './index.ts'

/** Objects of the layout list, each held by its maker only. */
function lists(count: number, heap = new Heap()): Heap {
  for (let object = 0; object < count; object++) heap.create(object, 'list')
  return heap
}
const held = (heap: Heap, object: number): readonly number[] => referencesOf(heap.state, object).map((reference) => reference.object)

describe('counts', () => {
  test('[R1] a new object has the count 1, held by its creator', () => {
    const heap = lists(1)
    expect(countOf(heap.state, 0)).toBe(1)
    expect(idsOf(heap.drop(null, 0), 'ObjectDied')).toEqual([0])
    expect(countOf(heap.state, 0)).toBe(null)
  })

  test('[R2] objects, names and holders that are no object each count', () => {
    const heap = lists(2)
    heap.hold(null, 0)
    heap.hold(1, 0)
    heap.hold(1, 0)
    heap.do({ kind: 'EnterScope', scope: 5 })
    heap.do({ kind: 'BindName', scope: 5, name: 1, object: 0 })
    expect(countOf(heap.state, 0)).toBe(5)
    heap.drop(1, 0)
    heap.do({ kind: 'UnbindName', scope: 5, name: 1 })
    expect(countOf(heap.state, 0)).toBe(3)
  })

  test('[R3] references stand by slot, those of one slot in the order in which they came, one without behind the last', () => {
    const heap = lists(6)
    for (const [to, slot] of [
      [1, 7],
      [2, 3],
      [3, 7],
    ] as const)
      heap.hold(0, to, slot)
    heap.hold(0, 4)
    heap.hold(0, 5, 3)
    expect(referencesOf(heap.state, 0)).toMatchObject([
      { object: 2, slot: 3 },
      { object: 5, slot: 3 },
      { object: 1, slot: 7 },
      { object: 3, slot: 7 },
      { object: 4, slot: 8 },
    ])
  })

  test('[R4] with a slot the oldest there goes, without one the last of all', () => {
    const heap = lists(2)
    for (const slot of [1, 2, 2, 5]) heap.hold(0, 1, slot)
    heap.drop(0, 1)
    expect(referencesOf(heap.state, 0).map(({ slot }) => slot)).toMatchObject([1, 2, 2])
    heap.drop(0, 1, 1)
    expect(heap.rejection({ kind: 'DropReference', from: 0, to: 1, slot: 1 })).toBe('ReferenceNotHeld')
    expect(referencesOf(heap.state, 0).map(({ slot }) => slot)).toMatchObject([2, 2])
  })

  test('[R4] a replacement is stored before the old one is dropped', () => {
    const heap = lists(2)
    heap.create(2, 'list')
    heap.give(0, 1, 4)
    heap.hold(0, 2, 4)
    expect(idsOf(heap.drop(0, 1, 4), 'ObjectDied')).toEqual([1])
    expect(held(heap, 0)).toEqual([2])
  })

  test('[R4] replacements in a long list end as they do one by one, in whichever batch', () => {
    const requests: Request[] = [{ kind: 'DefineType', type: 0, layout: 'list', name: 'list' }]
    for (let object = 0; object < 90; object++) requests.push({ kind: 'CreateObject', object, type: 0, bytes: 56 })
    for (let slot = 0; slot < 30; slot++) requests.push({ kind: 'AddReference', from: 0, to: slot + 1, slot })
    for (let to = 1; to < 90; to++) requests.push({ kind: 'DropReference', from: null, to })
    const kept = requests.length - 59
    const expected = Array.from({ length: 30 }, (_, slot) => slot + 1)
    const replace = (slot: number, to: number): void => {
      const old = expected[slot] ?? 0
      expected[slot] = to
      requests.push({ kind: 'AddReference', from: 0, to, slot }, { kind: 'DropReference', from: 0, to: old, slot })
    }
    // Whatever replaces is held by another already: 31 to 89 would be dead.
    requests.splice(kept, 59)
    for (let to = 31; to < 90; to++) replace((to * 7) % 30, to)
    for (let to = 31; to < 90; to++) replace((to * 11) % 30, to)
    for (let to = 31; to < 90; to++) requests.push({ kind: 'DropReference', from: null, to })
    const died = (size: number): readonly number[] => {
      const rows = new Columns()
      for (const request of requests) refcountWording.write(request, rows)
      const draft = refcountMechanism.thaw(refcountReducer.initial(cpythonProfile('3.12')))
      const emit = new Emit<FactOpcode>()
      for (let from = 0; from < rows.length; from += size)
        expect(refcountMechanism.applyBatch(draft, rows as Batch<RequestOpcode>, from, Math.min(from + size, rows.length), emit)).toBe(-1)
      const state = refcountMechanism.seal(draft)
      expect(referencesOf(state, 0).map(({ object }) => object)).toEqual(expected)
      expect(checkFull(state)._tag).toBe('Right')
      return [...emit.facts.id.subarray(0, emit.facts.length)].filter((_, row) => emit.facts.code[row] === FACT_OPCODES.ObjectDied)
    }
    expect(died(requests.length)).toEqual(died(1))
    expect(died(7)).toEqual(died(1))
  })

  test('[R3] a long list keeps its order whichever places change', () => {
    const heap = lists(201)
    const expected: number[] = []
    const place = (to: number, slot: number): void => {
      heap.hold(0, to, slot)
      const at = expected.findIndex((other) => other * 7 > slot)
      expected.splice(at < 0 ? expected.length : at, 0, to)
    }
    for (let to = 1; to <= 200; to++) place(((to * 67) % 200) + 1, (((to * 67) % 200) + 1) * 7)
    expect(held(heap, 0)).toEqual(expected)
    for (const to of [1, 2, 3, 200, 100, 50, 150, 4]) {
      heap.drop(0, to)
      expected.splice(expected.indexOf(to), 1)
    }
    expect(held(heap, 0)).toEqual(expected)
    expect(checkFull(heap.state)._tag).toBe('Right')
  })
})

describe('names', () => {
  test('[R5] a name that is bound again to what it holds keeps it alive', () => {
    const heap = lists(1)
    heap.do({ kind: 'EnterScope', scope: 1 })
    heap.do({ kind: 'BindName', scope: 1, name: 0, object: 0 })
    heap.drop(null, 0)
    expect(heap.do({ kind: 'BindName', scope: 1, name: 0, object: 0 })).toEqual([])
    expect(countOf(heap.state, 0)).toBe(1)
  })

  test.each([
    ['3.13', 7, [0, 1, 2]],
    ['3.14', 7, [2, 1, 0]],
    ['3.14', null, [0, 1, 2]],
  ] as const)('[R6] %s: a scope with code %s drops its names in order', (version, code, order) => {
    const heap = lists(3, new Heap(cpythonProfile(version)))
    heap.do({ kind: 'EnterScope', scope: 1, ...(code === null ? {} : { code }) })
    for (const object of [0, 1, 2]) {
      heap.do({ kind: 'BindName', scope: 1, name: 10 - object, object })
      heap.drop(null, object)
    }
    expect(idsOf(heap.do({ kind: 'LeaveScope', scope: 1 }), 'ObjectDied')).toEqual(order)
  })

  test('[R6] a scope that was left may be entered again, without its names', () => {
    const heap = lists(1)
    heap.do({ kind: 'EnterScope', scope: 1 })
    heap.do({ kind: 'BindName', scope: 1, name: 3, object: 0 })
    heap.do({ kind: 'LeaveScope', scope: 1 })
    heap.do({ kind: 'EnterScope', scope: 1 })
    expect(heap.rejection({ kind: 'UnbindName', scope: 1, name: 3 })).toBe('NameNotBound')
  })

  test('[R2] many scopes and names are told apart, whichever are left first', () => {
    const heap = lists(1)
    for (let scope = 0; scope < 40; scope++) {
      heap.do({ kind: 'EnterScope', scope: scope * 1000 })
      for (let name = 0; name < 10; name++) heap.do({ kind: 'BindName', scope: scope * 1000, name: name * 999, object: 0 })
    }
    expect(countOf(heap.state, 0)).toBe(401)
    for (let scope = 0; scope < 40; scope += 2) heap.do({ kind: 'LeaveScope', scope: scope * 1000 })
    expect(countOf(heap.state, 0)).toBe(201)
    for (let scope = 1; scope < 40; scope += 2)
      for (let name = 0; name < 10; name++) heap.do({ kind: 'UnbindName', scope: scope * 1000, name: name * 999 })
    expect(countOf(heap.state, 0)).toBe(1)
    expect(checkFull(heap.state)._tag).toBe('Right')
  })
})

describe('objects', () => {
  test('[R7] what nothing holds dies in the event that dropped it, with what only it held', () => {
    const heap = lists(4)
    heap.give(0, 1)
    heap.give(1, 2)
    heap.hold(1, 3)
    expect(idsOf(heap.drop(null, 0), 'ObjectDied')).toEqual([0, 1, 2])
    expect(countOf(heap.state, 3)).toBe(1)
    expect(objectCount(heap.state)).toBe(1)
  })

  test.each([
    ['3.11', 2, 64],
    ['3.12', 0xffff_ffff, 64],
    ['3.13', 0x3fff_ffff, 32],
    ['3.15', 0x7000_0000, 32],
  ] as const)('[R8] %s: the count of what was made immortal', (version, count, bits) => {
    const heap = lists(1, new Heap(cpythonProfile(version, bits)))
    heap.do({ kind: 'MakeImmortal', object: 0 })
    heap.hold(null, 0)
    expect(countOf(heap.state, 0)).toBe(count)
    heap.drop(null, 0)
    const died = idsOf(heap.drop(null, 0), 'ObjectDied')
    expect(died).toEqual(version === '3.11' ? [0] : [])
  })

  test('[R9] what an object holds beside its block is given back before the block', () => {
    const heap = new Heap()
    heap.create(0, 'set')
    expect(heap.do({ kind: 'ResizeObject', object: 0, bytes: 100 })).toEqual([
      { kind: 'BlockRequested', object: 0, bytes: 100, beside: true, block: null },
    ])
    expect(liveBytes(heap.state)).toBe(164)
    const released = heap.drop(null, 0).filter((fact) => fact.kind === 'BlockReleased')
    expect(released.map((fact) => 'beside' in fact && [fact.bytes, fact.beside])).toEqual([
      [100, true],
      [64, false],
    ])
    expect(liveBytes(heap.state)).toBe(0)
  })

  test('[R10] an object knows the event at which the program last dropped a reference to it or to what held it', () => {
    const heap = lists(4)
    heap.give(0, 1)
    heap.give(1, 2)
    heap.hold(2, 1)
    heap.hold(2, 3)
    const { at } = heap.state
    heap.drop(null, 0)
    const reader = heapReader(refcountMechanism.thaw(heap.state))
    expect(reader.lostAt[reader.rowOf(1)]).toBe(at)
    expect(reader.lostAt[reader.rowOf(2)]).toBeLessThan(at)
  })

  test.each([
    ['3.10', 2],
    ['3.11', 1],
  ] as const)('[R12] %s: an instance with attributes is %i objects', (version, objects) => {
    const heap = new Heap(cpythonProfile(version))
    heap.create(1, 'list')
    const made = heap.create(0, 'instance')
    const first = heap.hold(0, 1)
    const second = heap.hold(0, 1)
    expect([...made, ...first, ...second].filter(({ kind }) => kind === 'ObjectCreated')).toHaveLength(objects)
    expect(referencesOf(heap.state, 0)).toHaveLength(2)
    expect(idsOf(heap.drop(null, 0), 'ObjectDied')).toEqual(objects === 2 ? [0, null] : [0])
  })

  test('[R47] ids may have gaps and be used again when their object is dead', () => {
    const heap = new Heap()
    for (const object of [4_294_967_294, 5, 1_000_000]) heap.create(object, 'slots')
    heap.drop(null, 5)
    heap.create(5, 'list')
    expect([5, 6, 1_000_000, 4_294_967_294].map((object) => countOf(heap.state, object))).toEqual([1, null, 1, 1])
  })

  test('[R47] what a state holds depends on live objects, not on those that were', () => {
    const rows = new Columns()
    refcountWording.write({ kind: 'DefineType', type: 0, layout: 'list', name: 'list' }, rows)
    for (let object = 0; object < 200_000; object++) {
      refcountWording.write({ kind: 'CreateObject', object, type: 0, bytes: 64 }, rows)
      refcountWording.write({ kind: 'AddReference', from: object, to: object }, rows)
      refcountWording.write({ kind: 'DropReference', from: object, to: object }, rows)
      refcountWording.write({ kind: 'DropReference', from: null, to: object }, rows)
    }
    const draft = refcountMechanism.thaw(refcountReducer.initial(cpythonProfile('3.12')))
    refcountMechanism.applyBatch(draft, rows as Batch<RequestOpcode>, 0, rows.length, new Emit({ muted: true }))
    expect(heapView(draft).rows).toBeLessThan(200)
    expect(heapView(draft).target.length).toBeLessThan(200)
  })
})
