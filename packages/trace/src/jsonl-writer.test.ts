import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { type EventBatch, EventColumns, NO_ID } from '@reheap/kernel'
import fc from 'fast-check'
import { isLeft } from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'
import { anyEvent, anyWhole } from '../test/arbitrary-event.ts'
import { bytesOf, chunked, HEADER, outcomeOf, rowsOf } from '../test/lines.ts'
import { writeEvent } from './event-row.ts'
import { gzipped } from './gzip.ts'
import { type JsonlLog, readJsonl } from './jsonl-reader.ts'
import { encodeEvents, encodeHeader, writeJsonl } from './jsonl-writer.ts'
import { TextBuffer } from './text-buffer.ts'
import type { LogEvent } from './vocabulary.ts'

const name = 'log.arrows'

function rowsFrom(events: readonly LogEvent[], firstIndex = 0): EventColumns {
  const rows = new EventColumns(1, firstIndex)
  for (const event of events) writeEvent(event, rows)
  return rows
}

function textOf(rows: EventColumns): string {
  const encoded = encodeEvents(rows, { name })
  if (isLeft(encoded)) throw new Error(encoded.left.message)
  return new TextDecoder().decode(encoded.right)
}

async function* written(chunks: ReturnType<typeof writeJsonl>): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    if (isLeft(chunk)) throw new Error(chunk.left.message)
    yield chunk.right
  }
}

/** Imports a file and exports it again, batch by batch. */
async function throughRows(file: Uint8Array): Promise<Buffer> {
  const log = await readJsonl(chunked(file), { name: 'log.jsonl.gz' })
  if (isLeft(log)) throw new Error(log.left.message)
  async function* batches(from: JsonlLog['batches']): AsyncGenerator<EventBatch> {
    for await (const batch of from) {
      if (isLeft(batch)) throw new Error(batch.left.message)
      yield batch.right
    }
  }
  const parts: Uint8Array[] = []
  for await (const part of written(writeJsonl(log.right.header, batches(log.right.batches), { name }))) parts.push(part)
  return Buffer.concat(parts)
}

const filesOf = (folder: URL): URL[] => (existsSync(folder) ? readdirSync(folder).map((file) => new URL(file, folder)) : [])

/** Two whole recordings of real interpreters, and more of them where a folder of recordings lies beside the checkout. */
const RECORDINGS = [
  ...filesOf(new URL('../test/fixtures/', import.meta.url)),
  ...filesOf(new URL('../../device-memory/test/fixtures/', import.meta.url)).filter(({ pathname }) => pathname.endsWith('.gz')),
  ...filesOf(new URL('../../../../shared/oracles/cpython/', import.meta.url)),
]

describe('export', () => {
  test('[T4] rows written as lines and read back are the same rows', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyEvent, { maxLength: 10 }), async (events) => {
        const rows = rowsFrom(events)
        const { rows: back, errors } = await outcomeOf(chunked(bytesOf(`${HEADER}\n${textOf(rows)}`)))
        expect(errors).toEqual([])
        expect(back).toEqual(rowsOf(rows))
      }),
      { numRuns: 300 },
    )
  })

  test.each(RECORDINGS.map((file) => [file.pathname.split('/').slice(-2).join('/'), file] as const))(
    '[T5] %s is exported to the bytes that it was imported from',
    async (_name, file) => {
      const compressed = readFileSync(file)
      expect((await throughRows(compressed)).equals(gunzipSync(compressed))).toBe(true)
    },
  )

  test('[T6] a line is what JSON.stringify writes of the event in the order of the reference', () => {
    fc.assert(
      fc.property(anyEvent, (event) => {
        expect(textOf(rowsFrom([event]))).toBe(`${JSON.stringify(JSON.parse(JSON.stringify(event)))}\n`)
      }),
      { numRuns: 1000 },
    )
  })

  test('[T6] the lines of the reference', () => {
    const lines = [
      '{"kind":"Malloc","domain":"obj","block":7,"bytes":64,"address":140213}',
      '{"kind":"Malloc","domain":"raw","block":7,"bytes":0}',
      '{"kind":"Calloc","domain":"mem","block":8,"count":4,"elementBytes":16,"address":140737343852544}',
      '{"kind":"Realloc","domain":"obj","block":7,"newBlock":9,"bytes":128,"address":1}',
      '{"kind":"Realloc","domain":"obj","block":null,"newBlock":9,"bytes":128}',
      '{"kind":"Free","domain":"obj","block":null,"time":3,"thread":1,"heap":2,"stack":0}',
      '{"kind":"ArenaMapped","address":140737343852544,"bytes":1048576}',
      '{"kind":"ArenaUnmapped","address":140737343852544}',
      '{"kind":"Mark","label":"scriptEnd","time":9}',
    ]
    expect(textOf(rowsFrom(lines.map((line) => JSON.parse(line))))).toBe(`${lines.join('\n')}\n`)
  })

  test('[T6] every whole number is written in its digits', () => {
    fc.assert(
      fc.property(anyWhole, (value) => {
        const text = new TextBuffer(1)
        text.reserve(16)
        text.putWhole(value)
        expect(new TextDecoder().decode(text.take())).toBe(String(value))
      }),
      { numRuns: 2000 },
    )
  })

  test('[T22] an exported log can be compressed on its way', async () => {
    const rows = rowsFrom(Array.from({ length: 1000 }, (_, block) => ({ kind: 'Free', domain: 'obj', block })))
    const compressed = gzipped(written(writeJsonl(JSON.parse(HEADER), [rows], { name })))
    expect((await outcomeOf(compressed)).rows).toEqual(rowsOf(rows))
  })

  test.each([false, true])(
    '[T33] export, compressed: %s, is paced by its reader and closes its source when it is left',
    async (isCompressed) => {
      const rows = rowsFrom(Array.from({ length: 20_000 }, (_, block) => ({ kind: 'Free', domain: 'obj', block: (block * 7919) % 1e6 })))
      const seen = { batches: 0, closed: 0 }
      async function* batches(): AsyncGenerator<EventBatch> {
        try {
          for (;;) {
            seen.batches += 1
            yield rows
          }
        } finally {
          seen.closed += 1
        }
      }
      const lines = written(writeJsonl(JSON.parse(HEADER), batches(), { name }))
      let pieces = 0
      for await (const _piece of isCompressed ? gzipped(lines) : lines) {
        pieces += 1
        if (pieces === 3) break
      }
      expect(seen.batches).toBeLessThan(isCompressed ? 20 : 3)
      expect(seen.closed).toBe(1)
    },
  )

  test('[T32] a failure of what is compressed is thrown as it is', async () => {
    const failing = gzipped(written(writeJsonl({}, [], { name })))
    await expect(failing.next()).rejects.toThrow('log.arrows: expected the header of a log')
  })
})

