import type { EventBatch } from '@reheap/kernel'
import type { LogEvent } from '@reheap/trace'
import { describe, expect, test } from 'vitest'
import { batchesOf, readRecording } from '../../test/recordings.ts'
import { LogParting } from '../index.ts'

/** Where two logs part, in batches of so many rows. */
function partingOf(first: readonly LogEvent[], second: readonly LogEvent[], rows: readonly [number, number]): number | null {
  const logs: readonly Iterator<EventBatch>[] = [batchesOf(first, rows[0]), batchesOf(second, rows[1])]
  const compared = new LogParting()
  for (let side = compared.wanted; side !== null; side = compared.wanted) compared.feed(side, logs[side]?.next().value ?? null)
  return compared.parting
}

describe('where two logs part', async () => {
  const { events } = await readRecording('cpython-3.11-hello')
  const log = events.slice(0, 4000)
  const at = log.findLastIndex((event) => event.kind === 'Malloc')
  const changed = (index: number, change: object): readonly LogEvent[] =>
    log.map((event, place) => (place === index ? ({ ...event, ...change } as LogEvent) : event))

  test.each([
    [4000, 4000],
    [1000, 333],
    [7, 4000],
  ] as const)('[M83] whatever batches of %d and %d rows they come in', (...rows) => {
    expect(partingOf(log, log, rows)).toBe(null)
    expect(partingOf(log, changed(at, { bytes: 17 }), rows)).toBe(at)
    expect(partingOf(changed(at, { bytes: 17 }), changed(12, { bytes: 17 }), rows)).toBe(12)
    expect(partingOf(log, changed(at, { address: 4096, thread: 3, time: 5 }), rows)).toBe(null)
    expect(partingOf(log, log.slice(0, 1234), rows)).toBe(1234)
    expect(partingOf(log.slice(0, 1234), log, rows)).toBe(1234)
    expect(partingOf([], log, rows)).toBe(0)
  })
})
