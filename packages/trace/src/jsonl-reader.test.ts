import { createReadStream } from 'node:fs'
import { gzipSync } from 'node:zlib'
import type { EventBatch } from '@reheap/kernel'
import fc from 'fast-check'
import { isLeft, isRight } from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'
import { anyEvent } from '../test/arbitrary-event.ts'
import { bytesOf, chunked, HEADER, outcomeOf, outcomeOfText, rowsOf } from '../test/lines.ts'
import { BATCH_ROWS, readJsonl } from './jsonl-reader.ts'
import { LINE_BYTES_MAX } from './line-window.ts'

const FREE = '{"kind":"Free","domain":"obj","block":1}'
const LOG = `${HEADER}\n${FREE}\n{"kind":"Mark","label":"é"}\n${FREE}\n`
const { rows: LOG_ROWS } = await outcomeOfText(LOG)

/** A source that says how far it was read and whether it was closed. */
function watched(chunks: Iterable<Uint8Array>) {
  const seen = { chunks: 0, closed: 0 }
  async function* source(): AsyncGenerator<Uint8Array> {
    try {
      for (const chunk of chunks) {
        seen.chunks += 1
        yield chunk
      }
    } finally {
      seen.closed += 1
    }
  }
  return { seen, source: source() }
}

const repeated = (line: string, times: number): Uint8Array => bytesOf(`${HEADER}\n${`${line}\n`.repeat(times)}`)

function* slices(bytes: Uint8Array, size: number): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

describe('gzip', () => {
  const whole = gzipSync(LOG)

  test('[T22] gzip is read as what it holds', async () => {
    expect(await outcomeOf(chunked(whole, 7))).toMatchObject({ rows: LOG_ROWS, errors: [] })
  })

  test('[T22] members one after the other are one log', async () => {
    const [first, second] = [LOG.slice(0, 100), LOG.slice(100)].map((part) => gzipSync(part))
    const members = new Uint8Array([...(first ?? []), ...(second ?? [])])
    for (const size of [1, 50, 10_000]) expect(await outcomeOf(chunked(members, size))).toMatchObject({ rows: LOG_ROWS, errors: [] })
  })

  test('[T22] data cut at any byte is an error', async () => {
    for (let length = 2; length < whole.length; length++) {
      const { errors } = await outcomeOf(chunked(whole.subarray(0, length)), 'log.jsonl.gz')
      expect(errors.map((error) => error.message)).toEqual([
        expect.stringMatching(
          /^log\.jsonl\.gz:\d: the compressed data is cut off or damaged at about this line \(.+\); copy the file again$/,
        ),
      ])
    }
  })

  test('[T22] a wrong checksum and bytes behind the end are errors', async () => {
    const flipped = whole.slice()
    flipped[whole.length - 6] = (flipped[whole.length - 6] ?? 0) ^ 1
    const trailing = new Uint8Array([...whole, ...bytesOf('more text')])
    for (const bytes of [flipped, trailing]) {
      const { errors } = await outcomeOf(chunked(bytes))
      expect(errors[0]?.message).toContain('the compressed data is cut off or damaged')
    }
  })

  test('[T22] gzip inside gzip is refused', async () => {
    const { errors } = await outcomeOf(chunked(gzipSync(whole)))
    expect(errors[0]?.message).toContain('got gzip inside gzip')
  })
})

