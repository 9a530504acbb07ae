import { type Batch, Columns, Emit } from '@reheap/kernel'
import { describe, expect, test } from 'vitest'
import { Asked } from '../test/asking.ts'
import { Heap, idsOf, tiny } from '../test/heap.ts'
import * as refcount from './index.ts'
import { cpythonProfile, freeListFigures, heapReader, refcountMechanism } from './index.ts'

const TINY = tiny(cpythonProfile('3.12'))
const rowOf = (heap: Heap, object: number): number => heapReader(refcountMechanism.thaw(heap.state)).rowOf(object)

describe('free lists', () => {
  test('[R27] the one kept last is given first, up to the maximum, and a list without one is a miss', () => {
    const heap = new Heap(TINY)
    for (const object of [0, 1, 2]) heap.create(object, 'list')
    const rows = [0, 1, 2].map((object) => rowOf(heap, object))
    const died = [0, 1, 2].map((object) => heap.drop(null, object))
    expect(died.map((facts) => idsOf(facts, 'BlockReleased'))).toEqual([[], [], [2]])
    for (const object of [3, 4, 5]) heap.create(object, 'list')
    expect([rowOf(heap, 3), rowOf(heap, 4)]).toEqual([rows[1], rows[0]])
    expect(freeListFigures(heap.state).find(({ layout }) => layout === 'list')).toEqual({
      layout: 'list',
      items: 0,
      kept: 0,
      max: 2,
      hits: 2,
      misses: 4,
    })
  })

  test('[R27] tuples are kept by their number of items', () => {
    const heap = new Heap(TINY)
    heap.create(0, 'tuple', 3)
    heap.drop(null, 0)
    expect(heap.create(1, 'tuple', 2)).toContainEqual({ kind: 'ObjectCreated', object: 1, bytes: 64, isReused: false })
    expect(heap.create(2, 'tuple', 3)).toContainEqual({ kind: 'ObjectCreated', object: 2, bytes: 64, isReused: true })
  })

  test('[R51] list(...) takes nothing from the free list, and gives to it', () => {
    const heap = new Heap(TINY)
    heap.create(0, 'list')
    heap.drop(null, 0)
    expect(heap.create(1, 'list', 1)).toContainEqual({ kind: 'ObjectCreated', object: 1, bytes: 64, isReused: false })
    heap.drop(null, 1)
    for (const object of [2, 3])
      expect(heap.create(object, 'list')).toContainEqual({ kind: 'ObjectCreated', object, bytes: 64, isReused: true })
  })

  test('[R11] memory in a free list keeps its row and its block', () => {
    const heap = new Heap(TINY)
    heap.do({ kind: 'CreateObject', object: 0, type: 2, bytes: 64, block: 77 })
    const row = rowOf(heap, 0)
    heap.drop(null, 0)
    heap.do({ kind: 'CreateObject', object: 1, type: 2, bytes: 64, block: 78 })
    expect(rowOf(heap, 1)).toBe(row)
    for (const object of [2, 3]) heap.create(object, 'list')
    for (const object of [2, 3]) heap.drop(null, object)
    expect(heap.drop(null, 1)).toContainEqual({ kind: 'BlockReleased', object: 1, bytes: 64, beside: false, block: 77 })
  })

  test('[R28] emptied lists give their memory back, and frames theirs', () => {
    const heap = new Asked(refcount, tiny(cpythonProfile('3.10')))
    for (const object of [heap.make('list'), heap.make('dict'), heap.make('float')]) heap.drop(object)
    for (const scope of [0, 1, 2]) heap.do({ kind: 'EnterScope', scope, code: 1 })
    for (const scope of [2, 1, 0]) heap.do({ kind: 'LeaveScope', scope })
    expect(heap.calls.freed).toBe(0)
    heap.emptyFreeLists()
    // A list, a dict, and two frames: the third stays with its code, and a float has no collector's header.
    expect(heap.calls.freed).toBe(4)
    const { allocated } = heap.calls
    heap.make('list')
    expect(heap.calls.allocated).toBe(allocated + 1)
  })
})

test.each([
  ['3.13', 0],
  ['3.14', 1],
] as const)('[R28] %s: the slice that is kept stays when lists are emptied, or goes', (version, freed) => {
  const heap = new Asked(refcount, cpythonProfile(version))
  heap.drop(heap.make('slice'))
  heap.emptyFreeLists()
  expect(heap.calls.freed).toBe(freed)
  const { allocated } = heap.calls
  heap.make('slice')
  expect(heap.calls.allocated).toBe(allocated + freed)
})

describe('the collector is told', () => {
  test('[R13] of memory with a header that was asked of the allocator, before the object exists', () => {
    const draft = refcountMechanism.thaw(new Heap(TINY).state)
    const seen: (number | string)[] = []
    const reader = heapReader(draft)
    refcount.connectTracking(draft, {
      allocated: (bytes) => seen.push(bytes, reader.rowOf(0)),
      freed: () => seen.push('freed'),
      track: (row) => seen.push(`track ${row}`),
      untrack: (row) => seen.push(`untrack ${row}`),
      entered: () => seen.push('entered'),
    })
    const ask = (request: refcount.Request): void => {
      const rows = new Columns(1)
      refcount.refcountWording.write(request, rows)
      refcountMechanism.applyBatch(draft, rows as Batch<refcount.RequestOpcode>, 0, 1, new Emit({ muted: true }))
    }
    ask({ kind: 'CreateObject', object: 0, type: 5, bytes: 200 })
    ask({ kind: 'CreateObject', object: 1, type: 1, bytes: 24 })
    ask({ kind: 'DropReference', from: null, to: 0 })
    ask({ kind: 'DropReference', from: null, to: 1 })
    expect(seen).toEqual([200, 0, 'track 1', 'untrack 1', 'freed'])
  })
})
