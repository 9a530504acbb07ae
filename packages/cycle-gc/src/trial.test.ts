import { Columns, Emit, NO_ID } from '@reheap/kernel'
import { expect, test } from 'vitest'
import { Program } from '../test/program.ts'
import { type CollectorProfile, collectorMechanism, collectorProfile, listenToTrials, REQUEST_OPCODES, type Trial } from './index.ts'

/** `gc.collect()` as a row. */
function full(): Columns {
  const rows = new Columns(1)
  rows.push(REQUEST_OPCODES.Collect, 0, 2, NO_ID, NO_ID, 0, 0)
  return rows
}

/** Searches of a collection of generation 2. */
function searched(program: Program): readonly Trial[] {
  const trials: Trial[] = []
  const draft = collectorMechanism.thaw(program.state)
  listenToTrials(draft, (trial) => trials.push(trial))
  expect(collectorMechanism.applyBatch(draft, full() as never, 0, 1, new Emit())).toBe(-1)
  return trials
}

/** The example of CPython's own description of its collector (InternalDocs/garbage_collector.md): links 1, 2 and 3 in a ring that A holds, and 4 alone. */
function links(profile?: CollectorProfile): Program {
  const program = new Program(profile)
  for (const link of [1, 2, 3, 4]) program.make(link, 'instance')
  for (const [from, to] of [
    [1, 2],
    [2, 3],
    [3, 1],
    [4, 4],
  ] as const)
    program.hold(from, to)
  program.letGo(2, 3, 4)
  return program
}

test('[G54] a search tells the example of the documentation: what is subtracted, and what is moved back', () => {
  const [trial, ...more] = searched(links())
  expect(more).toEqual([])
  expect(trial?.objects).toEqual([1, 2, 3, 4])
  expect([...(trial?.counts ?? [])]).toEqual([2, 1, 1, 1])
  expect([...(trial?.held ?? [])]).toEqual([1, 0, 0, 0])
  expect([...(trial?.isReachable ?? [])]).toEqual([1, 1, 1, 0])
})

test('[G54] it is the same in increments, and a draft that nobody listens to tells nothing', () => {
  const trials = searched(links(collectorProfile('3.14.2')))
  expect(trials.map(({ held }) => [...held])).toEqual([[1, 0, 0, 0]])
  const program = links()
  const draft = collectorMechanism.thaw(program.state)
  listenToTrials(draft, (trial) => expect(trial).toBeNull())
  const sealed = collectorMechanism.seal(draft)
  collectorMechanism.applyBatch(collectorMechanism.thaw(sealed), full() as never, 0, 1, new Emit())
})
