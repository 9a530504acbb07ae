import { Emit } from '@reheap/kernel'
import { expect, test } from 'vitest'
import { Program } from '../test/program.ts'
import { collectorMechanism, collectorPort, collectorProfile, collectorReducer, rowsOfGeneration } from './index.ts'
import { PlainHeap } from './plain-heap.ts'
import { keeper } from './state.ts'

/** Every column and number of a state and its heap, written out; the workplace is no part of a state. */
function columnsOf(value: unknown): unknown {
  if (ArrayBuffer.isView(value)) return [...(value as Uint8Array)]
  if (typeof value !== 'object' || value === null) return typeof value === 'function' ? undefined : value
  const parts = Object.entries(value).filter(([name]) => name !== 'work' && name !== 'tracking' && name !== 'moment')
  return Object.fromEntries(parts.map(([name, part]) => [name, columnsOf(part)]))
}

function busy(): Program {
  const program = new Program()
  for (let object = 0; object < 100; object++) program.make(object, object % 3 === 0 ? 'list' : 'instance', object > 0 ? [object - 1] : [])
  program.collect(0)
  program.make(200, 'weakref')
  program.do({ kind: 'ReferWeakly', weak: 200, object: 50, callback: true })
  program.hold(0, 99)
  program.letGo(...Array.from({ length: 60 }, (_, object) => object))
  return program
}

test('[G44] after a draft has done all that there is to do, the sealed state holds the same columns', () => {
  const { state } = busy()
  const before = columnsOf(keeper.read(state))
  const other = new Program()
  other.state = state
  other.letGo(...Array.from({ length: 40 }, (_, object) => object + 60))
  for (const generation of [0, 1, 2]) other.collect(generation)
  for (let object = 300; object < 500; object++) other.make(object)
  other.do({ kind: 'FreezeObjects' })
  expect(columnsOf(keeper.read(state))).toEqual(before)
  expect(columnsOf(keeper.read(other.state))).not.toEqual(before)
  expect(columnsOf(keeper.own(keeper.thaw(state)))).toEqual(before)
})

test('[G44] no column of a draft lies in the memory of the state that it came from', () => {
  const { state } = busy()
  const [sealed, drafted] = [keeper.read(state), keeper.own(keeper.thaw(state))]
  for (const [old, made] of [[sealed, drafted] as const, [sealed.heap, drafted.heap] as const])
    for (const [name, column] of Object.entries(old))
      if (ArrayBuffer.isView(column) && column.byteLength > 0)
        expect((made as unknown as Record<string, Uint8Array>)[name]?.buffer, name).not.toBe(column.buffer)
})

test('[G44] ports belong to the draft: a sealed state reads its own heap again', () => {
  const initial = collectorReducer.initial(collectorProfile('3.11'))
  const draft = collectorMechanism.thaw(initial)
  const foreign = new PlainHeap()
  const port = collectorPort(draft, foreign, foreign, { emit: new Emit(), cause: 0 })
  foreign.tracking = port
  foreign.make(3, 'list')
  expect([port.size(0), port.count(0), port.isTracked(3), port.tracked]).toEqual([1, 1, true, 1])
  const sealed = collectorMechanism.seal(draft)
  expect(rowsOfGeneration(sealed, 0)).toEqual([3])
  expect(keeper.read(sealed).work.view).toBe(keeper.read(sealed).heap)
})

test('[G44] a draft that was sealed refuses work', () => {
  const draft = collectorMechanism.thaw(busy().state)
  collectorMechanism.seal(draft)
  expect(() => collectorMechanism.applyBatch(draft, {} as never, 0, 0, new Emit())).toThrow('thaw the sealed state again')
})
