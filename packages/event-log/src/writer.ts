import type { EventBatch } from '@reheap/kernel'
import { type Either, left, right } from 'fp-ts/lib/Either.js'
import { decodeBatchHead } from './batch-head.ts'
import { checksumAround, loadHash, putChecksum } from './checksum.ts'
import { type ContextField, type StoredColumn, storedColumns } from './columns.ts'
import type { LogError } from './error.ts'
import { firstFault, LogHeader, Vocabulary } from './header.ts'
import { ENTRY } from './log-index.ts'
import { METADATA_BYTES_MAX } from './message.ts'
import { MessageWriter, type Written } from './message-writer.ts'
import { prefixChecksumAt } from './prefix.ts'
import { RowBuffer } from './row-buffer.ts'
import type { ByteSink } from './sink.ts'

/** What a log is told at its creation. */
export interface WriteOptions {
  /** Every kind of event that may be appended, with its opcode. */
  readonly vocabulary: Vocabulary
  /** Context that gets a column of its own; the rest, where a row has it, goes into the row's detail. Default none. */
  readonly columns?: readonly ContextField[] | undefined
}

/** Ways to write the parts of a log that Arrow's own library encodes. It is loaded by the first writer only. */
type Encoder = typeof import('./encode.ts')

/**
 * Starts a log on two empty sinks.
 *
 * @param index gets an entry for every message of the log, just after it
 * @returns Left: the header or the vocabulary cannot be stored, or the system refused to write
 */
export async function writeLog(
  log: ByteSink,
  index: ByteSink,
  header: LogHeader,
  options: WriteOptions,
): Promise<Either<LogError, LogWriter>> {
  const checkedHeader = LogHeader.decode(header)
  if (checkedHeader._tag === 'Left') return left(wrongHeader(log.name, `header: ${firstFault(checkedHeader.left)}`))
  const vocabulary = Vocabulary.decode(options.vocabulary)
  if (vocabulary._tag === 'Left') return left(wrongHeader(log.name, `vocabulary: ${firstFault(vocabulary.left)}`))
  const [hash, encoder] = await Promise.all([loadHash(), import('./encode.ts')])
  const columns = storedColumns(options.columns ?? [])
  const prefix = encoder.encodePrefix(header, options.vocabulary, columns)
  if (prefix.length > METADATA_BYTES_MAX) return left(wrongHeader(log.name, 'header and vocabulary are longer than 16 MiB'))
  const checksumAt = prefixChecksumAt(prefix)
  const checksum = checksumAround(hash, prefix, checksumAt, 0n)
  putChecksum(prefix, checksumAt, checksum)
  const messages = new MessageWriter(log, index, hash)
  const written = messages.put(prefix, { kind: ENTRY.prefix, events: 0, checksum })
  return written._tag === 'Left' ? written : right(new LogWriter(messages, columns, options.vocabulary, encoder))
}

function wrongHeader(name: string, why: string): LogError {
  return { kind: 'WrongHeader', message: `${name}: nothing was written: ${why}; mend what is given to the writer` }
}

/**
 * A log being written. Events wait in memory until a batch is full, or for `flush`. A write that
 * fails leaves log and index at the last whole batch, and every later call gives the same error.
 */
export class LogWriter {
  readonly #messages: MessageWriter
  readonly #columns: readonly StoredColumn[]
  readonly #encoder: Encoder
  readonly #rows: RowBuffer
  readonly #isKnown = new Uint8Array(256)
  #message = new Uint8Array(0)

  constructor(messages: MessageWriter, columns: readonly StoredColumn[], vocabulary: Vocabulary, encoder: Encoder) {
    this.#messages = messages
    this.#columns = columns
    this.#encoder = encoder
    this.#rows = new RowBuffer(columns)
    for (const opcode of Object.values(vocabulary)) this.#isKnown[opcode] = 1
  }

  /** Number of events appended. */
  get length(): number {
    return this.#messages.events + this.#rows.length
  }

  /**
   * Appends all rows of a batch, in order; their indexes follow those before them, whatever the batch's `firstIndex`.
   *
   * @throws if a row's opcode is not in the vocabulary, or the log is closed: faults of the program
   */
  append(batch: EventBatch): Written {
    this.#messages.mustBeOpen()
    const unknown = firstUnknown(batch, this.#isKnown)
    if (unknown >= 0) throw new RangeError(`${this.#messages.name}: opcode ${batch.code[unknown]} is not in the vocabulary`)
    for (let row = 0; row < batch.length && this.#messages.failure === null; ) {
      row = this.#rows.take(batch, row)
      if (this.#rows.isFull) this.flush()
    }
    return this.#messages.outcome
  }

  /** Writes the waiting events as a batch, so that they survive the end of this process. */
  flush(): Written {
    this.#messages.mustBeOpen()
    if (this.#rows.length > 0 && this.#messages.failure === null) {
      const { message, checksum } = this.#encode(this.#rows)
      this.#messages.put(message, { kind: ENTRY.batch, events: this.#rows.length, checksum })
      this.#rows.clear()
    }
    return this.#messages.outcome
  }

  /** Writes what waits, ends log and index, and closes both. Idempotent. */
  close(): Written {
    if (this.#messages.isClosed) return this.#messages.outcome
    this.flush()
    return this.#messages.end()
  }

  #encode(rows: RowBuffer): { readonly message: Uint8Array; readonly checksum: bigint } {
    const layout = rows.layout()
    const head = this.#encoder.encodeBatchHead(layout, rows.length, rows.length - rows.rowsWithDetail, this.#columns.length)
    const bytes = head.length + layout.bytes
    if (this.#message.length < bytes) this.#message = new Uint8Array(bytes)
    const message = this.#message.subarray(0, bytes)
    const body = message.subarray(head.length)
    rows.writeTo(body, layout)
    const { bodyChecksumAt, headChecksumAt } = decodeBatchHead(head, this.#columns)
    const { hash, events } = this.#messages
    putChecksum(head, bodyChecksumAt, hash(body, 0n))
    const checksum = checksumAround(hash, head, headChecksumAt, BigInt(events))
    putChecksum(head, headChecksumAt, checksum)
    message.set(head)
    return { message, checksum }
  }
}

/** The first row whose opcode is not known, or -1. */
function firstUnknown({ code, length }: EventBatch, isKnown: Uint8Array): number {
  for (let row = 0; row < length; row++) if (isKnown[code[row] as number] === 0) return row
  return -1
}
