import type { ByteSource } from './source.ts'

/** Bytes that are passed over rather than that another stream is begun: a browser begins one in the time of some megabytes. */
const PASSED_MAX = 2 ** 24
/** What one read of a stream may give. */
const STAGE_BYTES = 2 ** 18

/** A `Blob`, or a `File` chosen in a browser, as a source: fast where places are read in their order. */
export function blobSource(blob: Blob, name = 'log'): ByteSource {
  const forward = new ForwardReading(blob)
  return {
    name,
    size: async () => blob.size,
    read: (offset, length, into) => forward.read(offset, Math.max(0, Math.min(length, blob.size - offset)), into),
    close: () => forward.end(),
  }
}

/** Reads a blob through one stream as long as nothing before it is wanted, one read after the other. */
class ForwardReading {
  readonly #blob: Blob
  #stream: ByteStream | null = null
  /** Place of the first byte of `#rest`. */
  #at = 0
  /** What the stream has given and nobody has taken. */
  #rest = new Uint8Array(0)
  /** Settled when the read before is done. */
  #last: Promise<unknown> = Promise.resolve()

  constructor(blob: Blob) {
    this.#blob = blob
  }

  read(offset: number, length: number, into?: Uint8Array): Promise<Uint8Array> {
    const bytes = into === undefined || into.length < length ? new Uint8Array(length) : into.subarray(0, length)
    return this.#next(async () => {
      try {
        await this.#goTo(offset)
        return await this.#filled(bytes)
      } catch (fault) {
        await this.#leave()
        throw fault
      }
    })
  }

  end(): Promise<void> {
    return this.#next(() => this.#leave())
  }

  #next<A>(read: () => Promise<A>): Promise<A> {
    const done = this.#last.then(read, read)
    this.#last = done
    return done
  }

  async #goTo(offset: number): Promise<void> {
    if (this.#stream === null || offset < this.#at || offset - this.#at > PASSED_MAX) {
      await this.#leave()
      this.#stream = new ByteStream(this.#blob.slice(offset))
      this.#at = offset
    }
    while (this.#at < offset && (await this.#take(offset - this.#at)).length > 0);
  }

  async #filled(bytes: Uint8Array): Promise<Uint8Array> {
    for (let filled = 0; filled < bytes.length; ) {
      const given = await this.#take(bytes.length - filled)
      if (given.length === 0) return bytes.subarray(0, filled)
      bytes.set(given, filled)
      filled += given.length
    }
    return bytes
  }

  /** The next bytes, at most so many; none: the blob has ended. They are written over by the next call. */
  async #take(most: number): Promise<Uint8Array> {
    if (this.#rest.length === 0) this.#rest = (await this.#stream?.read()) ?? this.#rest
    const taken = this.#rest.subarray(0, most)
    this.#rest = this.#rest.subarray(taken.length)
    this.#at += taken.length
    return taken
  }

  async #leave(): Promise<void> {
    await this.#stream?.end()
    this.#stream = null
    this.#rest = new Uint8Array(0)
  }
}

/** Bytes that a stream gives; undefined: there are no more. They are written over by the next call. */
type Pull = () => Promise<Uint8Array<ArrayBuffer> | undefined>

/** A blob from its beginning on. */
class ByteStream {
  readonly read: Pull
  readonly #reader: { cancel(): Promise<void> }

  constructor(blob: Blob) {
    const stream = blob.stream()
    try {
      const reader = stream.getReader({ mode: 'byob' })
      this.#reader = reader
      this.read = inOneMemory(reader)
    } catch {
      // Not every platform reads blobs into given memory.
      const reader = stream.getReader()
      this.#reader = reader
      this.read = async () => (await reader.read()).value
    }
  }

  /** Never fails: a stream that has failed is at its end. */
  end(): Promise<void> {
    return this.#reader.cancel().catch(() => {})
  }
}

/** New memory costs a browser more than the bytes that come into it. */
function inOneMemory(reader: ReadableStreamBYOBReader): Pull {
  let stage = new ArrayBuffer(STAGE_BYTES)
  return async () => {
    const { value, done } = await reader.read(new Uint8Array(stage))
    if (value !== undefined) stage = value.buffer
    return done ? undefined : value
  }
}
