import { Malformed } from './error.ts'
import { FlatTable } from './flatbuffer.ts'
import type { ByteSource } from './source.ts'

/** Starts every message of an Arrow stream; four zero bytes behind it instead of a length end the stream. */
export const CONTINUATION = 0xffff_ffff
/** The end-of-stream marker. */
export const END_OF_STREAM = Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0)
/** Bytes before the metadata of a message: continuation and metadata length. */
export const FRAME_BYTES = 8

/** Longest metadata that is written and believed. */
export const METADATA_BYTES_MAX = 1 << 24
/** Longest body that is believed. */
export const BODY_BYTES_MAX = 0x7fff_fff8

/** Arrow's numbers of message types. */
export const MESSAGE = { schema: 1, dictionaryBatch: 2, recordBatch: 3 } as const
/** Arrow's number of metadata version 5, the only one in use. */
const METADATA_V5 = 4

/** The head of a message, that is framing and metadata, or what stands there instead. */
export type Head =
  | { readonly kind: 'message'; readonly bytes: Uint8Array }
  | { readonly kind: 'endOfStream' }
  /** The file ends before the head does. */
  | { readonly kind: 'cut' }
  | { readonly kind: 'noMessage' }

/** Bytes read at a guess, so that most heads take one read. */
const HEAD_GUESS = 2048

/** The head of the message at `at`. */
export async function readHead(source: ByteSource, at: number, size: number): Promise<Head> {
  const guess = await source.read(at, Math.min(HEAD_GUESS, size - at))
  const shared = Math.min(guess.length, 4)
  for (let i = 0; i < shared; i++) if (guess[i] !== 0xff) return { kind: 'noMessage' }
  if (guess.length < FRAME_BYTES) return { kind: 'cut' }
  const metadataBytes = new DataView(guess.buffer, guess.byteOffset, FRAME_BYTES).getInt32(4, true)
  if (metadataBytes === 0) return { kind: 'endOfStream' }
  if (metadataBytes < 0 || metadataBytes % 8 !== 0 || metadataBytes > METADATA_BYTES_MAX) return { kind: 'noMessage' }
  const bytes = FRAME_BYTES + metadataBytes
  if (at + bytes > size) return { kind: 'cut' }
  const head = bytes <= guess.length ? guess.subarray(0, bytes) : await source.read(at, bytes)
  return head.length < bytes ? { kind: 'cut' } : { kind: 'message', bytes: head }
}

/** Length of the head that `message` starts with. */
export function headBytes(message: Uint8Array): number {
  if (message.length < FRAME_BYTES) throw new Malformed('the message is cut')
  const view = new DataView(message.buffer, message.byteOffset, FRAME_BYTES)
  const bytes = FRAME_BYTES + view.getInt32(4, true)
  if (view.getUint32(0, true) !== CONTINUATION || bytes <= FRAME_BYTES || bytes % 8 !== 0 || bytes > message.length) {
    throw new Malformed('the message has no frame')
  }
  return bytes
}

/** A message's metadata. */
export interface Message {
  readonly type: number
  readonly header: FlatTable
  readonly bodyBytes: number
  /** The message's own key-value metadata. */
  readonly metadata: readonly FlatTable[]
}

/** Decodes a head. */
export function decodeMessage(head: Uint8Array): Message {
  const message = FlatTable.root(head.subarray(FRAME_BYTES))
  if (message.int16(0) !== METADATA_V5) throw new Malformed('metadata is not of version 5')
  const bodyBytes = message.count(3)
  if (bodyBytes % 8 !== 0 || bodyBytes > BODY_BYTES_MAX) throw new Malformed('a body has an impossible length')
  return { type: message.uint8(1), header: message.table(2), bodyBytes, metadata: message.tables(4) }
}

/** The entry of key-value metadata with this key. */
export function keyValue(metadata: readonly FlatTable[], key: string): FlatTable | undefined {
  return metadata.find((entry) => entry.string(0) === key)
}

/** The value of an entry of key-value metadata, as text. */
export function textOf(entry: FlatTable): string {
  return entry.string(1)
}

/** Where in `head` the value of an entry of key-value metadata stands; it must have `length` bytes. */
export function valueAt(entry: FlatTable, length: number): number {
  const span = entry.span(1)
  if (span.length !== length) throw new Malformed('a checksum has the wrong length')
  return FRAME_BYTES + span.start
}
