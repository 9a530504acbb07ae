import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { anyWhole } from '../test/arbitrary-event.ts'
import { bytesOf, chunked, outcomeOfText } from '../test/lines.ts'
import { decodeHeader, headerLine } from './header.ts'
import { readJsonl } from './jsonl-reader.ts'

const runtime = { name: 'cpython', version: '3.11.7' }

const anyHeader = fc.record(
  {
    reheap: fc.constant(1 as const),
    runtime: fc.record(
      { name: fc.string(), version: fc.string(), pointerBits: fc.constantFrom(32 as const, 64 as const) },
      { requiredKeys: ['name', 'version'] },
    ),
    command: fc.string(),
    recordedAt: fc.string(),
    driver: fc.record({ kind: fc.constant('firstFit' as const), granularityBytes: anyWhole, mallocBase: anyWhole, reserveBase: anyWhole }),
    collector: fc.record(
      {
        counts: fc.array(anyWhole, { minLength: 3, maxLength: 3 }),
        objects: fc.array(anyWhole, { minLength: 4, maxLength: 4 }),
        immortals: anyWhole,
        longLivedTotal: anyWhole,
        longLivedPending: anyWhole,
        heapSize: anyWhole,
        rootMarked: anyWhole,
      },
      { requiredKeys: ['counts', 'objects'] },
    ),
    capacities: fc.oneof(
      fc.record(
        { mapTop: anyWhole, thresholds: fc.array(anyWhole, { minLength: 3, maxLength: 3 }), freeListMax: anyWhole, nestingMax: anyWhole },
        { requiredKeys: [] },
      ),
      fc.constant({
        alignmentBytes: 16 as const,
        smallRequestBytes: 96,
        poolHeaderBytes: 48,
        poolBytes: 256,
        arenaBytes: 1024,
        mapTop: 4096,
      }),
    ),
  },
  { requiredKeys: ['reheap', 'runtime'] },
)

const messageOf = async (first: string): Promise<string | undefined> => (await outcomeOfText(`${first}\n`)).errors[0]?.message

describe('header', () => {
  test('[T19] a header is written as a line and read back', async () => {
    await fc.assert(
      fc.asyncProperty(anyHeader, async (header) => {
        const log = await readJsonl(chunked(bytesOf(headerLine(header))), { name: 'log.jsonl' })
        expect(log).toMatchObject({ right: { header } })
      }),
      { numRuns: 200 },
    )
  })

  test.each([
    [
      'no header',
      '{"kind":"Free","domain":"obj","block":1}',
      'expected the header of a log, such as {"reheap":1,"runtime":{"name":"cpython","version":"3.11.7","pointerBits":64}}, got {"kind":"Free","domain":"obj","block":1}; put a header before the events',
    ],
    [
      'an unknown field',
      JSON.stringify({ reheap: 1, runtime, host: 'x' }),
      'header.host: expected a field that header has (reheap, runtime, command, recordedAt, driver, collector, capacities), got "x"; correct this line or export the log again',
    ],
    [
      'arenas that are no whole number of pools',
      JSON.stringify({
        reheap: 1,
        runtime,
        capacities: { alignmentBytes: 16, smallRequestBytes: 96, poolHeaderBytes: 48, poolBytes: 256, arenaBytes: 1000 },
      }),
      'header.capacities: expected a set of capacities in which a pool holds two blocks and an arena two pools, got {"alignmentBytes":16,"smallRequestBytes":96,"poolHeaderBytes...; correct this line or export the log again',
    ],
    [
      'two counts of the collector',
      JSON.stringify({ reheap: 1, runtime, collector: { counts: [1, 2], objects: [0, 0, 0, 0] } }),
      'header.collector.counts: expected a list of 3 whole numbers, got [1,2]; correct this line or export the log again',
    ],
    [
      'an unknown field of the runtime',
      JSON.stringify({ reheap: 1, runtime: { ...runtime, abi: 'x' } }),
      'header.runtime.abi: expected a field that runtime has (name, version, pointerBits, alignmentBytes), got "x"; correct this line or export the log again',
    ],
    [
      'pointers of 16 bits',
      JSON.stringify({ reheap: 1, runtime: { ...runtime, pointerBits: 16 } }),
      'header.runtime.pointerBits: expected 32 or 64, got 16; correct this line or export the log again',
    ],
    [
      'a driver of another kind',
      JSON.stringify({ reheap: 1, runtime, driver: { kind: 'bestFit', granularityBytes: 1, mallocBase: 1, reserveBase: 1 } }),
      'header.driver.kind: expected "firstFit", got "bestFit"; correct this line or export the log again',
    ],
    ['no runtime', '{"reheap":1}', 'header.runtime: expected a runtime, got nothing; correct this line or export the log again'],
    ['a version that is no number', '{"reheap":"1"}', 'header.reheap: expected 1, got "1"; correct this line or export the log again'],
    [
      'a torn header',
      '{"reheap":1,"runt',
      'expected one JSON object, got "{\\"reheap\\":1,\\"runt"; correct this line or export the log again',
    ],
  ])('[T19] %s is refused', async (_what, line, expected) => {
    expect(await messageOf(line)).toBe(`log.jsonl:1: ${expected}`)
  })

  test.each([0, 2, 17])('[T20] version %d is refused before the rest is looked at', async (version) => {
    expect(await messageOf(`{"reheap":${version},"anything":[]}`)).toBe(
      `log.jsonl:1: header.reheap: expected format version 1, the one that this build reads, got ${version}; use a build that reads it`,
    )
  })

  test('[T19] a header that is a value, not a line, is refused by the same rules', () => {
    expect(decodeHeader({ reheap: 1, runtime: { name: 'cpython' } })).toMatchObject({ left: { field: 'header.runtime.version' } })
    expect(decodeHeader(null)).toMatchObject({ left: { field: null } })
  })
})
