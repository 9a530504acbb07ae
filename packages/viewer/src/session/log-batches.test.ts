import { type EventBatch, EventColumns, NO_ID } from '@reheap/kernel'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { LogBatches } from './log-batches.ts'
import { NarrowColumn } from './narrow-column.ts'

const id = fc.oneof(fc.constant(NO_ID), fc.nat(300), fc.nat(NO_ID))
const amount = fc.oneof(
  fc.constant(Number.NaN),
  fc.nat(70_000),
  fc.nat(2 ** 48),
  fc.constantFrom(0.5, -1, 2 ** 53, Number.POSITIVE_INFINITY),
)
const row = fc.record({
  code: fc.integer({ min: 1, max: 255 }),
  tag: fc.nat(3),
  id,
  other: id,
  size: amount,
  address: amount,
  context: fc.record({ time: fc.nat(2 ** 40), thread: fc.nat(3), heap: fc.nat(1), stack: fc.nat(9) }, { requiredKeys: [] }),
  detail: fc.option(fc.json({ maxDepth: 1 })),
})

/** Batches of rows, each of which begins where the one before ends. */
const batches = fc.array(fc.array(row, { minLength: 1, maxLength: 100 }), { minLength: 1, maxLength: 8 }).map((lists) => {
  let first = 0
  return lists.map((rows) => {
    const batch = new EventColumns(rows.length, first)
    first += rows.length
    rows.forEach((each, at) => {
      batch.push(each.code, each.tag, each.id, each.other, each.size, each.address)
      batch.setContext(at, each.context)
      if (each.detail !== null) batch.setDetail(at, each.detail)
    })
    return batch
  })
})

const CONTEXT = { time: Number.NaN, thread: 0, heap: 0, stack: NO_ID } as const

function rowOf(batch: EventBatch, at: number): readonly unknown[] {
  const context = (['time', 'thread', 'heap', 'stack'] as const).map((name) => batch[name]?.[at] ?? CONTEXT[name])
  return [batch.code[at], batch.tag[at], batch.id[at], batch.other[at], batch.size[at], batch.address[at], ...context, batch.detail(at)]
}
const rowsOf = (all: Iterable<EventBatch>): unknown[] =>
  [...all].flatMap((batch) => Array.from({ length: batch.length }, (_, at) => rowOf(batch, at)))

test('[V48] a log that is kept narrow is read as it was: all of it, from an event on, one event, one value', () => {
  fc.assert(
    fc.property(batches, fc.nat(), fc.nat(), (given, one, two) => {
      const log = new LogBatches()
      for (const batch of given) log.add(batch)
      const expected = rowsOf(given)
      expect(log.length).toBe(expected.length)
      const read: unknown[] = []
      for (const batch of log) read.push(...rowsOf([batch]))
      expect(read).toEqual(expected)
      const [from, to] = [one % log.length, two % log.length].sort((a, b) => a - b) as [number, number]
      let at = -1
      for (const batch of log.within(from, to)) {
        if (at < 0) at = batch.firstIndex
        expect(rowsOf([batch])).toEqual(expected.slice(at, at + batch.length))
        at += batch.length
      }
      expect(at).toBeGreaterThanOrEqual(from < to ? to : -1)
      const event = log.event(from)
      expect(event && [event.firstIndex, rowOf(event, 0)]).toEqual([from, expected[from]])
      expect([log.value('code', to), log.value('size', to) ?? Number.NaN, log.value('stack', to) ?? NO_ID]).toEqual(
        [0, 4, 9].map((column) => (expected[to] as unknown[])[column]),
      )
      expect([log.event(-1), log.event(log.length), log.value('id', log.length)]).toEqual([null, null, null])
      expect(log.has('stack', NO_ID)).toBe((expected as unknown[][]).some((row) => row[9] !== NO_ID))
    }),
  )
})

test('[V48] a batch of any length is read as it was, and those with an event of a kind are found', () => {
  const batch = new EventColumns(50_000, 0)
  for (let at = 0; at < 50_000; at++) batch.push(at === 40_000 ? 9 : 1, 0, at, NO_ID, at % 7, at % 3 === 0 ? Number.NaN : at)
  batch.setDetail(40_000, '{}')
  const log = new LogBatches()
  log.add(batch)
  let at = 0
  for (const part of log) for (let row = 0; row < part.length; row++) expect(rowOf(part, row)).toEqual(rowOf(batch, at++))
  expect(at).toBe(50_000)
  const sizes = [...log.column('size', 10, 20_000)]
  expect(sizes.map(({ firstIndex, values }) => firstIndex + values.length)).toEqual([16_384, 32_768])
  expect(log.column('time', 0, 50_000)[Symbol.iterator]().next().done).toBe(true)
  const found = [...log.having(9)]
  expect(found).toHaveLength(1)
  expect(found.map((part) => part.detail(40_000 - part.firstIndex))).toEqual(['{}'])
  expect([...log.having(8)]).toEqual([])
})

test('[V48] one event stays when others are read', () => {
  const log = new LogBatches()
  for (let batch = 0; batch < 9; batch++) {
    const columns = new EventColumns(1, batch)
    columns.push(1, 0, batch, NO_ID, batch, Number.NaN)
    log.add(columns)
  }
  const event = log.event(0)
  for (let at = 1; at < 9; at++) log.event(at)
  expect(event && [event.id[0], event.size[0]]).toEqual([0, 0])
})

test('[V48] a column takes the bytes of its values, and none for rows without', () => {
  const rows = 65_536
  const column = new NarrowColumn(
    Float64Array.from({ length: rows }, (_, at) => (at % 4 === 0 ? 2 ** 47 + at : Number.NaN)),
    rows,
    Number.NaN,
  )
  // A quarter of the rows at two bytes, and a bit with its rank for each.
  expect(column.bytes).toBe((rows / 4) * 2 + (rows / 32) * 8)
})
