import { ANY_LAYER_OPCODES, type Batch, Columns, Emit, NO_ID } from '@reheap/kernel'
import { describe, expect, test } from 'vitest'
import { Heap } from '../test/heap.ts'
import {
  countOf,
  cpythonProfile,
  FACT_OPCODES,
  type Fact,
  type FactOpcode,
  forEachObject,
  freeListFigures,
  LAYOUTS,
  type LiveObject,
  REFCOUNT_PROFILES,
  REQUEST_OPCODES,
  type Request,
  type RequestOpcode,
  refcountMechanism,
  refcountReducer,
  refcountWording,
} from './index.ts'

const REQUESTS: readonly Request[] = [
  { kind: 'DefineType', type: 3, layout: 'list', name: 'list' },
  { kind: 'DefineType', type: 4, layout: 'weakref', name: 'ref' },
  { kind: 'DefineName', name: 1, text: 'x' },
  { kind: 'CreateObject', object: 1, type: 3, bytes: 56, items: 4, block: 9 },
  { kind: 'CreateObject', object: 2, type: 3, bytes: 56 },
  { kind: 'ResizeObject', object: 1, bytes: 32 },
  { kind: 'AddReference', from: 1, to: 2, slot: 5 },
  { kind: 'AddReference', from: null, to: 2 },
  { kind: 'DropReference', from: null, to: 2 },
  { kind: 'EnterScope', scope: 6, code: 8 },
  { kind: 'BindName', scope: 6, name: 1, object: 2 },
  { kind: 'UnbindName', scope: 6, name: 1 },
  { kind: 'LeaveScope', scope: 6 },
  { kind: 'CreateObject', object: 3, type: 4, bytes: 72 },
  { kind: 'CreateWeakReference', weak: 3, object: 2, callback: true, code: 5 },
  { kind: 'SetFinalizer', object: 2, resurrectsInto: 1, code: 7 },
  { kind: 'UntrackObject', object: 1 },
  { kind: 'TrackObject', object: 1 },
  { kind: 'SetCallback', weak: 3, dropsFrom: 1 },
  { kind: 'ClearWeakReferences', object: 1 },
  { kind: 'DropReference', from: 1, to: 2, slot: 5 },
  { kind: 'DropReference', from: null, to: 2 },
  { kind: 'DropReference', from: 1, to: 2 },
  { kind: 'MakeImmortal', object: 3 },
  { kind: 'DropReference', from: null, to: 1 },
]

function rowsOf(requests: readonly Request[]): Columns {
  const rows = new Columns()
  for (const request of requests) refcountWording.write(request, rows)
  return rows
}

function replayed(rows: Columns, muted = false): { readonly state: ReturnType<typeof refcountMechanism.seal>; readonly facts: Columns } {
  const draft = refcountMechanism.thaw(refcountReducer.initial(cpythonProfile('3.12')))
  const emit = new Emit<FactOpcode>({ muted })
  expect(refcountMechanism.applyBatch(draft, rows as Batch<RequestOpcode>, 0, rows.length, emit)).toBe(-1)
  return { state: refcountMechanism.seal(draft), facts: emit.facts }
}

function objects(state: ReturnType<typeof refcountMechanism.seal>): readonly LiveObject[] {
  const found: LiveObject[] = []
  forEachObject(state, (object) => found.push(object))
  return found
}

describe('the reducer', () => {
  test('[R42] a batch does what its rows do one by one', () => {
    const whole = replayed(rowsOf(REQUESTS))
    let state = refcountReducer.initial(cpythonProfile('3.12'))
    const facts: Fact[] = []
    for (const request of REQUESTS) {
      const stepped = refcountReducer.step(state, request)
      if (stepped._tag === 'Left') throw new Error(stepped.left.reason.message)
      state = stepped.right.state
      facts.push(...stepped.right.emitted)
    }
    expect(Array.from({ length: whole.facts.length }, (_, row) => refcountWording.read(whole.facts, row))).toEqual(facts)
    expect(objects(whole.state)).toEqual(objects(state))
    expect(freeListFigures(whole.state)).toEqual(freeListFigures(state))
  })

  test('[R42] events of other layers only advance the clock, and a muted replay ends in the same state', () => {
    const rows = new Columns()
    for (const request of REQUESTS) {
      refcountWording.write(request, rows)
      rows.push(ANY_LAYER_OPCODES.Mark, 0, 0, NO_ID, 0, 0, 0)
      rows.push(1, 0, 2, 1, 1, 16, 0)
    }
    const mixed = replayed(rows)
    expect(mixed.state.at).toBe(3 * REQUESTS.length)
    expect(mixed.facts.length).toBe(replayed(rowsOf(REQUESTS)).facts.length)
    expect(objects(replayed(rowsOf(REQUESTS), true).state)).toEqual(objects(mixed.state))
  })

  test('[R41] a sealed state stays as it was, whatever is done to a draft of it', () => {
    const heap = new Heap()
    heap.create(1, 'list')
    heap.create(2, 'list')
    heap.do({ kind: 'EnterScope', scope: 1 })
    heap.do({ kind: 'BindName', scope: 1, name: 1, object: 2 })
    const sealed = heap.state
    const before = objects(sealed)
    for (let object = 10; object < 400; object++) {
      heap.create(object, 'instance')
      heap.hold(1, object)
    }
    heap.do({ kind: 'LeaveScope', scope: 1 })
    heap.drop(null, 2)
    expect(objects(sealed)).toEqual(before)
    expect(countOf(sealed, 2)).toBe(2)
  })

  test('[R44] every request and every fact has a row of its own', () => {
    const rows = rowsOf(REQUESTS)
    expect(new Set(rows.code.subarray(0, rows.length)).size).toBe(Object.keys(REQUEST_OPCODES).length)
    expect([rows.tag[3], rows.id[3], rows.other[3], rows.size[3], rows.address[3]]).toEqual([4, 1, 3, 56, 9])
    expect([rows.id[6], rows.other[6], rows.address[6]]).toEqual([2, 1, 5])
    expect(rows.other[7]).toBe(NO_ID)
    expect([rows.id[9], rows.other[9]]).toEqual([6, 8])
    expect([rows.tag[14], rows.id[14], rows.other[14], rows.size[14]]).toEqual([1, 3, 2, 5])
    expect([rows.id[15], rows.other[15], rows.size[15]]).toEqual([2, 1, 7])
    const { facts } = replayed(rows)
    const told = Array.from({ length: facts.length }, (_, row) => refcountWording.read(facts, row))
    expect(new Set(told.map(({ kind }) => kind))).toEqual(new Set(Object.keys(FACT_OPCODES)))
    expect(told[0]).toEqual({ kind: 'BlockRequested', object: 1, bytes: 56, beside: false, block: 9 })
  })

  test('[R50] there is a profile for every version and width, and each knows only layouts that there are', () => {
    for (let minor = 6; minor <= 15; minor++) {
      for (const build of ['', '-32']) {
        const profile = REFCOUNT_PROFILES.get(`cpython-3.${minor}${build}`)
        expect(profile?.name).toBe(`cpython-3.${minor}${build}`)
        const named = [...(profile?.freeLists.map(({ layout }) => layout) ?? []), ...(profile?.trashcan.layouts ?? [])]
        expect(named.filter((layout) => !LAYOUTS.includes(layout))).toEqual([])
      }
    }
  })
})
