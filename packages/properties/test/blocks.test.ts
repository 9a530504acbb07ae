import { readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { gunzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { allocatorSuite, type BlockAllocator, blockLaws, RECORDED_REQUESTS, registerLaws, registerSuite } from '../src/index.ts'

const HEAP = 1 << 16

/** First fit over a list of gaps that are sorted anew each time. @param flaw what it does wrong */
function firstFit(flaw: 'none' | 'overlaps' | 'is not aligned' | 'leaks' = 'none'): BlockAllocator {
  const live = new Map<number, number>()
  return {
    malloc: (bytes) => {
      const step = flaw === 'is not aligned' ? 4 : 16
      const whole = Math.ceil(bytes / step) * step - (flaw === 'overlaps' && bytes > 64 ? 16 : 0)
      let address = 0
      for (const [start, length] of [...live].sort(([a], [b]) => a - b)) {
        if (start - address >= whole) break
        address = start + length
      }
      if (address + whole > HEAP) return null
      live.set(address, whole)
      return address
    },
    free: (address) => {
      if (flaw !== 'leaks' || live.get(address) !== 48) live.delete(address)
    },
  }
}

test('[P58] a sound allocator keeps every law of blocks', () => {
  const tests: [string, () => void | Promise<void>][] = []
  registerLaws((name, run) => tests.push([name, run]), blockLaws({ name: 'first fit', create: () => firstFit(), alignmentBytes: 16 }))
  expect(tests.map(([name]) => name)).toEqual([
    'first fit: blocks lie apart',
    'first fit: blocks are aligned',
    'first fit: what is freed is had again',
  ])
  for (const [, run] of tests) run()
})

test.each([
  ['overlaps', 0, 2],
  ['is not aligned', 1, 2],
  ['leaks', 2, 1],
] as const)('[P58] one that %s breaks its law, shown in %i requests', (flaw, law, steps) => {
  const subject = { name: 'first fit', create: () => firstFit(flaw), alignmentBytes: 16 }
  const found = blockLaws(subject).map((each) => each.find({ seed: 2 }))
  expect(found.map((each) => each !== null)).toEqual([0, 1, 2].map((at) => at === law))
  expect(found[law]?.steps).toHaveLength(steps)
  expect(() => blockLaws(subject)[law]?.run({ seed: 2, folder: tmpdir() })).toThrow('does not hold')
})

test('[P59] a suite is registered law by law, and a state of interest that was never met fails', async () => {
  const { trials, ...suite } = allocatorSuite()
  const tests: [string, () => void | Promise<void>][] = []
  registerSuite((name, run) => tests.push([name, run]), { ...suite, trials: trials.slice(0, 2) }, { runs: 2 })
  expect(tests.map(([name]) => name)).toEqual([...trials.slice(0, 2).map(({ name }) => name), 'allocator: every state of interest is met'])
  for (const [, run] of tests.slice(0, 2)) await run()
  expect(() => tests[2]?.[1]()).toThrow('never met: a pool was opened')
})

test('[P60] sizes and lifetimes are quantiles of the recording that they name', () => {
  const lines = gunzipSync(readFileSync(new URL('../../trace/test/fixtures/cpython-3.11-hello.jsonl.gz', import.meta.url))).toString()
  const sizes = [...lines.matchAll(/"kind":"Malloc".*?"bytes":(\d+)/g)].map(([, bytes]) => Number(bytes)).sort((a, b) => a - b)
  const shareBelow = (bytes: number): number => sizes.filter((size) => size < bytes).length / sizes.length
  const shareUpTo = (bytes: number): number => sizes.filter((size) => size <= bytes).length / sizes.length
  for (const [part, bytes] of RECORDED_REQUESTS.sizes.entries()) {
    expect(shareBelow(bytes)).toBeLessThanOrEqual((part + 0.5) / 50)
    expect(shareUpTo(bytes)).toBeGreaterThanOrEqual((part + 0.5) / 50)
  }
  expect(RECORDED_REQUESTS.lifetimes.toSorted((a, b) => a - b)).toEqual(RECORDED_REQUESTS.lifetimes)
})
