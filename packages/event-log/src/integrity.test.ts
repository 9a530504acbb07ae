import { beforeAll, describe, expect, it } from 'vitest'
import { entriesOf } from '../test/forgery.ts'
import { flipped, type LogBytes, logOf, must, mustFail, open, type Row, readBatches, rowsOf, someRows } from '../test/logs.ts'
import { loadHash } from './checksum.ts'
import { ENTRY, ENTRY_BYTES, encodeEntry, type IndexEntry } from './log-index.ts'

/** Three batches with every column, details, and context without a column. */
const BATCHES = [someRows(3), someRows(4, 3), someRows(5, 7)]
const ROWS = BATCHES.flat()

let whole: LogBytes
/** Where the prefix, each batch and the end marker start, and where the log ends. */
let starts: number[]

beforeAll(async () => {
  whole = await logOf(BATCHES, { columns: ['time', 'stack'] })
  starts = [...(await entriesOf(whole.index)).map(({ offset }) => offset), whole.log.length]
})

/** Reads all there is: reports whether damage was reported, and the events that were handed over with their places. */
async function readAll(
  log: Uint8Array,
  index: Uint8Array | null,
): Promise<{ reported: string[]; events: [number, Row][]; failed: number[] }> {
  const opened = await open(log, index)
  if (opened._tag === 'Left') return { reported: [opened.left.kind], events: [], failed: [] }
  const reported: string[] = opened.right.damage.map(({ kind }) => kind)
  const events: [number, Row][] = []
  const failed: number[] = []
  for (let number = 0; number < opened.right.batchCount; number++) {
    const batch = await opened.right.batch(number)
    if (batch._tag === 'Left') {
      reported.push(batch.left.kind)
      failed.push(number)
    } else events.push(...rowsOf(batch.right).map((row, i): [number, Row] => [batch.right.firstIndex + i, row]))
  }
  return { reported, events, failed }
}

function expectTrue(events: readonly [number, Row][]): void {
  for (const [index, row] of events) expect(row).toEqual(ROWS[index])
}

describe('a flipped bit', () => {
  it('[E8] anywhere in a log without its index is reported, and no event is wrong', async () => {
    for (let at = 0; at < whole.log.length; at++) {
      const { reported, events } = await readAll(flipped(whole.log, at), null)
      expect(reported.length, `byte ${at}`).toBeGreaterThan(0)
      expectTrue(events)
    }
  })

  it('[E9] anywhere in a log with its index is reported, and only its own batch is lost', async () => {
    for (let at = 0; at < whole.log.length; at++) {
      const { reported, events, failed } = await readAll(flipped(whole.log, at), whole.index)
      const message = starts.findLastIndex((start) => start <= at)
      expect(reported, `byte ${at}`).toEqual([message === 0 ? expect.any(String) : message === 4 ? 'TornTail' : 'DamagedBatch'])
      expect(failed).toEqual(message >= 1 && message <= 3 ? [message - 1] : [])
      expect(events.length).toBe(message === 0 ? 0 : ROWS.length - (BATCHES[message - 1]?.length ?? 0))
      expectTrue(events)
    }
  })

  it('[E9] is reported with the number of the batch and its events', async () => {
    const opened = must(await open(flipped(whole.log, (starts[3] ?? 0) - 20), whole.index))
    expect(mustFail(await opened.batch(1))).toMatchObject({ kind: 'DamagedBatch', batch: 1, firstEvent: 3, lastEvent: 6 })
    expect(mustFail(await opened.batch(1)).message).toContain('batch 1 (events 3 to 6)')
    expect(rowsOf(must(await opened.batch(2)))).toEqual(BATCHES[2])
  })

  it('[E10] anywhere in the index is reported and costs no event', async () => {
    for (let at = 0; at < whole.index.length; at++) {
      const opened = must(await open(whole.log, flipped(whole.index, at)))
      expect(opened.damage, `byte ${at}`).toMatchObject([{ kind: 'Index', entry: Math.floor(at / ENTRY_BYTES) }])
      expect(opened.integrity).toBe('scanned')
      expect((await readBatches(opened)).flat()).toEqual(ROWS)
    }
  })
})

