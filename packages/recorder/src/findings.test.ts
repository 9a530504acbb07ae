import { expect, test } from 'vitest'
import { findings } from './findings.ts'
import { emptyTally } from './tally.ts'

test('[R26] a complete recording has no findings; refused requests and skipped observations are none', () => {
  expect(findings({ ...emptyTally(), refusedRequests: 3, skippedObservations: 2 }, null)).toStrictEqual([])
})

test('[R26] whatever is missing is said, a line each', () => {
  expect(findings({ ...emptyTally(), bypassedArenas: 1, unknownFrees: 2, lostFrees: 1 }, 'readerGone')).toStrictEqual([
    '1 arena mapped for requests that were not seen: the program replaced the allocator (-X dev, PYTHONMALLOC, an extension)',
    '2 requests named a block that no recorded request had given: left out of the log',
    '1 address given again without a recorded free: the older block stays live in the log',
    'the program lost the recorder and went on unrecorded',
  ])
})

test.each(['byReader', 'tooManyHeaps', 'tooManyBlocks'] as const)('[R26] recording that stopped early says why: %s', (stopped) => {
  expect(findings(emptyTally(), stopped)).toHaveLength(1)
})

test('[R51] forks without a log of their own are counted', () => {
  expect(findings(emptyTally(), null, 2)).toStrictEqual([
    "2 forked processes went on as the same program and have no log: only processes that are started anew have one (multiprocessing: set_start_method('spawn'))",
  ])
})
