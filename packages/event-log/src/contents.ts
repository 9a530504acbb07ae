import { type BatchReader, checkedHead } from './batch-reader.ts'
import { BatchTable } from './batch-table.ts'
import { BATCH_EVENTS } from './columns.ts'
import { type Damage, decoded } from './error.ts'
import { decodeEntry, ENTRY, ENTRY_BYTES, type IndexEntry } from './log-index.ts'
import { BODY_BYTES_MAX, END_OF_STREAM, METADATA_BYTES_MAX, readHead } from './message.ts'
import type { OpenedPrefix } from './opened-prefix.ts'
import type { Prefix } from './prefix.ts'
import type { ByteSource } from './source.ts'

/** What a log holds, found when it is opened. */
export interface Contents {
  readonly table: BatchTable
  /** Whether the writer ended the log; one that was killed did not. */
  readonly isClosed: boolean
  readonly isIndexed: boolean
  readonly damage: readonly Damage[]
}

/** Finds the whole batches: by the index as far as it goes, then by scanning the log behind it. */
export async function readContents(source: ByteSource, opened: OpenedPrefix, index: ByteSource | null): Promise<Contents> {
  const { prefix, reader } = opened
  const table = new BatchTable(prefix.bytes)
  const indexed = index === null ? NO_INDEX : await readIndex(index, opened, table)
  // Asked for after the index was read: a log that is still being written is never shorter than its index says.
  const size = await source.size()
  let lostEvents = 0
  while (table.end > size && table.length > 0) lostEvents += table.pop()
  const known = table.length
  const tail = await scanTail(source, size, opened, table)
  const isLastTorn = !tail.isClosed && table.length > known && !(await isWhole(table.length - 1, table, reader))
  if (isLastTorn) table.pop()
  const damage: Damage[] = []
  if (indexed.damage !== null) damage.push(indexed.damage)
  else if (index !== null && table.length > known) damage.push(shortIndex(index.name, known, table.length - known))
  if (isLastTorn || tail.isTorn || lostEvents > 0 || (indexed.isEnded && !tail.isClosed)) {
    damage.push(tornTail(source.name, table, tail.isClosed, size, lostEvents))
  }
  const isIndexed = index !== null && indexed.damage === null && table.length === known
  return { table, isClosed: tail.isClosed, isIndexed, damage }
}

interface Indexed {
  readonly damage: Damage | null
  readonly isEnded: boolean
}

const NO_INDEX: Indexed = { damage: null, isEnded: false }

/** Fills `table` with the batches of the index, up to the first entry that cannot be one of this log. */
async function readIndex(index: ByteSource, { prefix, hash }: OpenedPrefix, table: BatchTable): Promise<Indexed> {
  let number = 0
  let isEnded = false
  let isSound = true
  for await (const bytes of entriesOf(index)) {
    const entry = decodeEntry(bytes, number, hash)
    isSound = !isEnded && entry !== null && follows(entry, number, prefix, table)
    if (!isSound || entry === null) break
    if (entry.kind === ENTRY.batch) table.push(entry.bytes, entry.events, entry.checksum)
    isEnded = entry.kind === ENTRY.end
    number += 1
  }
  return { damage: isSound && number > 0 ? null : damagedIndex(index.name, number), isEnded }
}

/** Entries read at once. */
const INDEX_CHUNK = 8192

async function* entriesOf(index: ByteSource): AsyncIterable<Uint8Array> {
  for (let at = 0; ; ) {
    const chunk = await index.read(at, INDEX_CHUNK * ENTRY_BYTES)
    if (chunk.length === 0) return
    for (let from = 0; from < chunk.length; from += ENTRY_BYTES) yield chunk.subarray(from, from + ENTRY_BYTES)
    at += chunk.length
  }
}

/** Whether an entry is what has to stand at this place of an index of this log. */
export function follows(entry: IndexEntry, number: number, prefix: Prefix, table: BatchTable): boolean {
  if (number === 0) return entry.kind === ENTRY.prefix && entry.bytes === prefix.bytes && entry.checksum === prefix.checksum
  if (entry.offset !== table.end || entry.first !== table.events) return false
  if (entry.kind !== ENTRY.batch) return entry.kind === ENTRY.end
  return entry.events >= 1 && entry.events <= BATCH_EVENTS && entry.bytes <= METADATA_BYTES_MAX + BODY_BYTES_MAX
}

interface Tail {
  readonly isClosed: boolean
  readonly isTorn: boolean
}

/** What stands behind the batches of a table: one more, judged by its head, or the end of the log. */
export type Found = { readonly kind: 'batch'; readonly bytes: number; readonly events: number } | ({ readonly kind: 'end' } & Tail)

export async function nextBatch(source: ByteSource, size: number, { prefix, hash }: OpenedPrefix, table: BatchTable): Promise<Found> {
  if (table.end >= size) return { kind: 'end', isClosed: false, isTorn: false }
  const head = await readHead(source, table.end, size)
  if (head.kind === 'endOfStream') return { kind: 'end', isClosed: true, isTorn: size > table.end + END_OF_STREAM.length }
  if (head.kind !== 'message') return TORN
  const checked = decoded(() => checkedHead(head.bytes, table.events, prefix, hash))
  if ('fault' in checked) return TORN
  const { rows, layout } = checked.value.head
  const bytes = head.bytes.length + layout.bytes
  return table.end + bytes > size ? TORN : { kind: 'batch', bytes, events: rows }
}

const TORN: Found = { kind: 'end', isClosed: false, isTorn: true }

/** Adds the whole batches behind the table's end, judged by their heads. */
async function scanTail(source: ByteSource, size: number, opened: OpenedPrefix, table: BatchTable): Promise<Tail> {
  for (;;) {
    const found = await nextBatch(source, size, opened, table)
    if (found.kind === 'end') return found
    table.push(found.bytes, found.events, null)
  }
}

async function isWhole(number: number, table: BatchTable, reader: BatchReader): Promise<boolean> {
  return (await reader.read(number, table.at(number)))._tag === 'Right'
}

/** @param isClosed does the mark of the log's end stand behind its batches? */
export function tornTail(name: string, table: BatchTable, isClosed: boolean, size: number, lostEvents = 0): Damage {
  const { events } = table
  const offset = isClosed ? table.end + END_OF_STREAM.length : table.end
  const bytes = Math.max(0, size - offset)
  const what = bytes === 0 ? 'the file ends there' : `the ${bytes} bytes there are no whole batch`
  const lost = lostEvents === 0 ? '' : `, ${lostEvents} events are lost`
  const message = `${name}: cut at byte ${offset}, after ${events} events: ${what}${lost}; restore it from a copy`
  return { kind: 'TornTail', offset, bytes, lostEvents: lostEvents === 0 ? null : lostEvents, message }
}

function damagedIndex(name: string, entry: number): Damage {
  const message = `${name}: entry ${entry} is damaged or of another log, the log was scanned from there; restore it from a copy or delete it`
  return { kind: 'Index', entry, message }
}

function shortIndex(name: string, batches: number, missing: number): Damage {
  const message = `${name}: it lacks ${missing} batches of the log, which were found by scanning; restore it from a copy or delete it`
  return { kind: 'Index', entry: batches + 1, message }
}
