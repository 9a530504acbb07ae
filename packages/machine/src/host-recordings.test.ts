import { createReadStream } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { EventColumns } from '@reheap/kernel'
import { readJsonl } from '@reheap/trace'
import { beforeAll, describe, expect, test } from 'vitest'
import { must } from '../test/recordings.ts'
import { profileOfRuntime, type Runtime, Verification, type VerifyReport } from './index.ts'

/** Real runs of `print("hello")`, with every call of the C library, every map, and samples of the process's sizes. */
const NAMES = ['cpython-3.11.7-64-native-hello', 'cpython-3.13.0-64-native-hello'] as const

/** @unit bytes */
const PAGE = 4096

describe.each(NAMES)('native recording %s', (name) => {
  const rows = new EventColumns()
  let runtime: Runtime

  beforeAll(async () => {
    const path = fileURLToPath(new URL(`../test/native/${name}.jsonl.gz`, import.meta.url))
    const log = must(await readJsonl(createReadStream(path), { name }))
    runtime = log.header.runtime as Runtime
    for await (const read of log.batches) {
      const batch = must(read)
      for (let row = 0; row < batch.length; row++) {
        rows.push(batch.code[row], batch.tag[row], batch.id[row], batch.other[row], batch.size[row], batch.address[row])
        const detail = batch.detail(row)
        if (detail !== null) rows.setDetail(rows.length - 1, detail)
      }
    }
  })

  function report(): VerifyReport {
    const verification = new Verification(must(profileOfRuntime(runtime)))
    must(verification.feed(rows))
    return verification.report()
  }

  test('[M54] resident size and peak agree within a few pages at every sample, and the heap of the C library to the byte', () => {
    const { mismatches, host } = report()
    expect(mismatches).toBe(0)
    const most = Object.fromEntries((host?.errors ?? []).map(({ of, maxBytes }) => [of, maxBytes]))
    expect(most['hostMemory.heapBytes']).toBe(0)
    expect(most['hostMemory.rssBytes']).toBeLessThanOrEqual(16 * PAGE)
    expect(most['hostMemory.peakBytes']).toBeLessThanOrEqual(16 * PAGE)
    expect(most['hostMemory.vmsBytes']).toBeLessThanOrEqual(16 * PAGE)
  })

  test('[M55] the C library gives nearly every block where the real one gave it', () => {
    const { compared, exact } = report().host?.addresses ?? { compared: 0, exact: 0 }
    expect(compared).toBeGreaterThan(900)
    expect(exact / compared).toBeGreaterThan(0.99)
  })

  test('[M54] a spoiled size is exactly one mismatch, named and with its index', () => {
    const index =
      Array.from({ length: rows.length }, (_, row) => row).findLast((row) => rows.detail(row)?.includes('"of":"hostMemory"') === true) ?? -1
    const detail = rows.detail(index) ?? ''
    const { of, values } = JSON.parse(detail)
    rows.setDetail(index, JSON.stringify({ of, values: { ...values, rssBytes: 2 * values.rssBytes } }))
    const { mismatches, first } = report()
    rows.setDetail(index, detail)
    expect(mismatches).toBe(1)
    expect(first).toMatchObject([{ index, of: 'hostMemory.rssBytes', expected: 2 * values.rssBytes }])
  })
})
