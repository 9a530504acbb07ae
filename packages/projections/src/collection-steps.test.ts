import { FACT_OPCODES as COLLECTOR, type Trial } from '@reheap/cycle-gc'
import { Columns, NO_ID } from '@reheap/kernel'
import { FACT_OPCODES as OBJECTS } from '@reheap/refcount'
import { expect, test } from 'vitest'
import { collectionSteps } from './collection-steps.ts'

const trial = (rows: number): Trial => ({
  rows: new Int32Array(rows),
  objects: [],
  counts: new Int32Array(rows),
  held: new Int32Array(rows),
  isReachable: new Uint8Array(rows),
})

test('[P26] what a nested collection does is told under it, and a second search is the second look', () => {
  const facts = new Columns()
  const push = (code: number, tag = 0, id = NO_ID, other = NO_ID, size = 0): void => facts.push(code, 7, tag, id, other, size, 1)
  push(OBJECTS.ObjectDied, 0, 1)
  push(COLLECTOR.CollectionStarted, 2, 1)
  push(OBJECTS.WeakReferenceCleared, 0, 20, 21)
  push(OBJECTS.FinalizerRan, 1, 5)
  push(COLLECTOR.CollectionStarted, 0, 0)
  push(OBJECTS.ObjectDied, 0, 6)
  push(COLLECTOR.CollectionFinished, 0, 1, 0, 3)
  push(OBJECTS.WeakReferenceCalled, 0, 20, 21)
  push(COLLECTOR.GarbageKept, 0, 9)
  push(OBJECTS.ObjectDied)
  push(COLLECTOR.CollectionFinished, 2, 2, 1, 30)
  push(OBJECTS.ObjectDied, 0, 8)
  const [inner, outer, ...more] = collectionSteps(facts, [
    { trial: trial(30), behind: 2 },
    { trial: trial(3), behind: 5 },
    { trial: trial(2), behind: 8 },
  ])
  expect(more).toEqual([])
  expect(inner).toMatchObject({ generation: 0, reason: 'threshold', died: [6], collected: 1, visited: 3, secondLook: null })
  expect(inner?.search?.rows.length).toBe(3)
  expect(outer).toMatchObject({
    index: 7,
    generation: 2,
    reason: 'request',
    weakReferences: [{ weak: 20, object: 21 }],
    callbacks: [20],
    finalizers: [{ object: 5, isResurrected: true }],
    died: [null],
    kept: [9],
    collected: 2,
    uncollectable: 1,
    visited: 30,
  })
  expect([outer?.search?.rows.length, outer?.secondLook?.rows.length]).toEqual([30, 2])
})