describe('lines', () => {
  test('[T23] carriage returns, blank lines and a byte order mark are passed over', async () => {
    const text = `\ufeff\n${LOG.replaceAll('\n', '\r\n').replaceAll(FREE, `\r\n \t\n${FREE}`)}\n\n`
    expect(await outcomeOfText(text)).toMatchObject({ rows: LOG_ROWS, errors: [] })
  })

  test('[T23] blank lines count', async () => {
    const { errors } = await outcomeOfText(`\n${HEADER}\n\n\n${FREE}\n\nx\n`)
    expect(errors[0]?.line).toBe(7)
  })

  test('[T24] the last line may lack its line feed', async () => {
    expect(await outcomeOfText(LOG.trimEnd())).toMatchObject({ rows: LOG_ROWS, errors: [] })
    expect(await outcomeOfText(HEADER)).toMatchObject({ rows: [], errors: [] })
  })

  test('[T24] a log cut inside its last line gives the events before it and says so', async () => {
    const bytes = bytesOf(LOG)
    const last = bytes.length - FREE.length - 1
    for (let length = last + 1; length < bytes.length - 1; length++) {
      const { rows, errors } = await outcomeOf(chunked(bytes.subarray(0, length)))
      expect(rows).toEqual(LOG_ROWS.slice(0, 2))
      expect(errors).toMatchObject([{ line: 4, message: expect.stringContaining('the file ends inside this line') }])
    }
  })

  test('[T24] a cut inside a letter of two bytes is told as a cut', async () => {
    const bytes = bytesOf(`${HEADER}\n{"kind":"Mark","label":"é`)
    const { errors } = await outcomeOf(chunked(bytes.subarray(0, bytes.length - 1)))
    expect(errors[0]?.message).toContain('the file ends inside this line')
  })

  test('[T25] a line of 16 MiB is read, one byte more is refused', async () => {
    const mark = (bytes: number): string => `{"kind":"Mark","label":"${'x'.repeat(bytes - '{"kind":"Mark","label":""}'.length)}"}`
    expect((await outcomeOfText(`${HEADER}\n${mark(LINE_BYTES_MAX)}\n`)).errors).toEqual([])
    const { errors } = await outcomeOfText(`${HEADER}\n${mark(LINE_BYTES_MAX + 1)}\n`)
    expect(errors.map((error) => error.message)).toEqual([
      'log.jsonl:2: expected lines of at most 16777216 bytes, got a longer one; correct this line or export the log again',
    ])
  })

  test('[T25] a file without an end of line is read no further than that', async () => {
    const chunk = bytesOf('{'.repeat(1024 * 1024))
    const { seen, source } = watched(
      (function* endless() {
        yield bytesOf(`${HEADER}\n`)
        for (;;) yield chunk
      })(),
    )
    const { errors } = await outcomeOf(source)
    expect(errors).toMatchObject([{ line: 2 }])
    expect(seen).toEqual({ chunks: 18, closed: 1 })
  })

  test('[T26] the division into chunks makes no difference', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyEvent, { maxLength: 10 }), fc.array(fc.nat({ max: 40 })), fc.boolean(), async (events, sizes, isCut) => {
        const bytes = bytesOf([HEADER, ...events.map((event) => JSON.stringify(event)), isCut ? '{"kind"' : ''].join('\n'))
        async function* divided(): AsyncGenerator<Uint8Array> {
          let at = 0
          for (const size of sizes) {
            yield bytes.subarray(at, at + size)
            at += size
          }
          yield bytes.subarray(at)
        }
        const whole = await outcomeOf(chunked(bytes))
        const { rows, errors } = await outcomeOf(divided())
        expect(rows).toEqual(whole.rows)
        expect(errors).toEqual(whole.errors)
      }),
      { numRuns: 300 },
    )
  })
})

