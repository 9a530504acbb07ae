import { Columns, Emit, NO_ID } from '@reheap/kernel'
import { expect, test } from 'vitest'
import type { Request } from './events.ts'
import { objectGraph } from './object-graph.ts'
import { cpythonProfile } from './profile.ts'
import { emptyHeap, refcountMechanism } from './reducer.ts'
import { refcountWording } from './wording.ts'

const REQUESTS: readonly Request[] = [
  { kind: 'DefineType', type: 4, layout: 'list', name: 'list' },
  { kind: 'EnterScope', scope: 0 },
  { kind: 'CreateObject', object: 10, type: 4, bytes: 64 },
  { kind: 'BindName', scope: 0, name: 5, object: 10 },
  { kind: 'DropReference', from: null, to: 10 },
  { kind: 'EnterScope', scope: 1, code: 9 },
  { kind: 'CreateObject', object: 11, type: 4, bytes: 64 },
  { kind: 'ResizeObject', object: 11, bytes: 36 },
  { kind: 'AddReference', from: 10, to: 11, slot: 3 },
  { kind: 'BindName', scope: 1, name: 6, object: 11 },
]

/** A batch of requests in one state. */
function graphAfter(requests: readonly Request[], version: '3.10' | '3.13') {
  const rows = new Columns(requests.length)
  for (const request of requests) refcountWording.write(request, rows)
  const draft = refcountMechanism.thaw(emptyHeap(cpythonProfile(version)))
  expect(refcountMechanism.applyBatch(draft, rows as never, 0, rows.length, new Emit() as never)).toBe(-1)
  return objectGraph(refcountMechanism.seal(draft))
}

test('[R60] what holds each live object can be read from a sealed state: names, slots, and holders that are no object', () => {
  const graph = graphAfter(REQUESTS, '3.13')
  const rowOf = (object: number): number => graph.object.indexOf(object)
  expect(graph.bindings()).toEqual([
    { scope: 0, code: null, name: 5, row: rowOf(10) },
    { scope: 1, code: 9, name: 6, row: rowOf(11) },
  ])
  const cell = graph.firstReference[rowOf(10)] ?? -1
  expect([graph.target[cell], graph.slot[cell]]).toEqual([rowOf(11), 3])
  expect([graph.outside[rowOf(10)], graph.outside[rowOf(11)]]).toEqual([0, 1])
  expect([graph.isLive(rowOf(11)), graph.isLive(0), graph.isTracked(rowOf(11)), graph.isImmortal(rowOf(11))]).toEqual([
    true,
    false,
    true,
    false,
  ])
  expect([graph.bytesOf(rowOf(11)), graph.typeOf(rowOf(11)), graph.layoutOf(rowOf(11))]).toEqual([100, 4, 'list'])
  expect([graph.globalRoots(), graph.garbage()]).toEqual([[rowOf(10)], []])
})

test.each(['3.10', '3.13'] as const)(
  '[R63] a reference keeps its name while others come and go around it, and in the place of another has its own, %s',
  (version) => {
    const attributes = 20
    const requests: Request[] = [{ kind: 'DefineType', type: 0, layout: 'instance', name: 'Node' }]
    for (let object = 0; object <= attributes; object++) requests.push({ kind: 'CreateObject', object, type: 0, bytes: 48 })
    const add = (to: number, slot: number, name?: number): Request => ({
      kind: 'AddReference',
      from: 0,
      to,
      slot,
      ...(name === undefined ? {} : { name }),
    })
    for (let to = attributes; to > 0; to--) requests.push(add(to, 10 * to, 100 + to))
    requests.push({ kind: 'DropReference', from: 0, to: 3, slot: 30 }, add(3, 45), { kind: 'DropReference', from: 0, to: 18, slot: 180 })
    // Another takes the place of one at its own slot.
    requests.push(add(18, 70, 777), { kind: 'DropReference', from: 0, to: 7, slot: 70 })
    const graph = graphAfter(requests, version)
    const expected = new Map(Array.from({ length: attributes }, (_, at) => [at + 1, 101 + at]))
    expected.set(3, NO_ID).set(18, 777).delete(7)
    const owner = graph.object.indexOf(0, 1)
    const own = graph.target[graph.firstReference[owner] ?? 0] ?? 0
    const holder = version === '3.10' ? own : owner
    const first = graph.firstReference[holder] ?? 0
    const found = Array.from({ length: graph.referenceCount[holder] ?? 0 }, (_, place) => first + place)
    expect(new Map(found.map((cell) => [graph.object[graph.target[cell] ?? 0], graph.name[cell]]))).toEqual(expected)
    if (version === '3.10') expect(graph.name[graph.firstReference[owner] ?? 0]).toBe(NO_ID)
  },
)
