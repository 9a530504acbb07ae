import { failureOf } from './byte-failure.ts'
import { through } from './byte-transform.ts'

/** Gzip data as plain bytes, where there is no Node: a second member is refused by the platform. @throws SourceFailure, GzipDamage */
export async function* gunzipped(source: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of through(source, new DecompressionStream('gzip'))) yield chunk
  } catch (thrown) {
    throw failureOf(thrown)
  }
}
