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
