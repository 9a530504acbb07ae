import { expect, test } from 'vitest'
import { Program } from '../test/program.ts'
import { type CollectionPolicy, collectorProfile, explainTrigger, generationalPolicy, NO_GENERATION, rowsOfGeneration } from './index.ts'
import { keeper } from './state.ts'

/** Never more than so many bytes between two collections; the figure is part of the state. */
const bytesAware = (bytesMax: number): CollectionPolicy => ({
  ...generationalPolicy,
  name: 'bytes-aware',
  memory: 1,
  isDue: ({ memory }, bytes) => {
    memory[0] += bytes
    return memory[0] > bytesMax
  },
  choose: (figures) => Math.max(0, generationalPolicy.choose(figures)),
  collect: (collector, generation) => {
    collector.memory[0] = 0
    generationalPolicy.collect(collector, generation)
  },
})

test('[G50] a policy of bytes collects when the bytes since the last collection are too many, and not before', () => {
  const made = new Program({ ...collectorProfile('3.11'), policy: bytesAware(100) })
  const collectedAt = [40, 40, 40, 10, 100, 1, 99].flatMap((bytes, object) =>
    made.do({ kind: 'MakeObject', object, type: 'list', bytes }).some(({ kind }) => kind === 'CollectionStarted') ? [object] : [],
  )
  expect(collectedAt).toEqual([2, 4])
  // What it remembers is in the sealed state: the two objects behind the last collection have just 100 bytes.
  expect([...keeper.read(made.state).memory]).toEqual([100])
  expect(rowsOfGeneration(made.state, 0)).toEqual([4, 5, 6])
})

test('[G50] a policy that never chooses a generation collects nothing, and says so', () => {
  const made = new Program({
    ...collectorProfile('3.11'),
    policy: { ...generationalPolicy, name: 'never', choose: () => NO_GENERATION },
    thresholds: [1, 1, 1],
  })
  made.make(1)
  expect(made.do({ kind: 'MakeObject', object: 2, type: 'list' })).toEqual([{ kind: 'CollectionDue', generation: null, counts: [2, 0, 0] }])
  expect(explainTrigger(made.state).generation).toBeNull()
})
