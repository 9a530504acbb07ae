import { RECORD_BYTES, RECORD_OPS } from '../src/ring-layout.ts'

/** One record, as the shim writes it. */
export interface RecordFields {
  readonly op: keyof typeof RECORD_OPS
  readonly tag?: number
  readonly thread?: number
  readonly heap?: number
  readonly textBytes?: number
  readonly address?: number
  readonly size?: number
  readonly other?: number
}

/** Records as the words of a chunk. */
export function chunkOf(records: readonly RecordFields[]): Uint32Array {
  const view = new DataView(new ArrayBuffer(records.length * RECORD_BYTES))
  records.forEach(({ op, tag = 0, thread = 0, heap = 0, textBytes = 0, address = 0, size = 0, other = 0 }, record) => {
    const at = record * RECORD_BYTES
    view.setUint8(at, RECORD_OPS[op])
    view.setUint8(at + 1, tag)
    view.setUint16(at + 2, thread, true)
    view.setUint16(at + 4, heap, true)
    view.setUint16(at + 6, textBytes, true)
    view.setBigUint64(at + 8, BigInt(address), true)
    view.setBigUint64(at + 16, BigInt(size), true)
    view.setBigUint64(at + 24, BigInt(other), true)
  })
  return new Uint32Array(view.buffer)
}

/** A text as the shim writes it: its head, then pieces of at most 24 bytes. */
export function textChunk(head: RecordFields, text: string): Uint32Array {
  const bytes = new TextEncoder().encode(text)
  const pieces = Array.from({ length: Math.ceil(bytes.length / 24) }, (_, piece) => bytes.subarray(piece * 24, piece * 24 + 24))
  const words = chunkOf([
    { ...head, size: bytes.length },
    ...pieces.map((piece): RecordFields => ({ op: 'text', textBytes: piece.length })),
  ])
  const all = new Uint8Array(words.buffer)
  for (const [place, piece] of pieces.entries()) all.set(piece, (place + 1) * RECORD_BYTES + 8)
  return words
}
