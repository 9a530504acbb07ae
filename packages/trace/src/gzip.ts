/** Compression by the streams that Node and browsers have in common, as async iterators. */

/** Compressed data that is cut off or damaged. */
export class GzipDamage extends Error {
  override readonly name = 'GzipDamage'
}

type ByteTransform = { readonly readable: ReadableStream; readonly writable: WritableStream }

/** The bytes of a source, through a transform; what the source throws is thrown on. Reads ahead no further than the transform's queue. */
async function* through(source: AsyncIterator<Uint8Array>, { readable, writable }: ByteTransform): AsyncGenerator<Uint8Array> {
  const writer = writable.getWriter()
  const reader = readable.getReader()
  const failures: unknown[] = []
  const next = async (): Promise<IteratorResult<Uint8Array>> => {
    try {
      return await source.next()
    } catch (cause) {
      failures.push(cause)
      throw cause
    }
  }
  const feed = async (): Promise<void> => {
    for (let chunk = await next(); chunk.done !== true; chunk = await next()) await writer.write(chunk.value)
    await writer.close()
  }
  // A failure reaches the caller through the reader, so the feeding promise itself never fails.
  feed().catch((cause: unknown) => writer.abort(cause).catch(() => {}))
  try {
    for (let part = await reader.read(); part.done !== true; part = await reader.read()) yield part.value as Uint8Array
  } catch (damage) {
    if (failures.length > 0) throw failures[0]
    throw new GzipDamage(damage instanceof Error ? damage.message : String(damage), { cause: damage })
  } finally {
    await reader.cancel().catch(() => {})
  }
}

/** Gzip data as plain bytes; members that follow one another are read as one. @throws GzipDamage */
export function gunzipped(source: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  return through(source, new DecompressionStream('gzip'))
}

/** Plain bytes as one gzip member, for a `.jsonl.gz`. */
export function gzipped(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  return through(chunks[Symbol.asyncIterator](), new CompressionStream('gzip'))
}
