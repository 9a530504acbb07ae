import { expect, test } from 'vitest'
import { Program } from '../test/program.ts'
import {
  collectionStats,
  collectorProfile,
  EMPTY_START,
  frozenCount,
  garbageRows,
  generationCounts,
  generationOf,
  generationSizes,
  isCollectionDue,
  isEnabled,
  longLived,
  rowsOfGeneration,
  thresholds,
} from './index.ts'

test('[G40] each query answers what its function of gc does', () => {
  const made = new Program({
    ...collectorProfile('3.12'),
    start: { ...EMPTY_START, counts: [5, 4, 3], objects: [1, 2, 3, 4], longLivedTotal: 3 },
  })
  expect(generationCounts(made.state)).toEqual([5, 4, 3])
  expect(generationSizes(made.state)).toEqual([1, 2, 3, 4])
  expect(longLived(made.state)).toEqual({ total: 3, pending: 0 })
  made.make(1)
  made.make(2)
  made.collect(1)
  made.make(3)
  expect([0, 1, 2].map((generation) => rowsOfGeneration(made.state, generation))).toEqual([[3], [], [1, 2]])
  expect([1, 3, 9].map((row) => generationOf(made.state, row))).toEqual([2, 0, null])
  expect(generationSizes(made.state)).toEqual([1, 0, 8, 4])
  expect(longLived(made.state)).toEqual({ total: 3, pending: 5 })
  expect(generationCounts(made.state)).toEqual([1, 0, 4])
  made.collect(2)
  expect(longLived(made.state)).toEqual({ total: 9, pending: 0 })
  expect(collectionStats(made.state)).toEqual([
    { collections: 0, collected: 0, uncollectable: 0 },
    { collections: 1, collected: 0, uncollectable: 0 },
    { collections: 1, collected: 0, uncollectable: 0 },
  ])
  made.do({ kind: 'FreezeObjects' })
  expect([frozenCount(made.state), generationOf(made.state, 1)]).toEqual([13, 3])
})

test('[G40] switch, thresholds, what is due and gc.garbage', () => {
  const made = new Program(collectorProfile('3.12'))
  expect([isEnabled(made.state), isCollectionDue(made.state), thresholds(made.state)]).toEqual([true, false, [700, 10, 10]])
  made.do({ kind: 'SetThresholds', thresholds: [1, 2, 3] })
  made.make(1)
  made.make(2)
  expect([isCollectionDue(made.state), thresholds(made.state)]).toEqual([true, [1, 2, 3]])
  made.do({ kind: 'DisableCollector' })
  made.do({ kind: 'CheckEvalBreaker' })
  expect([isEnabled(made.state), isCollectionDue(made.state), generationCounts(made.state)]).toEqual([false, false, [2, 0, 0]])
  made.do({ kind: 'SetSaveAll', saveAll: true })
  made.hold(1, 1)
  made.letGo(1)
  made.collect(0)
  expect(garbageRows(made.state)).toEqual([1])
  made.do({ kind: 'ClearGarbage' })
  expect(garbageRows(made.state)).toEqual([])
})
