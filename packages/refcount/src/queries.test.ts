import { expect, test } from 'vitest'
import { Heap } from '../test/heap.ts'
import {
  countOf,
  cpythonProfile,
  freeListFigures,
  heldBlocks,
  holdersOf,
  liveBytes,
  namesOf,
  objectCount,
  objectOf,
  referencesOf,
  referentOf,
  rootsOf,
  typeTotals,
} from './index.ts'

/** An instance that two lists hold, a name for one of them, a weak reference, an immortal float. */
function heap(version: '3.10' | '3.12' = '3.12'): Heap {
  const made = new Heap(cpythonProfile(version))
  for (const [object, layout] of (['instance', 'list', 'list', 'weakref', 'float'] as const).entries()) made.create(object, layout)
  for (const list of [1, 2]) made.hold(list, 0)
  made.drop(null, 0)
  made.hold(0, 2, 4)
  made.do({ kind: 'EnterScope', scope: 7 })
  made.do({ kind: 'BindName', scope: 7, name: 3, object: 1 })
  made.drop(null, 1)
  made.drop(null, 2)
  made.do({ kind: 'CreateWeakReference', weak: 3, object: 0, callback: false })
  made.do({ kind: 'MakeImmortal', object: 4 })
  made.do({ kind: 'ResizeObject', object: 1, bytes: 40 })
  return made
}

test('[R45] counts, and what is known of an object', () => {
  const { state } = heap()
  expect([objectCount(state), liveBytes(state)]).toEqual([5, 5 * 64 + 40])
  expect([0, 1, 2, 9].map((object) => countOf(state, object))).toEqual([2, 1, 1, null])
  expect(objectOf(state, 1)).toEqual({
    object: 1,
    type: 2,
    layout: 'list',
    count: 1,
    outside: 0,
    bytes: 64,
    bytesBeside: 40,
    isTracked: true,
    isImmortal: false,
  })
  expect(objectOf(state, 4)).toMatchObject({ isImmortal: true, isTracked: false, count: 0xffff_ffff })
  expect(objectOf(state, 9)).toBe(null)
})

test.each(['3.10', '3.12'] as const)('[R45] %s: who holds whom, through the dict of an instance too', (version) => {
  const { state } = heap(version)
  expect(referencesOf(state, 0)).toMatchObject([{ object: 2, slot: 4 }])
  expect(holdersOf(state, 0)).toMatchObject([
    { object: 1, slot: 0 },
    { object: 2, slot: 0 },
  ])
  expect(holdersOf(state, 2)).toMatchObject([{ object: 0, slot: 4 }])
  expect([referencesOf(state, 9), holdersOf(state, 9)]).toEqual([[], []])
  expect(objectCount(state)).toBe(5)
})

test('[R45] names and roots', () => {
  const { state } = heap()
  expect(namesOf(state, 1)).toEqual([{ scope: 7, name: 3, object: 1 }])
  expect(rootsOf(state)).toEqual([1, 3, 4])
})

test('[R45] weak references tell their object until it dies', () => {
  const made = heap()
  expect([referentOf(made.state, 3), referentOf(made.state, 1), referentOf(made.state, 9)]).toEqual([0, null, null])
  made.drop(0, 2, 4)
  made.drop(1, 0)
  expect(referentOf(made.state, 3)).toBe(null)
})

test('[R45] totals by type', () => {
  expect(typeTotals(heap().state)).toEqual([
    { type: 1, layout: 'float', objects: 1, bytes: 64 },
    { type: 2, layout: 'list', objects: 2, bytes: 168 },
    { type: 6, layout: 'instance', objects: 1, bytes: 64 },
    { type: 8, layout: 'weakref', objects: 1, bytes: 64 },
  ])
})

test('[R45] blocks that are held: of objects, beside them, in free lists', () => {
  const made = heap()
  expect(heldBlocks(made.state)).toEqual({ blocks: 6, bytes: 5 * 64 + 40 })
  made.create(9, 'list')
  made.drop(null, 9)
  made.create(8, 'slots')
  made.drop(null, 8)
  expect(heldBlocks(made.state)).toEqual({ blocks: 7, bytes: 6 * 64 + 40 })
})

test('[R45] figures of free lists: those of the version, frames among them up to 3.10', () => {
  const layouts = (version: '3.8' | '3.10' | '3.12'): readonly string[] => [
    ...new Set(freeListFigures(new Heap(cpythonProfile(version)).state).map(({ layout }) => layout)),
  ]
  expect(layouts('3.8')).toEqual(['float', 'list', 'dict', 'method', 'builtinMethod', 'slice', 'tuple', 'frame'])
  expect(layouts('3.10')).toEqual(['float', 'list', 'dict', 'slice', 'tuple', 'frame'])
  expect(layouts('3.12')).toEqual(['float', 'list', 'dict', 'slice', 'tuple'])
})
