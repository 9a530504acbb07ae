import { expect, test } from 'vitest'
import { Program } from '../test/program.ts'
import { checkFull, collectorProfile, rowsOfGeneration } from './index.ts'
import { keeper } from './state.ts'

test('[G21] a weak reference that is not tracked, since its count is fixed, is called and let go of like any other', () => {
  const made = new Program(collectorProfile('3.14.2'))
  made.make(3, 'weakref')
  made.do({ kind: 'FixCount', object: 3 })
  made.collect(0)
  expect(rowsOfGeneration(made.state, 2)).toEqual([])
  made.make(1, 'instance')
  made.hold(1, 1)
  made.do({ kind: 'ReferWeakly', weak: 3, object: 1, callback: true })
  made.make(4, 'weakref')
  made.do({ kind: 'ReferWeakly', weak: 4, object: 1, callback: true })
  made.letGo(1)
  const before = keeper.read(made.state).heap.count[4]
  const called = made.collect(0).flatMap((fact) => (fact.kind === 'CalledBack' ? [fact.weak] : []))
  expect(called).toEqual([4, 3])
  expect(keeper.read(made.state).heap.count[4]).toBe(before)
  expect(checkFull(made.state)._tag).toBe('Right')
})

test.each([252, 253, 254, 255, 600])('[G12] an object that %i others hold is found like any other: counts are never cut', (holders) => {
  const made = new Program(collectorProfile('3.11'))
  const all = Array.from({ length: holders + 1 }, (_, object) => object + 1)
  for (const object of all) made.make(object, 'list')
  for (const object of all.slice(1)) {
    made.hold(object, 1)
    made.hold(1, object)
  }
  made.letGo(...all.slice(1))
  expect(made.collect(2).filter(({ kind }) => kind === 'GarbageFound')).toEqual([])
  made.letGo(1)
  expect(made.collect(2).filter(({ kind }) => kind === 'ObjectFreed')).toHaveLength(holders + 1)
  expect(checkFull(made.state)._tag).toBe('Right')
})
