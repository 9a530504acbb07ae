import { expect, test } from 'vitest'
import { Program } from '../test/program.ts'
import { collectorProfile, EMPTY_START, explainTrigger } from './index.ts'

/** 3.12 with thresholds 2, 1, 1, and a hundred long-lived objects. */
function program(): Program {
  const start = { ...EMPTY_START, objects: [0, 0, 100, 0] as const, longLivedTotal: 100 }
  return new Program({ ...collectorProfile('3.12'), thresholds: [2, 1, 1], start })
}

test('[G41] nothing is due while the young count is not above its threshold', () => {
  const made = program()
  made.make(1)
  made.make(2)
  expect(explainTrigger(made.state)).toEqual({
    generation: null,
    generations: [
      { generation: 0, count: 2, threshold: 2, isAbove: false },
      { generation: 1, count: 0, threshold: 1, isAbove: false },
      { generation: 2, count: 0, threshold: 1, isAbove: false },
    ],
    longLivedPending: 0,
    longLivedTotal: 100,
    longLivedNeeded: 25,
    isFullDeferred: false,
    because: [
      'generation 0: count 2 is not above threshold 2',
      'generation 1: count 0 is not above threshold 1',
      'generation 2: count 0 is not above threshold 1',
      'no collection is due: the generational policy asks for none',
    ],
  })
})

test('[G41] one allocation more, and it says which generation is collected, where, and what is put off', () => {
  const made = program()
  for (const generation of [1, 1, 0, 0]) made.collect(generation)
  for (const object of [1, 2, 3]) made.make(object)
  const { generation, isFullDeferred, because } = explainTrigger(made.state)
  expect([generation, isFullDeferred]).toEqual([1, true])
  expect(because).toEqual([
    'generation 0: count 3 is above threshold 2',
    'generation 1: count 2 is above threshold 1',
    'generation 2: count 2 is above threshold 1',
    'a full collection waits: 0 objects are pending, fewer than a quarter of the 100 long-lived ones',
    'generation 1 is collected at the next look at the eval breaker',
  ])
  expect(made.do({ kind: 'CheckEvalBreaker' })).toEqual([
    { kind: 'CollectionDue', generation: 1, counts: [3, 2, 2] },
    { kind: 'FullCollectionDeferred', longLivedPending: 0, longLivedTotal: 100 },
    { kind: 'CollectionStarted', generation: 1, reason: 'threshold', young: 3, count0: 3 },
    { kind: 'CollectionFinished', generation: 1, collected: 0, uncollectable: 0, visited: 3, isCounted: true },
  ])
})

test('[G41] a disabled collector and a threshold of 0 are named', () => {
  const made = program()
  made.do({ kind: 'DisableCollector' })
  made.do({ kind: 'SetThresholds', thresholds: [0, 1, 1] })
  for (const object of [1, 2, 3]) made.make(object)
  const { generation, because } = explainTrigger(made.state)
  expect(generation).toBeNull()
  expect(because.slice(0, 2)).toEqual(['the collector is disabled: only gc.collect() collects', 'threshold 0 is 0: nothing is ever due'])
})

test('[G51] the facts of a collection say why it ran, what it found and what was kept', () => {
  const made = program()
  made.make(1)
  made.hold(1, 1)
  made.letGo(1)
  made.do({ kind: 'SetSaveAll', saveAll: true })
  expect(made.collect(0)).toEqual([
    { kind: 'CollectionStarted', generation: 0, reason: 'request', young: 1, count0: 1 },
    { kind: 'GarbageFound', object: 1 },
    { kind: 'GarbageKept', object: 1 },
    { kind: 'CollectionFinished', generation: 0, collected: 1, uncollectable: 0, visited: 1, isCounted: true },
  ])
})
