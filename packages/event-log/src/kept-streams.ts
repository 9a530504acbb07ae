/**
 * Streams that are being read. A browser takes a stream away, and with it whoever waits for it, where nothing but the waiting itself
 * leads to it: then the bytes never come.
 */
const kept = new Set<ReadableStream>()

/** Keeps a stream until it is let go. */
export function keepStream<S extends ReadableStream>(stream: S): S {
  kept.add(stream)
  return stream
}

/** To be called when nobody reads a stream any more. */
export function letGo(stream: ReadableStream): void {
  kept.delete(stream)
}
