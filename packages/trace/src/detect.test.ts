import { describe, expect, test } from 'vitest'
import { bytesOf, HEADER, outcomeOf } from '../test/lines.ts'
import { DETECT_BYTES, detectFormat } from './detect.ts'

async function* only(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}

describe('formats', () => {
  test.each([
    ['JSON Lines', bytesOf(HEADER), 'jsonl'],
    ['JSON Lines behind a byte order mark', bytesOf(`\ufeff${HEADER}`), 'jsonl'],
    ['JSON Lines behind blank lines', bytesOf(`\n \r\n${HEADER}`), 'jsonl'],
    ['gzip', Uint8Array.of(0x1f, 0x8b, 8, 0), 'gzip'],
    ['an Arrow IPC stream', Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0x10, 1, 0, 0), 'arrows'],
  ])('[T21] %s is told by its first bytes', (_what, head, format) => {
    expect(detectFormat(head.subarray(0, DETECT_BYTES))).toEqual({ format })
  })

  // The magic numbers are those that the formats' own specifications give.
  test.each([
    ['an empty file', Uint8Array.of()],
    ['a zip archive', Uint8Array.of(0x50, 0x4b, 3, 4, 20, 0)],
    ['a program (ELF)', Uint8Array.of(0x7f, 0x45, 0x4c, 0x46, 2, 1)],
    ['a Python pickle (protocol 2)', Uint8Array.of(0x80, 2, 0x7d)],
    ['a Python pickle (protocol 5)', Uint8Array.of(0x80, 5, 0x95)],
    ['an Arrow file with random access (only the Arrow IPC stream is read)', bytesOf('ARROW1\0\0')],
    ['a Parquet file', bytesOf('PAR1')],
    ['a SQLite database', bytesOf('SQLite format 3\0')],
    ['zstd-compressed data', Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd)],
    ['xz-compressed data', Uint8Array.of(0xfd, 0x37, 0x7a, 0x58, 0x5a, 0)],
    ['bzip2-compressed data', bytesOf('BZh9')],
    ['UTF-16 text (JSON Lines are UTF-8)', Uint8Array.of(0xff, 0xfe, 0x7b, 0)],
    ['a JSON list (JSON Lines hold one object a line)', bytesOf(' [{"kind":"Free"}]')],
    ['text that is not JSON Lines', bytesOf('kind,domain\nFree,obj\n')],
    ['a file of another kind', Uint8Array.of(0, 1, 2, 3)],
  ])('[T21] %s is named, and refused as a log', async (content, bytes) => {
    expect(detectFormat(bytes)).toEqual({ format: 'unknown', content })
    const { errors } = await outcomeOf(only(bytes), 'some.log')
    expect(errors).toEqual([
      {
        name: 'some.log',
        line: null,
        field: null,
        message: `some.log: expected a log in JSON Lines, plain or gzip, got ${content}; give such a file`,
      },
    ])
  })

  test('[T21] an Arrow stream is no JSON Lines whatever its name', async () => {
    const { errors } = await outcomeOf(only(Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0, 0)), 'log.jsonl')
    expect(errors[0]?.message).toBe('log.jsonl: expected a log in JSON Lines, plain or gzip, got an Arrow IPC stream; give such a file')
  })
})
