/** A stream of the platform that takes bytes and gives bytes. */
export interface ByteTransform {
  readonly readable: ReadableStream
  readonly writable: WritableStream
}

/** The bytes of a source, through a transform. Closes the source when it is left. @throws what the source or the transform throws */
export async function* through(source: AsyncIterator<Uint8Array>, { readable, writable }: ByteTransform): AsyncGenerator<Uint8Array> {
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
  } catch (thrown) {
    throw failures.length > 0 ? failures[0] : thrown
  } finally {
    await reader.cancel().catch(() => {})
    await source.return?.()
  }
}
