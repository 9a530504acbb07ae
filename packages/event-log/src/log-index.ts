import type { Hash } from './checksum.ts'

/** What an entry of a log's index is about. */
export const ENTRY = { prefix: 1, batch: 2, end: 3 } as const
export type EntryKind = (typeof ENTRY)[keyof typeof ENTRY]

/** One entry of a log's index: a message of the log. */
export interface IndexEntry {
  readonly kind: EntryKind
  readonly events: number
  readonly offset: number
  readonly bytes: number
  /** Index in the log of the first event; for prefix and end, the number of events before it. */
  readonly first: number
  /** For a batch, the checksum of its head, which holds that of its body. */
  readonly checksum: bigint
}

/** Bytes of one entry. */
export const ENTRY_BYTES = 48
const SEALED_BYTES = 40

/**
 * An entry as it stands in `LOG.index`, little-endian: kind and events (4 bytes each), offset,
 * bytes, first event, checksum of the message, checksum of this entry seeded with its number (8 bytes each).
 */
export function encodeEntry(entry: IndexEntry, number: number, hash: Hash): Uint8Array {
  const bytes = new Uint8Array(ENTRY_BYTES)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, entry.kind, true)
  view.setUint32(4, entry.events, true)
  view.setBigUint64(8, BigInt(entry.offset), true)
  view.setBigUint64(16, BigInt(entry.bytes), true)
  view.setBigUint64(24, BigInt(entry.first), true)
  view.setBigUint64(32, entry.checksum, true)
  view.setBigUint64(SEALED_BYTES, hash(bytes.subarray(0, SEALED_BYTES), BigInt(number)), true)
  return bytes
}

/** The entry in these 48 bytes; null if they are not entry `number` of an index. */
export function decodeEntry(bytes: Uint8Array, number: number, hash: Hash): IndexEntry | null {
  if (bytes.length < ENTRY_BYTES) return null
  const view = new DataView(bytes.buffer, bytes.byteOffset, ENTRY_BYTES)
  if (view.getBigUint64(SEALED_BYTES, true) !== hash(bytes.subarray(0, SEALED_BYTES), BigInt(number))) return null
  const kind = Object.values(ENTRY).find((known) => known === view.getUint32(0, true))
  if (kind === undefined) return null
  return {
    kind,
    events: view.getUint32(4, true),
    offset: Number(view.getBigUint64(8, true)),
    bytes: Number(view.getBigUint64(16, true)),
    first: Number(view.getBigUint64(24, true)),
    checksum: view.getBigUint64(32, true),
  }
}
