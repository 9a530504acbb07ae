import { through } from './byte-transform.ts'

/** Plain bytes as one gzip member, for a `.jsonl.gz`. Closes the source when it is left. @throws what the source throws */
export function gzipped(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  return through(chunks[Symbol.asyncIterator](), new CompressionStream('gzip'))
}
