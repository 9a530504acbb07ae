import { NO_ID } from '@reheap/kernel'
import { expect, test } from 'vitest'
import { KnownRuns } from './known-runs.ts'

test('[T38] runs that all differ are forgotten before they take much memory', () => {
  const runs = new KnownRuns()
  const entries = Uint32Array.from({ length: 1000 }, (_, index) => index)
  runs.learn(runs.number(entries, 1000), 7)
  expect(runs.stack(runs.number(entries, 1000))).toBe(7)
  let most = 0
  for (let differs = 1; differs < 3000; differs++) {
    entries[0] = 1000 + differs
    most = Math.max(most, runs.number(entries, 1000))
  }
  expect(most).toBeLessThan(1100)
  entries[0] = 0
  expect(runs.stack(runs.number(entries, 1000))).toBe(NO_ID)
})
