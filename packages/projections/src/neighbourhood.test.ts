import { objectGraph } from '@reheap/refcount'
import { expect, test } from 'vitest'
import { type Request, ran } from '../test/objects.ts'
import { leakReport } from './leaks.ts'
import { Names } from './names.ts'
import { Neighbours } from './neighbourhood.ts'

/** A list that `kept` holds, a node in it, and two nodes in a cycle that nothing holds. */
const PROGRAM: readonly Request[] = [
  { kind: 'DefineType', type: 0, layout: 'list', name: 'list' },
  { kind: 'DefineType', type: 1, layout: 'gcOther', name: 'Node' },
  { kind: 'DefineName', name: 0, text: 'kept' },
  { kind: 'EnterScope', scope: 0 },
  { kind: 'CreateObject', object: 0, type: 0, bytes: 60 },
  { kind: 'BindName', scope: 0, name: 0, object: 0 },
  { kind: 'DropReference', from: null, to: 0 },
  { kind: 'CreateObject', object: 1, type: 1, bytes: 50 },
  { kind: 'AddReference', from: 0, to: 1, slot: 4 },
  { kind: 'DropReference', from: null, to: 1 },
  { kind: 'CreateObject', object: 2, type: 1, bytes: 50 },
  { kind: 'CreateObject', object: 3, type: 1, bytes: 50 },
  { kind: 'AddReference', from: 2, to: 3, slot: 0 },
  { kind: 'AddReference', from: 3, to: 2, slot: 1 },
  { kind: 'AddReference', from: 3, to: 1, slot: 2 },
  { kind: 'DropReference', from: null, to: 2 },
  { kind: 'DropReference', from: null, to: 3 },
]

test('[P25] a neighbourhood has both sides, slot by slot, names, generation, reason and way', () => {
  const { objects, collector, batch } = ran(PROGRAM)
  const names = new Names()
  names.feed(batch)
  const near = new Neighbours(objects, collector, names)
  expect(near.of(1)).toMatchObject({ type: 'Node', count: 2, generation: 0, heldBy: 'name', freedBy: null, root: 'kept', references: [] })
  expect(near.of(1)?.holders).toEqual([
    { object: 0, slot: 4, place: 'item 1 of 1', type: 'list', count: 1 },
    { object: 3, slot: 2, place: null, type: 'Node', count: 1 },
  ])
  expect(near.of(1)?.way).toEqual([
    { object: 0, type: 'list', slot: null, place: null },
    { object: 1, type: 'Node', slot: 4, place: 'item 1 of 1' },
  ])
  expect(near.of(0)?.names).toEqual([{ scope: 0, name: 'kept', isCall: false }])
  expect(near.of(2)).toMatchObject({ heldBy: 'late', freedBy: 0, root: null })
  expect(near.of(99)).toBeNull()
})

test('[P29] a place is the attribute or key that the log names: of an instance, of the dict that the runtime makes for one, of a dict', () => {
  const program: readonly Request[] = [
    { kind: 'DefineType', type: 0, layout: 'instance', name: 'Cache' },
    { kind: 'DefineType', type: 1, layout: 'dict', name: 'dict' },
    { kind: 'DefineType', type: 2, layout: 'list', name: 'list' },
    { kind: 'DefineName', name: 0, text: 'cache' },
    { kind: 'DefineName', name: 1, text: 'items' },
    { kind: 'DefineName', name: 2, text: "'user'" },
    { kind: 'EnterScope', scope: 0 },
    { kind: 'CreateObject', object: 0, type: 0, bytes: 60 },
    { kind: 'BindName', scope: 0, name: 0, object: 0 },
    { kind: 'DropReference', from: null, to: 0 },
    { kind: 'CreateObject', object: 1, type: 1, bytes: 60 },
    { kind: 'AddReference', from: 0, to: 1, slot: 0, name: 1 },
    { kind: 'DropReference', from: null, to: 1 },
    { kind: 'CreateObject', object: 2, type: 2, bytes: 60 },
    { kind: 'AddReference', from: 1, to: 2, slot: 1, name: 2 },
    { kind: 'AddReference', from: 1, to: 2, slot: 2 },
    { kind: 'DropReference', from: null, to: 2 },
  ]
  for (const version of ['3.10', '3.13'] as const) {
    const { objects, collector, batch } = ran(program, version)
    const names = new Names()
    names.feed(batch)
    const near = new Neighbours(objects, collector, names)
    expect(near.of(0)?.references.map(({ place }) => place)).toEqual(['.items'])
    expect(near.of(2)?.holders.map(({ place }) => place)).toEqual(["['user']", 'a value'])
    const way = version === '3.10' ? [null, 'an attribute', '.items', "['user']"] : [null, '.items', "['user']"]
    expect(near.of(2)?.way.map(({ place }) => place)).toEqual(way)
    const list = leakReport(objectGraph(objects), collector, names).groups.find(({ type }) => type === 'list')
    expect(list?.holder?.path.map(({ place }) => place)).toEqual(way.slice(1))
  }
})

test('[P25] a list holds the live objects of a type, or of a reason', () => {
  const { objects, collector, batch } = ran(PROGRAM)
  const names = new Names()
  names.feed(batch)
  const near = new Neighbours(objects, collector, names)
  expect(near.list(1, 10).listed.map(({ object }) => object)).toEqual([1, 2, 3])
  expect(near.list(1, 1)).toMatchObject({ total: 3, listed: [{ object: 1 }] })
  expect(near.list(null, 10, 'late').listed.map(({ object, count }) => [object, count])).toEqual([
    [2, 1],
    [3, 1],
  ])
})
