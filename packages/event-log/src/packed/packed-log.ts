/**
 * A log packed for a page: a tenth of the stored form's size, and to be read only from its beginning.
 *
 * After eight bytes of its own follows a gzip member, whose checksum stands for the whole: the header as JSON, then each batch, both behind
 * their length in four bytes; a length of 0 ends it.
 */
import type { EventBatch } from '@reheap/kernel'
import { type Either, left, right } from 'fp-ts/lib/Either.js'
import { Malformed } from '../error.ts'
import { LogHeader } from '../header.ts'
import { keepStream, letGo } from '../kept-streams.ts'
import { BatchPacker } from './batch.ts'
import { countAt, counted } from './details.ts'

const MAGIC = new TextEncoder().encode('reheap\u0000\u0002')
const COUNT_BYTES = 4

/** Are these the first bytes of a packed log? */
export const isPacked = (head: Uint8Array): boolean => head.length >= MAGIC.length && MAGIC.every((byte, place) => head[place] === byte)

/** A stream that packs bytes. */
export interface Gzip {
  readonly readable: ReadableStream
  readonly writable: WritableStream
}

/**
 * Packs a log piece by piece.
 *
 * @param gzip default the platform's own, whose level nobody chooses
 * @throws what `batches` throws
 */
export async function* packLog(
  header: LogHeader,
  batches: AsyncIterable<EventBatch>,
  { readable, writable }: Gzip = new CompressionStream('gzip'),
): AsyncGenerator<Uint8Array, void, undefined> {
  yield MAGIC
  const writer = writable.getWriter()
  const feed = async (): Promise<void> => {
    const packer = new BatchPacker()
    const put = async (piece: Uint8Array): Promise<void> => {
      await writer.write(counted(piece.length) as never)
      await writer.write(piece as never)
    }
    await put(new TextEncoder().encode(JSON.stringify(header)))
    for await (const batch of batches) if (batch.length > 0) await put(packer.write(batch))
    await writer.write(counted(0) as never)
    await writer.close()
  }
  // What the batches throw reaches the reader below.
  feed().catch((cause: unknown) => writer.abort(cause).catch(() => {}))
  const reader = readable.getReader()
  for (let part = await reader.read(); part.done !== true; part = await reader.read()) yield part.value
}

/** A packed log that is open. */
export interface PackedLog {
  readonly header: LogHeader
  readonly batches: AsyncIterable<Either<{ readonly message: string }, EventBatch>>
}

/** Opens a packed log. Left: what is wrong with it, in one line. */
export async function unpackLog(packed: Blob, name: string): Promise<Either<{ readonly message: string }, PackedLog>> {
  const message = (what: string): string => `${name}: ${what}; make the report again`
  const pieces = piecesOf(packed)
  try {
    const head = new Uint8Array(await packed.slice(0, MAGIC.length).arrayBuffer())
    if (!isPacked(head)) return left({ message: message('is no packed log') })
    const first = await pieces.next()
    const header: unknown = first.done === true ? null : JSON.parse(new TextDecoder().decode(first.value))
    if (LogHeader.is(header)) return right({ header, batches: unpacked(pieces, message) })
    await pieces.return()
    return left({ message: message('has no header that can be read') })
  } catch (error) {
    await pieces.return()
    return left({ message: message(faultOf(error)) })
  }
}

async function* unpacked(
  pieces: AsyncGenerator<Uint8Array, void, undefined>,
  message: (what: string) => string,
): AsyncGenerator<Either<{ readonly message: string }, EventBatch>, void, undefined> {
  const packer = new BatchPacker()
  let events = 0
  try {
    for await (const piece of pieces) {
      const batch = packer.read(piece, events)
      events += batch.length
      yield right(batch)
    }
  } catch (error) {
    yield left({ message: message(`${faultOf(error)} behind event ${events}`) })
  }
}

const faultOf = (error: unknown): string => (error instanceof Malformed ? error.message : 'is damaged')

/** The pieces behind their lengths. @throws Malformed where it ends early, and what the decompression throws */
async function* piecesOf(packed: Blob): AsyncGenerator<Uint8Array, void, undefined> {
  const stream = keepStream(packed.slice(MAGIC.length).stream())
  try {
    yield* unzippedPieces(stream.pipeThrough(new DecompressionStream('gzip')).getReader())
  } finally {
    letGo(stream)
  }
}

async function* unzippedPieces(reader: ReadableStreamDefaultReader<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  let rest = new Uint8Array(0)
  const take = async (length: number): Promise<Uint8Array> => {
    const parts = [rest]
    let have = rest.length
    while (have < length) {
      const next = await reader.read()
      if (next.done === true) throw new Malformed('it ends inside a batch')
      parts.push(next.value as Uint8Array<ArrayBuffer>)
      have += next.value.length
    }
    const all = new Uint8Array(have)
    let at = 0
    for (const part of parts) {
      all.set(part, at)
      at += part.length
    }
    rest = all.subarray(length)
    return all.subarray(0, length)
  }
  for (let length = countAt(await take(COUNT_BYTES), 0); length > 0; length = countAt(await take(COUNT_BYTES), 0)) yield await take(length)
  // The checksum stands at the very end.
  for (let next = await reader.read(); next.done !== true; next = await reader.read());
}
