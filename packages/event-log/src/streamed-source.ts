import { keepStream, letGo } from './kept-streams.ts'
import type { ByteSource } from './source.ts'

/** Bytes that are passed over rather than that another stream is begun: a browser begins one in the time of some megabytes. */
const PASSED_MAX = 2 ** 24
/** What one read of a stream may give. */
const STAGE_BYTES = 2 ** 18

const NOTHING = new Uint8Array(0)

/** Bytes that can be streamed from any place on: a `Blob`, a file of a server. */
export interface ByteStreams {
  readonly size: number
  from(offset: number): ReadableStream<Uint8Array> | Promise<ReadableStream<Uint8Array>>
}

/** A source that is fast where places are read in their order: one stream then gives them all, until the source is closed. */
export function streamedSource(bytes: ByteStreams, name = 'log'): ByteSource {
  const forward = new ForwardReading(bytes)
  return {
    name,
    size: async () => bytes.size,
    read: (offset, length, into) => forward.read(offset, Math.max(0, Math.min(length, bytes.size - offset)), into),
    close: () => forward.end(),
  }
}

/** A `Blob`, or a `File` chosen in a browser, as a source: fast where places are read in their order. */
export function blobSource(blob: Blob, name = 'log'): ByteSource {
  return streamedSource({ size: blob.size, from: (offset) => blob.slice(offset).stream() }, name)
}

/** Reads through one stream as long as nothing before it is wanted, one read after the other. */
class ForwardReading {
  readonly #bytes: ByteStreams
  #stream: ByteStream | null = null
  /** What the stream gave last. */
  #given: Uint8Array = NOTHING
  /** Place of its first byte. */
  #from = 0
  /** How much of it is behind the place that is read next. */
  #taken = 0
  /** Settled when the read before is done. */
  #last: Promise<unknown> = Promise.resolve()

  constructor(bytes: ByteStreams) {
    this.#bytes = bytes
  }

  read(offset: number, length: number, into?: Uint8Array): Promise<Uint8Array> {
    const bytes = into === undefined || into.length < length ? new Uint8Array(length) : into.subarray(0, length)
    if (length === 0) return Promise.resolve(bytes)
    return this.#next(async () => {
      try {
        await this.#goTo(offset)
        return await this.#filled(bytes)
      } catch (fault) {
        this.#leave()
        throw fault
      }
    })
  }

  end(): Promise<void> {
    return this.#next(async () => this.#leave())
  }

  #next<A>(read: () => Promise<A>): Promise<A> {
    const done = this.#last.then(read, read)
    this.#last = done
    return done
  }

  async #goTo(offset: number): Promise<void> {
    if (this.#stream === null || offset < this.#from || offset - this.#from - this.#taken > PASSED_MAX) {
      this.#leave()
      this.#stream = new ByteStream(await this.#bytes.from(offset))
      this.#from = offset
    }
    while (offset > this.#from + this.#given.length) if (!(await this.#pull())) return
    this.#taken = offset - this.#from
  }

  async #filled(bytes: Uint8Array): Promise<Uint8Array> {
    for (let filled = 0; filled < bytes.length; ) {
      if (this.#taken === this.#given.length && !(await this.#pull())) return bytes.subarray(0, filled)
      const part = this.#given.subarray(this.#taken, this.#taken + bytes.length - filled)
      bytes.set(part, filled)
      filled += part.length
      this.#taken += part.length
    }
    return bytes
  }

  /** Lets the stream give more. @returns whether there was more */
  async #pull(): Promise<boolean> {
    this.#from += this.#given.length
    this.#given = NOTHING
    this.#taken = 0
    const given = await this.#stream?.read()
    this.#given = given ?? NOTHING
    return given !== undefined
  }

  #leave(): void {
    this.#stream?.end()
    this.#stream = null
    this.#given = NOTHING
    this.#taken = 0
  }
}

/** Bytes that a stream gives; undefined: there are no more. They are written over by the next call. */
type Pull = () => Promise<Uint8Array | undefined>

/** A stream, read into the same memory again and again where the platform can do that. */
class ByteStream {
  readonly read: Pull
  readonly #stream: ReadableStream<Uint8Array>
  readonly #reader: { cancel(): Promise<void> }

  constructor(stream: ReadableStream<Uint8Array>) {
    this.#stream = keepStream(stream)
    try {
      const reader = stream.getReader({ mode: 'byob' })
      this.#reader = reader
      this.read = inOneMemory(reader)
    } catch {
      // Not every stream reads into given memory.
      const reader = stream.getReader()
      this.#reader = reader
      this.read = async () => (await reader.read()).value
    }
  }

  /** A stream that has failed is at its end already. */
  end(): void {
    letGo(this.#stream)
    this.#reader.cancel().catch(() => {})
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
