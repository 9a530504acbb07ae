import { Field, Float64, Int32, RecordBatchStreamWriter, Schema, Table, tableFromIPC, tableToIPC, Utf8 } from 'apache-arrow'
import { describe, expect, it } from 'vitest'
import { HEADER, logOf, must, mustFail, open, rowsOf, someRows, VOCABULARY } from '../test/logs.ts'
import { loadHash } from './checksum.ts'
import type { LogError } from './error.ts'
import { openLog } from './event-log.ts'
import { decodeEntry } from './log-index.ts'
import { bytesSource } from './source.ts'

const ascii = (text: string): Uint8Array => new TextEncoder().encode(text)

async function errorOf(bytes: Uint8Array): Promise<LogError> {
  const error = mustFail(await open(bytes))
  expect(error.message).toMatch(/^test\.arrows: [^\n]+; [^\n]+$/)
  return error
}

/** A stream with these fields and this metadata, as another program would write it. */
function streamOf(fields: Field[], metadata: Map<string, string>): Uint8Array {
  const writer = new RecordBatchStreamWriter()
  writer.reset(undefined, new Schema(fields, metadata))
  return writer.finish().toUint8Array(true)
}

/** The schema of a log with its fields changed. */
async function withFields(change: (fields: Field[]) => Field[]): Promise<Uint8Array> {
  const { schema } = tableFromIPC((await logOf([someRows(2)])).log)
  return streamOf(change([...schema.fields]), schema.metadata)
}

describe('files that are no log', () => {
  it('[E20] an empty file is Empty', async () => {
    expect((await errorOf(new Uint8Array(0))).kind).toBe('Empty')
  })

  it.each([
    ['JSON Lines', ascii('{"reheap":1,"runtime":{"name":"cpython","version":"3.11.7"}}\n')],
    ['gzip', Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0)],
    ['an Arrow file, not a stream', tableToIPC(new Table({}), 'file')],
    ['zeros', new Uint8Array(64)],
    ['one byte', ascii('x')],
    ['a frame of impossible length', Uint8Array.of(255, 255, 255, 255, 3, 0, 0, 0)],
    ['an end-of-stream marker alone', Uint8Array.of(255, 255, 255, 255, 0, 0, 0, 0)],
  ])('[E21] %s is Foreign', async (_, bytes) => {
    expect((await errorOf(bytes)).kind).toBe('Foreign')
  })

  it('[E21] an Arrow stream without a header is Foreign', async () => {
    expect((await errorOf(streamOf([new Field('x', new Float64())], new Map([['pandas', '{}']])))).kind).toBe('Foreign')
  })

  it.each([2, 0, 1.5])('[E22] format version %s is UnknownVersion', async (version) => {
    const { schema } = tableFromIPC((await logOf([someRows(2)])).log)
    const metadata = new Map(schema.metadata).set('reheap', JSON.stringify({ ...HEADER, reheap: version }))
    expect(await errorOf(streamOf([...schema.fields], metadata))).toMatchObject({ kind: 'UnknownVersion', version })
  })

  it('[E23] a file that ends inside its prefix is Truncated, whatever the byte', async () => {
    const { log, index } = await logOf([someRows(2)])
    const prefix = decodeEntry(index, 0, await loadHash())?.bytes ?? 0
    for (let length = 1; length < prefix; length++) {
      expect((await errorOf(log.slice(0, length))).kind, `length ${length}`).toBe('Truncated')
    }
    expect(must(await open(log.slice(0, prefix))).length).toBe(0)
  })

  it.each<[string, (fields: Field[]) => Field[], string]>([
    ['of another type', (fields) => fields.with(2, new Field('id', new Int32())), 'column id is int32 and must be uint32'],
    ['of another kind of type', (fields) => fields.with(4, new Field('size', new Utf8())), 'column size is string and must be double'],
    [
      'that is a plain string',
      (fields) => fields.with(0, new Field('kind', new Utf8())),
      'column kind is string and must be dictionary<uint8, string>',
    ],
    ['missing', (fields) => fields.slice(0, 6), 'column detail (string) is missing'],
    ['surplus', (fields) => [...fields, new Field('more', new Utf8())], 'column more is not one of a log'],
    ['misplaced', (fields) => fields.with(1, fields[2] as Field).with(2, fields[1] as Field), 'column 1 is id and must be tag'],
  ])('[E24] a column %s is WrongColumns', async (_, change, words) => {
    const error = await errorOf(await withFields(change))
    expect(error.kind).toBe('WrongColumns')
    expect(error.message).toContain(words)
  })

  it('[E8] a log that another program has rewritten is refused: its checksum is of the old bytes', async () => {
    const { log } = await logOf([someRows(2)])
    expect((await errorOf(tableToIPC(tableFromIPC(log), 'stream'))).kind).toBe('DamagedPrefix')
  })
})

describe('messages', () => {
  it('[E28] are one line, whatever names the file holds', async () => {
    const error = await errorOf(await withFields((fields) => fields.with(1, new Field('a\n\u0000b', new Utf8()))))
    expect(error.message).toContain('column 1 is "a\\n\\u0000b" and must be tag')
    const { log } = await logOf([someRows(1)], { vocabulary: { ...VOCABULARY, 'x\ny': 9 } })
    expect((await errorOf(log)).message).toContain('"x\\ny"')
  })

  it('[E28] of damage start with the name of the file that is damaged', async () => {
    const { log, index } = await logOf([someRows(2), someRows(2)])
    const torn = must(await open(log.slice(0, -30), index.slice(0, -30)))
    expect(torn.damage.map(({ message }) => message.split(': ')[0])).toEqual(['test.arrows.index', 'test.arrows'])
    for (const { message } of torn.damage) expect(message).toMatch(/^[^\n]+; [^\n]+$/)
  })
})

describe('kinds of events', () => {
  it('[E25] that the reader does not know are refused by name', async () => {
    const { log } = await logOf([someRows(2)])
    const error = mustFail(await openLog(bytesSource(log, 'x.arrows'), { vocabulary: { Give: 1 } }))
    expect(error).toMatchObject({ kind: 'UnknownKinds', names: ['Take', 'Note'] })
    expect(error.message).toContain('Take, Note')
  })

  it('[E25] under names that every object has are no exception', async () => {
    const { log } = await logOf(
      [someRows(2)].map((rows) => rows.map((row) => ({ ...row, code: 1 }))),
      { vocabulary: { constructor: 1 } },
    )
    expect(mustFail(await openLog(bytesSource(log), { vocabulary: {} })).kind).toBe('UnknownKinds')
  })

  it('[E25] under other opcodes are translated', async () => {
    const rows = someRows(9)
    const { log } = await logOf([rows])
    const vocabulary = { Note: 1, Give: 200, More: 3, Take: 2 }
    const opened = must(await openLog(bytesSource(log), { vocabulary }))
    expect(opened.vocabulary).toEqual({ Give: 200, Take: 2, Note: 1 })
    const translated = new Map<number, number>([
      [VOCABULARY.Give, 200],
      [VOCABULARY.Take, 2],
      [VOCABULARY.Note, 1],
    ])
    expect(rowsOf(must(await opened.batch(0)))).toEqual(rows.map((row) => ({ ...row, code: translated.get(row.code) })))
    expect(rowsOf(must(await must(await open(log)).batch(0)))).toEqual(rows)
  })
})
