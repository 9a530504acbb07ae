/** A stream of the platform that takes bytes and gives bytes. */
export interface ByteTransform {
  readonly readable: ReadableStream
  readonly writable: WritableStream
}

/** The bytes of a source, through a transform. Closes the source when it is left. @throws what the source or the transform throws */
export async function* through(source: AsyncIterator<Uint8Array>, { readable, writable }: ByteTransform): AsyncGenerator<Uint8Array> {
  const writer = writable.getWriter()
  const reader = readable.getReader()
  const feed = async (): Promise<void> => {
    for (let chunk = await source.next(); chunk.done !== true; chunk = await source.next()) await writer.write(chunk.value)
    await writer.close()
  }
  // What the source throws reaches the caller through the reader, so the feeding promise itself never fails.
  feed().catch((cause: unknown) => writer.abort(cause).catch(() => {}))
  try {
    for (let part = await reader.read(); part.done !== true; part = await reader.read()) yield part.value as Uint8Array
  } finally {
    await reader.cancel().catch(() => {})
    await source.return?.()
  }
}
