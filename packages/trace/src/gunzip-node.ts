import { pipeline, Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { failureOf } from './byte-failure.ts'

/**
 * Gzip data as plain bytes, where there is Node: members that follow one another are read as one,
 * which Node's web streams refuse from version 24 on. @throws SourceFailure, GzipDamage
 */
export async function* gunzipped(source: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  const gunzip = createGunzip({ chunkSize: 65_536 })
  const compressed = Readable.from({ [Symbol.asyncIterator]: () => source }, { highWaterMark: 1 })
  // A failure destroys `gunzip`, whose iterator throws it.
  pipeline(compressed, gunzip, () => {})
  try {
    for await (const chunk of gunzip) yield chunk as Uint8Array
  } catch (thrown) {
    throw failureOf(thrown)
  }
}
