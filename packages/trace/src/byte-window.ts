import { detectFormat } from './detect.ts'
import { gunzipped } from './gzip.ts'

/** The source of the bytes failed, not their content; `cause` is what it threw. */
export class SourceFailure extends Error {
  override readonly name = 'SourceFailure'
}

/** Longest line that is read: what memory a file without line feeds can cost. */
export const LINE_BYTES_MAX = 16 * 1024 * 1024

const LINE_FEED = 0x0a
const EMPTY = new Uint8Array(0)

/** A source whose own failures can be told from those of decompression. */
function marked(chunks: AsyncIterable<Uint8Array>): AsyncIterator<Uint8Array, unknown> {
  const source = chunks[Symbol.asyncIterator]()
  return {
    next: () =>
      source.next().catch((cause: unknown) => {
        throw new SourceFailure(cause instanceof Error ? cause.message : String(cause), { cause })
      }),
    return: async () => (await source.return?.()) ?? { done: true, value: undefined },
  }
}

/** Chunks as plain bytes: decompressed if the first two bytes say gzip. Closes the source when it is left. */
async function* plain(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const source = marked(chunks)
  try {
    let head = EMPTY
    let next = await source.next()
    for (; next.done !== true && head.length < 2; next = await source.next()) head = concat([head, next.value])
    // ...
  } finally {
    await source.return?.()
  }
}
