import type { EventBatch } from '@reheap/kernel'
import { type Either, left, right } from 'fp-ts/lib/Either.js'
import { decodeBatchHead } from './batch-head.ts'
import { checksumAround, type Hash, loadHash, putChecksum } from './checksum.ts'
import { type ContextField, type StoredColumn, storedColumns } from './columns.ts'
import { type LogError, systemFault } from './error.ts'
import { firstFault, LogHeader, Vocabulary } from './header.ts'
import { ENTRY, ENTRY_BYTES, encodeEntry, type IndexEntry } from './log-index.ts'
import { END_OF_STREAM } from './message.ts'
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
  const checksumAt = prefixChecksumAt(prefix)
  const checksum = checksumAround(hash, prefix, checksumAt, 0n)
  putChecksum(prefix, checksumAt, checksum)
  const writer = new LogWriter(log, index, columns, options.vocabulary, hash, encoder)
  const written = writer.put(prefix, { kind: ENTRY.prefix, events: 0, checksum })
  return written._tag === 'Left' ? written : right(writer)
}

function wrongHeader(name: string, why: string): LogError {
  return { kind: 'WrongHeader', message: `${name}: nothing was written: ${why}; mend what is given to the writer` }
}

type Written = Either<LogError, void>
const DONE: Written = right(undefined)

/**
 * A log being written. Events wait in memory until a batch is full, or for `flush`. A write that
 * fails leaves log and index at the last whole batch, and every later call gives the same error.
 */
export class LogWriter {
  readonly #log: ByteSink
  readonly #index: ByteSink
  readonly #columns: readonly StoredColumn[]
  readonly #hash: Hash
  readonly #encoder: Encoder
  readonly #rows: RowBuffer
  readonly #isKnown = new Uint8Array(256)
  #message = new Uint8Array(0)
  #offset = 0
  #first = 0
  #entries = 0
  #isClosed = false
  #failure: LogError | null = null

  constructor(log: ByteSink, index: ByteSink, columns: readonly StoredColumn[], vocabulary: Vocabulary, hash: Hash, encoder: Encoder) {
    this.#log = log
    this.#index = index
    this.#columns = columns
    this.#hash = hash
    this.#encoder = encoder
    this.#rows = new RowBuffer(columns)
    for (const opcode of Object.values(vocabulary)) this.#isKnown[opcode] = 1
  }

  /** Number of events appended. */
  get length(): number {
    return this.#first + this.#rows.length
  }

  /**
   * Appends all rows of a batch, in order; their indexes follow those before them, whatever the batch's `firstIndex`.
   *
   * @throws if a row's opcode is not in the vocabulary, or the log is closed: faults of the program
   */
  append(batch: EventBatch): Written {
    this.#mustBeOpen()
    const unknown = firstUnknown(batch, this.#isKnown)
    if (unknown >= 0) throw new RangeError(`${this.#log.name}: opcode ${batch.code[unknown]} is not in the vocabulary`)
    for (let row = 0; row < batch.length; ) {
      row = this.#rows.take(batch, row)
      if (!this.#rows.isFull) continue
      const written = this.flush()
      if (written._tag === 'Left') return written
    }
    return this.#failure === null ? DONE : left(this.#failure)
  }

  /** Writes the waiting events as a batch, so that they survive the end of this process. */
  flush(): Written {
    this.#mustBeOpen()
    const rows = this.#rows
    if (this.#failure !== null) return left(this.#failure)
    if (rows.length === 0) return DONE
    const { message, checksum } = this.#encode(rows)
    const written = this.put(message, { kind: ENTRY.batch, events: rows.length, checksum })
    rows.clear()
    return written
  }

  /** Writes what waits, ends log and index, and closes both. Idempotent. */
  close(): Written {
    if (this.#isClosed) return this.#failure === null ? DONE : left(this.#failure)
    this.flush()
    if (this.#failure === null) this.put(END_OF_STREAM, { kind: ENTRY.end, events: 0, checksum: this.#hash(END_OF_STREAM, 0n) })
    this.#isClosed = true
    for (const sink of [this.#log, this.#index]) {
      try {
        sink.close()
      } catch (error) {
        this.#failure ??= this.#unwritable(sink, error)
      }
    }
    return this.#failure === null ? DONE : left(this.#failure)
  }

  /** Writes one message of the log and then its entry in the index. */
  put(message: Uint8Array, about: Pick<IndexEntry, 'kind' | 'events' | 'checksum'>): Written {
    const entry = { ...about, offset: this.#offset, bytes: message.length, first: this.#first }
    let sink = this.#log
    try {
      sink.write(message)
      sink = this.#index
      sink.write(encodeEntry(entry, this.#entries, this.#hash))
    } catch (error) {
      this.#failure = this.#unwritable(sink, error)
      this.#takeBack()
      return left(this.#failure)
    }
    this.#offset += message.length
    this.#first += about.events
    this.#entries += 1
    return DONE
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
    putChecksum(head, bodyChecksumAt, this.#hash(body, 0n))
    const checksum = checksumAround(this.#hash, head, headChecksumAt, BigInt(this.#first))
    putChecksum(head, headChecksumAt, checksum)
    message.set(head)
    return { message, checksum }
  }

  /** Cuts both files back to the last whole batch. Where even that fails, readers cut the torn tail. */
  #takeBack(): void {
    try {
      this.#log.cut(this.#offset)
      this.#index.cut(this.#entries * ENTRY_BYTES)
    } catch {
      return
    }
  }

  #unwritable(sink: ByteSink, error: unknown): LogError {
    const { code, words } = systemFault(error)
    return { kind: 'Unwritable', code, message: `${sink.name}: cannot be written: ${words}; ${this.#first} events are in the log` }
  }

  #mustBeOpen(): void {
    if (this.#isClosed) throw new Error(`${this.#log.name}: the log is closed`)
  }
}

/** The first row whose opcode is not known, or -1. */
function firstUnknown({ code, length }: EventBatch, isKnown: Uint8Array): number {
  for (let row = 0; row < length; row++) if (isKnown[code[row] as number] === 0) return row
  return -1
}