describe('what cannot be exported', () => {
  const spoiled = (change: (rows: EventColumns) => void): string | undefined => {
    const rows = rowsFrom(
      [
        { kind: 'Free', domain: 'obj', block: 1 },
        { kind: 'Malloc', domain: 'obj', block: 2, bytes: 3 },
      ],
      40,
    )
    change(rows)
    const encoded = encodeEvents(rows, { name })
    return isLeft(encoded) ? encoded.left.message : undefined
  }
  const damaged = 'the log is damaged, or a newer version wrote it'

  test.each<[string, (rows: EventColumns) => void, string]>([
    ['an unknown opcode', (rows) => rows.code.fill(199, 1), `event 41: opcode: expected one that this version knows, got 199; ${damaged}`],
    [
      'no block where there must be one',
      (rows) => rows.id.fill(NO_ID, 1),
      `event 41: Malloc.block: expected a whole number from 0 to 4294967294, got 4294967295; ${damaged}`,
    ],
    [
      'no size',
      (rows) => rows.size.fill(Number.NaN, 1),
      `event 41: Malloc.bytes: expected a whole number from 0 to 9007199254740991, got NaN; ${damaged}`,
    ],
    [
      'a fraction of a byte',
      (rows) => rows.size.fill(0.5, 1),
      `event 41: Malloc.bytes: expected a whole number from 0 to 9007199254740991, got 0.5; ${damaged}`,
    ],
    [
      'a size above 2^53',
      (rows) => rows.size.fill(2 ** 53, 1),
      `event 41: Malloc.bytes: expected a whole number from 0 to 9007199254740991, got 9007199254740992; ${damaged}`,
    ],
    ['an unknown domain', (rows) => rows.tag.fill(3, 1), `event 41: Malloc.domain: expected a whole number from 0 to 2, got 3; ${damaged}`],
    ['a Mark without a label', (rows) => rows.code.fill(240, 1), `event 41: Mark: expected a detail with label, got none; ${damaged}`],
    [
      'a detail that is not JSON',
      (rows) => {
        rows.code.fill(240, 1)
        rows.setDetail(1, '{"label":')
      },
      `event 41: Mark: expected a detail with label, got text that is not JSON; ${damaged}`,
    ],
    [
      'a detail with a field that is not its own',
      (rows) => {
        rows.code.fill(240, 1)
        rows.setDetail(1, '{"kind":"Free","label":"x"}')
      },
      `event 41: Mark: expected a detail with label, got {"kind":"Free","label":"x"}; ${damaged}`,
    ],
    [
      'a detail with a value of another type',
      (rows) => {
        rows.code.fill(242, 1)
        rows.setDetail(1, '{"of":1,"values":{}}')
      },
      `event 41: Observe.of: expected a string, got 1; ${damaged}`,
    ],
  ])('[T32] %s is refused', (_what, change, expected) => {
    expect(spoiled(change)).toBe(`log.arrows: ${expected}`)
  })

  test('[T32] a header that no line can say is refused', () => {
    expect(encodeHeader({ reheap: 1, runtime: { name: 'cpython', version: '3.11.7' }, kernel: '6.1' }, { name })).toMatchObject({
      left: { field: 'header.kernel' },
    })
  })

  test('[T32] nothing follows an error', async () => {
    const good = rowsFrom([{ kind: 'Free', domain: 'obj', block: 1 }])
    const bad = rowsFrom([{ kind: 'Free', domain: 'obj', block: 1 }])
    bad.code.fill(99)
    const tags: string[] = []
    for await (const chunk of writeJsonl(JSON.parse(HEADER), [good, bad, good], { name })) tags.push(chunk._tag)
    expect(tags).toEqual(['Right', 'Right', 'Left'])
  })
})