describe('a torn log', () => {
  it.each(['with', 'without'])('[E11] %s its index is cut at its last whole batch, whatever byte it ends at', async (which) => {
    const [, first = 0, second = 0, third = 0, end = 0] = starts
    for (let length = first; length < whole.log.length; length++) {
      const opened = must(await open(whole.log.slice(0, length), which === 'with' ? whole.index : null))
      const batches = [second, third, end].filter((batchEnd) => batchEnd <= length).length
      expect(opened.batchCount, `length ${length}`).toBe(batches)
      expect(await readBatches(opened)).toEqual(BATCHES.slice(0, batches))
      const isBoundary = [first, second, third, end].includes(length)
      if (which === 'with' || !isBoundary)
        expect(opened.damage).toMatchObject([{ kind: 'TornTail', bytes: length - (starts[batches + 1] ?? 0) }])
      else expect(opened.damage).toEqual([])
      expect(opened.isClosed).toBe(false)
    }
  })

  it('[E11] whose index ends where the log does, or inside an entry, keeps every whole batch', async () => {
    for (let length = 0; length <= whole.index.length; length++) {
      const opened = must(await open(whole.log, whole.index.slice(0, length)))
      expect(await readBatches(opened)).toEqual(BATCHES)
      const isSound = length >= 4 * ENTRY_BYTES && length % ENTRY_BYTES === 0
      expect(opened.damage.length, `length ${length}`).toBe(isSound ? 0 : 1)
    }
  })

  it('[E12] names the events that its index knows of', async () => {
    const opened = must(await open(whole.log.slice(0, (starts[2] ?? 0) + 8), whole.index))
    expect(opened.damage).toMatchObject([{ kind: 'TornTail', offset: starts[2], bytes: 8, lostEvents: 9 }])
    expect(opened.damage[0]?.message).toContain('9 events are lost')
    const atBoundary = must(await open(whole.log.slice(0, starts[3]), whole.index))
    expect(atBoundary.damage).toMatchObject([{ kind: 'TornTail', offset: starts[3], bytes: 0, lostEvents: 5 }])
  })

  it('[E12] tells them of a log that was never closed, too', async () => {
    const { log, index } = await logOf(BATCHES, { columns: ['time', 'stack'], close: false })
    expect(must(await open(log, index)).damage).toEqual([])
    const opened = must(await open(log.slice(0, starts[2]), index))
    expect(opened.damage).toMatchObject([{ kind: 'TornTail', offset: starts[2], bytes: 0, lostEvents: 9 }])
  })

  it('[E18] whose last body is empty is cut before it, though its length is right', async () => {
    const log = whole.log.slice(0, starts[4])
    log.fill(0, (starts[4] ?? 0) - 200)
    const opened = must(await open(log, whole.index.slice(0, 3 * ENTRY_BYTES)))
    expect(opened.damage).toMatchObject([{ kind: 'TornTail', offset: starts[3] }])
    expect(await readBatches(opened)).toEqual(BATCHES.slice(0, 2))
  })

  it('[E19] with bytes behind its end marker is reported', async () => {
    const log = new Uint8Array(whole.log.length + 5)
    log.set(whole.log)
    for (const index of [whole.index, null]) {
      const opened = must(await open(log, index))
      expect(opened.damage).toMatchObject([{ kind: 'TornTail', offset: whole.log.length, bytes: 5 }])
      expect((await readBatches(opened)).flat()).toEqual(ROWS)
    }
  })
})

describe('the index', () => {
  it('[E13] may be missing: the log is scanned', async () => {
    const opened = must(await open(whole.log))
    expect([opened.integrity, opened.damage, opened.isClosed]).toEqual(['scanned', [], true])
    expect((await readBatches(opened)).flat()).toEqual(ROWS)
    expect(must(await open(whole.log, whole.index)).integrity).toBe('indexed')
  })

  it('[E14] may be shorter than the log: its batches are read, and it is reported', async () => {
    const opened = must(await open(whole.log, whole.index.slice(0, 2 * ENTRY_BYTES)))
    expect(opened.damage).toMatchObject([{ kind: 'Index', entry: 2 }])
    expect(opened.integrity).toBe('scanned')
    expect((await readBatches(opened)).flat()).toEqual(ROWS)
  })

  it('[E15] of another log is not used', async () => {
    const other = await logOf([someRows(3), someRows(5)], { columns: ['heap'] })
    const opened = must(await open(whole.log, other.index))
    expect(opened.damage).toMatchObject([{ kind: 'Index', entry: 0 }])
    expect((await readBatches(opened)).flat()).toEqual(ROWS)
  })

  it('[E15] of another log with the same start and the same lengths gives no wrong event', async () => {
    const others = BATCHES.map((rows) => rows.map((row) => ({ ...row, tag: 255 - row.tag })))
    const other = await logOf(others, { columns: ['time', 'stack'] })
    expect(other.log.length).toBe(whole.log.length)
    const { reported, events } = await readAll(whole.log, other.index)
    expect(reported).toEqual(['DamagedBatch', 'DamagedBatch', 'DamagedBatch'])
    expect(events).toEqual([])
  })

  it('[E15] that goes on as that of another log is used up to there', async () => {
    const other = await logOf([someRows(3), someRows(9), someRows(9), someRows(9)], { columns: ['time', 'stack'] })
    const index = whole.index.slice()
    index.set(other.index.subarray(3 * ENTRY_BYTES, 4 * ENTRY_BYTES), 3 * ENTRY_BYTES)
    const opened = must(await open(whole.log, index))
    expect(opened.damage).toMatchObject([{ kind: 'Index', entry: 3 }])
    expect((await readBatches(opened)).flat()).toEqual(ROWS)
  })
})

describe('a forged index', () => {
  it.each([
    ['a second prefix', { kind: ENTRY.prefix }],
    ['a batch without events', { events: 0 }],
    ['a batch of too many events', { events: 65_537 }],
    ['a batch of a tebibyte', { bytes: 2 ** 40 }],
  ])('[E27] with %s is used up to there', async (_, change) => {
    const [, entry] = await entriesOf(whole.index)
    const index = whole.index.slice()
    index.set(encodeEntry({ ...(entry as IndexEntry), ...change }, 1, await loadHash()), ENTRY_BYTES)
    const opened = must(await open(whole.log, index))
    expect(opened.damage).toMatchObject([{ kind: 'Index', entry: 1 }])
    expect((await readBatches(opened)).flat()).toEqual(ROWS)
  })
})

describe('a batch at another place', () => {
  it('[E17] is damaged', async () => {
    const same = await logOf([someRows(3), someRows(3, 3), someRows(3, 6)])
    const [, first = 0, second = 0, third = 0] = (await entriesOf(same.index)).map(({ offset }) => offset)
    const swapped = same.log.slice()
    swapped.set(same.log.subarray(second, third), first)
    swapped.set(same.log.subarray(first, second), second)
    const opened = must(await open(swapped, same.index))
    expect((await readBatches(opened)).map((batch) => (Array.isArray(batch) ? 'whole' : batch.kind))).toEqual([
      'DamagedBatch',
      'DamagedBatch',
      'whole',
    ])
    expect(must(await open(swapped)).batchCount).toBe(0)
  })
})
