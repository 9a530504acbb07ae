import { FACT_OPCODES } from '@reheap/cycle-gc'
import { Columns } from '@reheap/kernel'
import { describe, expect, test } from 'vitest'
import { type Request, ran } from '../test/objects.ts'
import { Collections } from './collections.ts'

const NODE = 0
/** Objects that hold themselves and that nothing else holds. */
const cycles = (from: number, count: number): readonly Request[] =>
  Array.from({ length: count }, (_, place): readonly Request[] => [
    { kind: 'CreateObject', object: from + place, type: NODE, bytes: 40 },
    { kind: 'AddReference', from: from + place, to: from + place },
    { kind: 'DropReference', from: null, to: from + place },
  ]).flat()

const LOG: readonly Request[] = [
  { kind: 'DefineType', type: NODE, layout: 'slots', name: 'Node' },
  { kind: 'SetThresholds', thresholds: [5, 10, 10] },
  ...cycles(0, 6),
  { kind: 'CheckEvalBreaker' },
  ...cycles(10, 3),
  { kind: 'Collect', generation: 1 },
  { kind: 'Collect', generation: 2 },
]

describe('collections', () => {
  test('[P9] each one is told with its event, reason and work, and generations add up', () => {
    const collections = new Collections(10)
    collections.feed(ran(LOG).facts)
    const none = { uncollectable: 0 }
    const counted = { ...none, isCounted: true }
    expect(collections.first).toEqual([
      { index: 20, generation: 0, reason: 'threshold', collected: 6, visited: 6, pauseNanoseconds: 60, ...counted },
      { index: 30, generation: 1, reason: 'request', collected: 3, visited: 3, pauseNanoseconds: 30, ...counted },
      { index: 31, generation: 2, reason: 'request', collected: 0, visited: 0, pauseNanoseconds: 0, ...counted },
    ])
    expect(collections.total).toBe(3)
    expect(collections.of(0)).toEqual({ collections: 1, collected: 6, visited: 6, pauseNanoseconds: 60, pauseNanosecondsMax: 60, ...none })
    expect(collections.of(2).collections).toBe(1)
  })

  test('[P9] those beyond the ones that are kept are counted', () => {
    const collections = new Collections(10, 1)
    collections.feed(ran(LOG).facts)
    expect([collections.first.length, collections.total, collections.of(1).collected]).toEqual([1, 3, 3])
  })

  test('[P9] one inside another has its own reason, and one that gc.get_stats leaves out is told and not counted', () => {
    const facts = new Columns()
    const [THRESHOLD, REQUEST] = [0, 1]
    facts.push(FACT_OPCODES.CollectionStarted, 1, 2, REQUEST, 0, 0, 0)
    facts.push(FACT_OPCODES.CollectionStarted, 1, 0, THRESHOLD, 0, 0, 0)
    facts.push(FACT_OPCODES.CollectionFinished, 1, 0, 4, 0, 9, 1)
    facts.push(FACT_OPCODES.CollectionFinished, 1, 2, 1, 0, 5, 0)
    const collections = new Collections(1)
    collections.feed(facts)
    expect(collections.first.map(({ generation, reason, isCounted }) => [generation, reason, isCounted])).toEqual([
      [0, 'threshold', true],
      [2, 'request', false],
    ])
    expect(collections.total).toBe(2)
    expect([collections.of(2).collections, collections.of(2).visited]).toEqual([0, 5])
  })
})
