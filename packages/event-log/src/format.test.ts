import { MessageReader, RecordBatchReader, tableFromIPC } from 'apache-arrow'
import { describe, expect, it } from 'vitest'
import { columnsOf, HEADER, logOf, must, open, rowsOf, someRows, VOCABULARY } from '../test/logs.ts'
import type { ContextField } from './columns.ts'
import { openLog } from './event-log.ts'
import { memorySink } from './sink.ts'
import { bytesSource } from './source.ts'
import { writeLog } from './writer.ts'

describe('the file', () => {
  it("[E1] Arrow's own reader reads every column of every batch", async () => {
    const rows = someRows(20)
    const { log } = await logOf([rows.slice(0, 9), rows.slice(9)], { columns: ['thread'] })
    const table = tableFromIPC(log)
    expect(table.batches.map(({ numRows }) => numRows)).toEqual([9, 11])
    const names = Object.fromEntries(Object.entries(VOCABULARY).map(([name, code]) => [code, name]))
    expect(table.toArray().map((row) => row?.toJSON())).toEqual(
      rows.map(({ code, tag, id, other, size, address, context, detail }) => {
        return { kind: names[code], tag, id, other, size, address, thread: context.thread ?? 0, detail }
      }),
    )
  })

  it('[E1] the messages are schema, dictionary, batches and end of stream, all of them whole', async () => {
    const { log } = await logOf([someRows(3), someRows(4)])
    const reader = new MessageReader(log)
    const messages: boolean[][] = []
    for (const message of reader) {
      messages.push([message.isSchema(), message.isDictionaryBatch(), message.isRecordBatch()])
      expect(reader.readMessageBody(message.bodyLength).length).toBe(message.bodyLength)
    }
    expect(messages).toEqual([
      [true, false, false],
      [false, true, false],
      [false, false, true],
      [false, false, true],
    ])
    expect([...log.slice(-8)]).toEqual([255, 255, 255, 255, 0, 0, 0, 0])
    expect(log.length % 8).toBe(0)
  })

  it('[E1] a log without events is an Arrow stream too', async () => {
    const { log, index } = await logOf([])
    expect(RecordBatchReader.from(log).open().schema.fields.length).toBe(7)
    expect(must(await open(log, index)).length).toBe(0)
  })

  it.each<{ columns: ContextField[]; names: string[] }>([
    { columns: [], names: [] },
    { columns: ['stack', 'time'], names: ['time', 'stack'] },
    { columns: ['heap', 'thread', 'stack', 'time'], names: ['time', 'thread', 'heap', 'stack'] },
  ])('[E2] the columns are the operands, then $names, then detail', async ({ columns, names }) => {
    const { log } = await logOf([someRows(3)], { columns })
    const types: Record<string, string> = { time: 'Float64', thread: 'Uint16', heap: 'Uint16', stack: 'Uint32' }
    expect(tableFromIPC(log).schema.fields.map(({ name, type, nullable }) => [name, String(type), nullable])).toEqual([
      ['kind', 'Dictionary<Uint8, Utf8>', false],
      ['tag', 'Uint8', false],
      ['id', 'Uint32', false],
      ['other', 'Uint32', false],
      ['size', 'Float64', false],
      ['address', 'Float64', false],
      ...names.map((name) => [name, types[name], false]),
      ['detail', 'Utf8', true],
    ])
  })

  it('[E3] the dictionary has each name at the place of its opcode', async () => {
    const { log } = await logOf([someRows(3)])
    const dictionary = tableFromIPC(log).getChild('kind')?.data[0]?.dictionary?.toArray()
    const reserved = (opcode: number) => `reserved-${opcode}`
    expect(dictionary).toEqual([reserved(0), 'Give', 'Take', reserved(3), reserved(4), reserved(5), reserved(6), 'Note'])
  })

  it('[E4] header and vocabulary stand in the metadata, and come back whole', async () => {
    const header = { ...HEADER, command: 'python -c "x=[]"', driver: { kind: 'firstFit', base: 1 }, note: 'é\u0000"' }
    const log = memorySink()
    must(must(await writeLog(log, memorySink(), header, { vocabulary: VOCABULARY })).close())
    const { metadata } = tableFromIPC(log.bytes()).schema
    expect(JSON.parse(metadata.get('reheap') ?? '')).toEqual(header)
    expect(JSON.parse(metadata.get('reheap.vocabulary') ?? '')).toEqual(VOCABULARY)
    const opened = must(await openLog(bytesSource(log.bytes()), { vocabulary: { ...VOCABULARY, More: 9 } }))
    expect(opened.header).toEqual(header)
    expect(opened.vocabulary).toEqual(VOCABULARY)
  })

  it('[E7] columns are views on the bytes that were read', async () => {
    const { log } = await logOf([someRows(9)], { columns: ['time', 'thread', 'heap', 'stack'] })
    const batch = must(await must(await open(log)).batch(0))
    for (const name of ['code', 'tag', 'id', 'other', 'size', 'address', 'time', 'thread', 'heap', 'stack'] as const) {
      expect(batch[name]?.buffer, name).toBe(log.buffer)
    }
  })

  it('[E7] bytes that do not start at a multiple of 8 are copied once', async () => {
    const rows = someRows(9)
    const { log } = await logOf([rows])
    const shifted = new Uint8Array(log.length + 3).subarray(3)
    shifted.set(log)
    const batch = must(await must(await open(shifted)).batch(0))
    expect(rowsOf(batch)).toEqual(rows)
    expect(batch.address.buffer).toBe(batch.code.buffer)
  })

  it('[E29] a batch has at most 65,536 events', async () => {
    const rows = columnsOf(someRows(1))
    for (let n = 1; n < 150_000; n++) rows.push(1, 0, n, 0, 0, 0)
    const sink = memorySink()
    const writer = must(await writeLog(sink, memorySink(), HEADER, { vocabulary: VOCABULARY }))
    must(writer.append(rows))
    must(writer.close())
    expect(tableFromIPC(sink.bytes()).batches.map(({ numRows }) => numRows)).toEqual([65_536, 65_536, 18_928])
  })

  it('[E29] a batch whose details are long is closed early', async () => {
    const long = JSON.stringify({ label: 'x'.repeat(5_000_000) })
    const rows = someRows(9).map((row) => ({ ...row, detail: long }))
    const { log } = await logOf([rows])
    const opened = must(await open(log))
    expect(opened.batchCount).toBe(3)
    expect(must(await opened.batch(1)).length).toBe(4)
    expect(must(await opened.batch(2)).detail(0)).toBe(long)
  })
})
