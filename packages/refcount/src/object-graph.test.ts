import { Columns, Emit } from '@reheap/kernel'
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

test('[R60] what holds each live object can be read from a sealed state: names, slots, and holders that are no object', () => {
  const rows = new Columns(REQUESTS.length)
  for (const request of REQUESTS) refcountWording.write(request, rows)
  const draft = refcountMechanism.thaw(emptyHeap(cpythonProfile('3.13')))
  expect(refcountMechanism.applyBatch(draft, rows as never, 0, rows.length, new Emit() as never)).toBe(-1)
  const graph = objectGraph(refcountMechanism.seal(draft))
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
