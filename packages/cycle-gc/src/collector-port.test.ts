import { expect, test } from 'vitest'
import { Program } from '../test/program.ts'
import {
  collectionStats,
  collectorMechanism,
  collectorPort,
  collectorProfile,
  frozenCount,
  generationCounts,
  rowsOfGeneration,
  thresholds,
} from './index.ts'
import { keeper } from './state.ts'

test('[G40] a draft answers as the sealed state does, and what a composer sets is in the state', () => {
  const program = new Program(collectorProfile('3.11'))
  program.make(1, 'list')
  program.make(2, 'list')
  program.do({ kind: 'FreezeObjects' })
  for (const object of [3, 4, 5]) program.make(object, 'list')
  program.collect(0)
  program.make(6, 'list')
  const { state } = program
  const draft = collectorMechanism.thaw(state)
  const { heap, work } = keeper.own(draft)
  const port = collectorPort(draft, heap, heap, work.moment)
  const all = [0, 1, 2]
  expect(all.map((generation) => port.count(generation))).toEqual(generationCounts(state))
  expect(all.map((generation) => port.threshold(generation))).toEqual(thresholds(state))
  expect(all.map((generation) => port.size(generation))).toEqual(all.map((generation) => rowsOfGeneration(state, generation).length))
  expect(all.map((generation) => port.stats(generation))).toEqual(collectionStats(state))
  expect([port.frozen, port.tracked]).toEqual([frozenCount(state), 4])
  expect([1, 6, 7, 9000].map((row) => port.isTracked(row))).toEqual([true, true, false, false])
  port.setThresholds(9, 8, 7)
  expect(thresholds(collectorMechanism.seal(draft))).toEqual([9, 8, 7])
})