describe('batches', () => {
  test('[T27] batches are full but for the last, follow one another and own their memory', async () => {
    const log = await readJsonl(chunked(repeated(FREE, 2 * BATCH_ROWS + 3)), { name: 'log.jsonl' })
    if (isLeft(log)) throw new Error(log.left.message)
    const batches: EventBatch[] = []
    for await (const batch of log.right.batches) if (isRight(batch)) batches.push(batch.right)
    expect(batches.map(({ length, firstIndex }) => [length, firstIndex])).toEqual([
      [65_536, 0],
      [65_536, 65_536],
      [3, 131_072],
    ])
    expect(new Set(batches.map((batch) => batch.code.buffer)).size).toBe(3)
  })

  test('[T27] no batch is empty', async () => {
    const { batches } = await outcomeOf(chunked(repeated(FREE, BATCH_ROWS)))
    expect(batches.map((batch) => batch.length)).toEqual([BATCH_ROWS])
    expect((await outcomeOfText(HEADER)).batches).toEqual([])
  })

  test('[T28] rows before an error come first; the error is the last value, and no row comes after it', async () => {
    const log = await readJsonl(chunked(bytesOf(`${HEADER}\n${FREE}\n${FREE}\nx\n${FREE}\n`)), { name: 'log.jsonl' })
    if (isLeft(log)) throw new Error(log.left.message)
    const values = []
    for await (const value of log.right.batches) values.push(isLeft(value) ? value.left.line : rowsOf(value.right).length)
    expect(values).toEqual([2, 4])
  })

  test('[T29] the file is read as batches are asked for', async () => {
    const bytes = repeated(FREE, 3 * BATCH_ROWS)
    const size = 10_000
    const { seen, source } = watched(slices(bytes, size))
    const log = await readJsonl(source, { name: 'log.jsonl' })
    if (isLeft(log)) throw new Error(log.left.message)
    expect(seen.chunks).toBe(1)
    const end = (rows: number): number => Math.ceil((HEADER.length + 1 + rows * (FREE.length + 1)) / size)
    await log.right.batches.next()
    expect(seen.chunks).toBe(end(BATCH_ROWS))
    await log.right.batches.next()
    expect(seen.chunks).toBe(end(2 * BATCH_ROWS))
  })

  test.each(['plain', 'gzip'])('[T29] the source of a %s log is closed once when the loop is left', async (form) => {
    const text = repeated('{"kind":"Mark","label":"x"}', 2 * BATCH_ROWS)
    const { seen, source } = watched(slices(form === 'gzip' ? gzipSync(text, { level: 0 }) : text, 1000))
    const log = await readJsonl(source, { name: 'log.jsonl' })
    if (isLeft(log)) throw new Error(log.left.message)
    for await (const _batch of log.right.batches) break
    expect(seen.closed).toBe(1)
    expect(seen.chunks).toBeLessThan(text.length / 1000)
  })

  test('[T29] the source is closed when the header is refused, when it is all read, and by close', async () => {
    for (const text of ['{"reheap":2}\n', 'hello', `${HEADER}\nx\n`, LOG]) {
      const { seen, source } = watched(slices(bytesOf(text), 1000))
      await outcomeOf(source)
      expect(seen.closed).toBe(1)
    }
    const { seen, source } = watched(slices(repeated(FREE, 100), 100))
    const log = await readJsonl(source, { name: 'log.jsonl' })
    if (isRight(log)) await log.right.close()
    expect(seen).toEqual({ chunks: 1, closed: 1 })
  })

  test.each(['plain', 'gzip'])('[T30] a source that fails in the middle of a %s log is an error', async (form) => {
    const text = repeated(FREE, 1000)
    async function* failing(): AsyncGenerator<Uint8Array> {
      yield (form === 'gzip' ? gzipSync(text, { level: 0 }) : text).subarray(0, 20_000)
      throw new Error('EIO: i/o error,\n read')
    }
    const { errors } = await outcomeOf(failing())
    expect(errors).toEqual([
      {
        name: 'log.jsonl',
        line: null,
        field: null,
        message: 'log.jsonl: cannot be read (EIO: i/o error, read); check that the file is there and may be read',
      },
    ])
  })

  test('[T30] a source that cannot be opened is an error', async () => {
    const { errors } = await outcomeOf(createReadStream('/no/such/file.jsonl'), '/no/such/file.jsonl')
    expect(errors[0]?.message).toMatch(/^\/no\/such\/file\.jsonl: cannot be read \(ENOENT.*\); check/)
  })
})
