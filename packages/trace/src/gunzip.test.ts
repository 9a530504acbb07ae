import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { bytesOf, chunked } from '../test/lines.ts'
import { sourceFailure } from './byte-failure.ts'
import { gunzipped as gunzippedByNode } from './gunzip-node.ts'
import { gunzipped as gunzippedByWeb } from './gunzip-web.ts'
import { concat } from './plain-bytes.ts'

const TEXT = bytesOf('{"kind":"Free","domain":"obj","block":1}\n'.repeat(5000))
const COMPRESSED = new Uint8Array(gzipSync(TEXT))

async function whole(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  for await (const chunk of chunks) parts.push(chunk)
  return concat(parts)
}

describe.each([
  ['Node', gunzippedByNode],
  ['the web', gunzippedByWeb],
])('decompression by the streams of %s', (_platform, gunzipped) => {
  test.each([1, 100, 65_536])('[T22] in chunks of %d bytes gives the text', async (size) => {
    expect(Buffer.from(await whole(gunzipped(chunked(COMPRESSED, size)))).equals(TEXT)).toBe(true)
  })

  test.each([
    ['cut data', COMPRESSED.subarray(0, -9)],
    ['a wrong checksum', COMPRESSED.with(-6, COMPRESSED[COMPRESSED.length - 6] ^ 1)],
    ['bytes behind the end', new Uint8Array([...COMPRESSED, 1, 2, 3])],
  ])('[T22] refuses %s as damage, in words', async (_what, bytes) => {
    await expect(whole(gunzipped(chunked(bytes)))).rejects.toMatchObject({ name: 'GzipDamage', message: expect.stringMatching(/\w+/) })
  })

  test('[T30] throws the failure of its source as it is', async () => {
    const failure = sourceFailure(new Error('EIO'))
    async function* failing(): AsyncGenerator<Uint8Array> {
      yield COMPRESSED.subarray(0, 100)
      throw failure
    }
    await expect(whole(gunzipped(failing()))).rejects.toBe(failure)
  })

  test('[T29] closes its source when it is left', async () => {
    let closed = 0
    async function* endless(): AsyncGenerator<Uint8Array> {
      try {
        for (;;) yield COMPRESSED
      } finally {
        closed += 1
      }
    }
    for await (const _chunk of gunzipped(endless())) break
    await new Promise((resolve) => setTimeout(resolve, 0))
    expect(closed).toBe(1)
  })
})
