import { gunzipped } from '#gunzip'
import { sourceFailure } from './byte-failure.ts'
import { detectFormat } from './detect.ts'

/** A source whose own failures can be told from those of decompression. */
function marked(source: AsyncIterator<Uint8Array>): AsyncIterator<Uint8Array> {
  return {
    next: () =>
      source.next().catch((cause: unknown) => {
        throw sourceFailure(cause)
      }),
  }
}

/** Bytes that were read already, then the rest of their source. */
function resumed(head: readonly Uint8Array[], source: AsyncIterator<Uint8Array>): AsyncIterator<Uint8Array> {
  const left = [...head]
  return {
    next: () => {
      const value = left.shift()
      return value === undefined ? source.next() : Promise.resolve({ done: false, value })
    },
  }
}

/** Chunks in one piece. */
export function concat(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

/**
 * Chunks of a file as plain bytes, decompressed if their content is gzip. Closes the source when it
 * is left.
 *
 * @throws SourceFailure, GzipDamage
 */
export async function* plainBytes(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const opened = chunks[Symbol.asyncIterator]()
  const source = marked(opened)
  try {
    const head: Uint8Array[] = []
    for (let bytes = 0; bytes < 2; ) {
      const next = await source.next()
      if (next.done === true) break
      head.push(next.value)
      bytes += next.value.length
    }
    const whole = resumed(head, source)
    const isGzip = detectFormat(concat(head)).format === 'gzip'
    const bytes = isGzip ? gunzipped(whole) : { [Symbol.asyncIterator]: () => whole }
    for await (const chunk of bytes) yield chunk
  } finally {
    await opened.return?.()
  }
}
