import { Dictionary, Field, Float64, Schema, Uint8, Uint16, Uint32, Utf8 } from 'apache-arrow'
import { BufferRegion, DictionaryBatch, FieldNode, Message, RecordBatch } from 'apache-arrow/ipc/metadata/message'
import { BATCH_CHECKSUMS_KEY } from './batch-head.ts'
import { CHECKSUM_DIGITS } from './checksum.ts'
import { type BodyLayout, DETAIL_COLUMN, type StoredColumn, type StoredType } from './columns.ts'
import type { LogHeader, Vocabulary } from './header.ts'
import { FRAME_BYTES } from './message.ts'
import { SCHEMA_KEYS } from './schema.ts'

/** Stands where a checksum will: replaced once the bytes around it are known. */
const NO_CHECKSUM = '0'.repeat(CHECKSUM_DIGITS)

/** Arrow types by the name that a column calls them. */
const TYPES = {
  'dictionary<uint8, string>': () => new Dictionary(new Utf8(), new Uint8(), 0),
  uint8: () => new Uint8(),
  uint16: () => new Uint16(),
  uint32: () => new Uint32(),
  double: () => new Float64(),
} as const satisfies Record<StoredType, () => unknown>

/** Schema message and dictionary message of a log, with zeros for the checksum. */
export function encodePrefix(header: LogHeader, vocabulary: Vocabulary, columns: readonly StoredColumn[]): Uint8Array {
  const fields = columns.map(({ name, type }) => new Field(name, TYPES[type](), false))
  const metadata = new Map([
    [SCHEMA_KEYS.header, JSON.stringify(header)],
    [SCHEMA_KEYS.vocabulary, JSON.stringify(vocabulary)],
    [SCHEMA_KEYS.checksum, NO_CHECKSUM],
  ])
  const schema = new Schema([...fields, new Field(DETAIL_COLUMN.name, new Utf8(), true)], metadata)
  return concatenated([framed(Message.from(schema)), ...dictionary(vocabulary)])
}

/** Head of a batch, with zeros for its two checksums. */
export function encodeBatchHead(layout: BodyLayout, rows: number, rowsWithoutDetail: number, fixedColumns: number): Uint8Array {
  const nodes = Array.from({ length: fixedColumns + 1 }, (_, i) => new FieldNode(rows, i === fixedColumns ? rowsWithoutDetail : 0))
  const buffers = layout.buffers.map(([offset, length]) => new BufferRegion(offset, length))
  const metadata = new Map([[BATCH_CHECKSUMS_KEY, NO_CHECKSUM + NO_CHECKSUM]])
  return framed(Message.from(new RecordBatch(rows, nodes, buffers, null, [], metadata), layout.bytes))
}

/** The dictionary message: the name of each opcode at the opcode's own place, `reserved-N` where there is none. */
function dictionary(vocabulary: Vocabulary): Uint8Array[] {
  const names: string[] = Array.from({ length: Math.max(0, ...Object.values(vocabulary)) + 1 }, (_, opcode) => `reserved-${opcode}`)
  for (const [name, opcode] of Object.entries(vocabulary)) names[opcode] = name
  const texts = names.map((name) => new TextEncoder().encode(name))
  const offsets = new Int32Array(names.length + 1)
  for (const [i, text] of texts.entries()) offsets[i + 1] = (offsets[i] ?? 0) + text.length
  const textAt = padded(offsets.byteLength)
  const textBytes = offsets.at(-1) ?? 0
  const buffers = [new BufferRegion(0, 0), new BufferRegion(0, offsets.byteLength), new BufferRegion(textAt, textBytes)]
  const body = new Uint8Array(padded(textAt + textBytes))
  body.set(new Uint8Array(offsets.buffer))
  body.set(concatenated(texts), textAt)
  const batch = new RecordBatch(names.length, [new FieldNode(names.length, 0)], buffers, null)
  return [framed(Message.from(new DictionaryBatch(batch, 0), body.length)), body]
}

/** Framing and metadata of a message, filled up to a multiple of 8 bytes. */
function framed(message: Message): Uint8Array {
  const metadata = Message.encode(message)
  const bytes = new Uint8Array(padded(FRAME_BYTES + metadata.length))
  const view = new DataView(bytes.buffer)
  view.setInt32(0, -1, true)
  view.setInt32(4, bytes.length - FRAME_BYTES, true)
  bytes.set(metadata, FRAME_BYTES)
  return bytes
}

function padded(bytes: number): number {
  return (bytes + 7) & ~7
}

function concatenated(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}
