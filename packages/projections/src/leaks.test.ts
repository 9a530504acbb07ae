import { objectGraph } from '@reheap/refcount'
import { describe, expect, test } from 'vitest'
import { type Request, ran } from '../test/objects.ts'
import { type LeakReport, leakReport } from './leaks.ts'
import { Names } from './names.ts'

const LIST = 0
const NODE = 1
const TEXT = 2
const MODULE = 0
const KINDS: readonly Request[] = [
  { kind: 'DefineType', type: LIST, layout: 'list', name: 'list' },
  { kind: 'DefineType', type: NODE, layout: 'instance', name: 'Node' },
  { kind: 'DefineType', type: TEXT, layout: 'plain', name: 'str' },
  { kind: 'DefineName', name: 0, text: 'kept' },
  { kind: 'DefineName', name: 1, text: 'other' },
  { kind: 'EnterScope', scope: MODULE },
]

const made = (object: number, type: number, bytes = 100): Request => ({ kind: 'CreateObject', object, type, bytes })
const held = (from: number | null, to: number, slot = 0): Request => ({ kind: 'AddReference', from, to, slot })
const dropped = (to: number, from: number | null = null): Request => ({ kind: 'DropReference', from, to })
const bound = (name: number, object: number): Request => ({ kind: 'BindName', scope: MODULE, name, object })

/** Two nodes that refer to each other, and a text that the first holds; nothing else holds any of them. */
const cycle = (first: number): readonly Request[] => [
  made(first, NODE),
  made(first + 1, NODE),
  made(first + 2, TEXT, 1000),
  held(first, first + 1),
  held(first + 1, first),
  held(first, first + 2, 1),
  dropped(first + 2),
  dropped(first),
  dropped(first + 1),
]

function report(requests: readonly Request[]): LeakReport {
  const { objects, collector, batch } = ran([...KINDS, ...requests])
  const names = new Names()
  names.feed(batch)
  return leakReport(objectGraph(objects), collector, names)
}

describe('leaks', () => {
  test('[P10] every live object is counted once, under the first reason that keeps it', () => {
    const { live, by } = report([
      made(0, LIST),
      bound(0, 0),
      dropped(0),
      made(1, NODE),
      held(0, 1),
      dropped(1),
      made(2, NODE),
      ...cycle(10),
    ])
    expect(live).toEqual({ objects: 6, bytes: 1500 })
    expect(by).toEqual({
      name: { objects: 2, bytes: 200 },
      outside: { objects: 1, bytes: 100 },
      garbage: { objects: 0, bytes: 0 },
      frozen: { objects: 0, bytes: 0 },
      late: { objects: 3, bytes: 1200 },
      unfindable: { objects: 0, bytes: 0 },
    })
  })

  test('[P11] an object that a name holds is given with the shortest way from the name', () => {
    const chain = [
      made(0, LIST),
      bound(0, 0),
      dropped(0),
      made(1, LIST),
      held(0, 1, 4),
      dropped(1),
      made(2, NODE),
      held(1, 2, 7),
      dropped(2),
    ]
    const { groups } = report([...chain, held(2, 0)])
    expect(groups.find(({ type }) => type === 'Node')?.holder).toEqual({
      name: 'kept',
      scope: MODULE,
      isCall: false,
      type: 'list',
      path: [
        { layout: 'list', slot: 4, place: 'item 1 of 1', type: 'list' },
        { layout: 'list', slot: 7, place: 'item 1 of 1', type: 'Node' },
      ],
    })
    const shorter = report([...chain, bound(1, 2)]).groups.find(({ type }) => type === 'Node')
    expect(shorter?.holder).toMatchObject({ name: 'other', path: [] })
  })

  test('[P11] what no name holds is given with what holds it from outside', () => {
    const { groups } = report([made(0, LIST), made(1, NODE), held(0, 1, 3), dropped(1)])
    expect(groups.map(({ type, holder }) => [type, holder?.name, holder?.type, holder?.path.length])).toEqual([
      ['list', null, 'list', 0],
      ['Node', null, 'list', 1],
    ])
  })

  test('[P12] late objects are given with the youngest generation that frees them, and what they alone hold goes with them', () => {
    const grown = [made(0, NODE), made(1, NODE), held(0, 1), held(1, 0), dropped(1), { kind: 'Collect', generation: 0 } as const]
    const old = report([...grown, dropped(0)])
    expect(old.late).toEqual([
      { objects: 0, bytes: 0 },
      { objects: 2, bytes: 200 },
      { objects: 0, bytes: 0 },
    ])
    expect(report(cycle(0)).late[0]).toEqual({ objects: 3, bytes: 1200 })
    // Young garbage that old garbage holds waits for the old one's generation.
    const young = report([...grown, made(2, NODE), held(0, 2, 1), held(2, 0), dropped(2), dropped(0)])
    expect(young.late.map(({ objects }) => objects)).toEqual([0, 3, 0])
  })

  test('[P12] they are late since the event that took the last way to them', () => {
    const events = [made(0, NODE), made(1, NODE), held(0, 1), held(1, 0), dropped(1), bound(0, 0), dropped(0)]
    const lost = KINDS.length + events.length + 1
    const { groups } = report([...events, made(2, TEXT), { kind: 'UnbindName', scope: MODULE, name: 0 }, made(3, TEXT)])
    const late = groups.filter(({ heldBy }) => heldBy === 'late')
    expect(late).toMatchObject([{ type: 'Node', objects: 2, freedBy: 0, since: { first: lost, last: lost } }])
  })

  test('[P13] what gc.garbage keeps and what gc.freeze hides is told apart from what is late', () => {
    const saved = report([{ kind: 'SetSaveAll', saveAll: true }, ...cycle(0), { kind: 'Collect', generation: 2 }])
    expect(saved.by.garbage).toEqual({ objects: 3, bytes: 1200 })
    const frozen = report([made(0, NODE), made(1, NODE), held(0, 1), held(1, 0), dropped(1), { kind: 'FreezeObjects' }, dropped(0)])
    expect(frozen.by.frozen).toEqual({ objects: 2, bytes: 200 })
    expect(frozen.frozenObjects).toBe(2)
    expect(report([made(0, NODE), { kind: 'FreezeObjects' }])).toMatchObject({ by: { outside: { objects: 1 } }, frozenObjects: 1 })
  })

  test('[P13] a cycle through an object that the collector does not track is found by no collection', () => {
    const { by } = report([made(0, NODE), held(0, 0), { kind: 'UntrackObject', object: 0 }, dropped(0), { kind: 'Collect', generation: 2 }])
    expect(by.unfindable).toEqual({ objects: 1, bytes: 100 })
  })

  test('[P14] groups are of one type and one reason, the largest first', () => {
    const { groups } = report([made(0, LIST), bound(0, 0), made(1, NODE), bound(1, 1), ...cycle(10)])
    expect(groups.map(({ type, heldBy, objects, bytes }) => [type, heldBy, objects, bytes])).toEqual([
      ['str', 'late', 1, 1000],
      ['Node', 'late', 2, 200],
      ['list', 'name', 1, 100],
      ['Node', 'name', 1, 100],
    ])
  })
})
