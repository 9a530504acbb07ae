import type { EventBatch } from '@reheap/kernel'
import { type Either, left, right } from 'fp-ts/lib/Either.js'
import type { Observable, ObservableInput } from 'rxjs'
import type { BatchReader } from './batch-reader.ts'
import { type Contents, readContents } from './contents.ts'
import type { Damage, LogError } from './error.ts'
import type { LogHeader, Vocabulary } from './header.ts'
import { type OpenedPrefix, openPrefix } from './opened-prefix.ts'
import { passOn, passThrough, pulled$ } from './pulled.ts'
import { readAhead } from './read-ahead.ts'
import { type ByteSource, guarded, ReadFault } from './source.ts'

/** How a log is opened. */
export interface OpenOptions {
  /** The kinds of events that the caller knows, with the opcodes it wants them under. */
  readonly vocabulary: Vocabulary
  /** The log's index, where there is one. Without it the log is scanned, batch head by batch head. */
  readonly index?: ByteSource | null | undefined
}

/**
 * Opens a log for reading. Nothing is written, not even to mend it.
 *
 * A log that is torn at its end opens up to its last whole batch and says so in {@link EventLog.damage}.
 *
 * @returns Left: it cannot be read, is no log, or is damaged from the start
 */
export async function openLog(source: ByteSource, options: OpenOptions): Promise<Either<LogError, EventLog>> {
  const log = guarded(source)
  const index = options.index ? guarded(options.index) : null
  try {
    const opened = await openPrefix(log, options.vocabulary)
    if (opened._tag === 'Left') return opened
    return right(new EventLog(log, opened.right, options.vocabulary, await readContents(log, opened.right, index)))
  } catch (error) {
    if (error instanceof ReadFault) return left(error.error)
    throw error
  }
}

/** An open log: its figures, and its events as batches. Only its index is kept in memory. */
export class EventLog {
  readonly name: string
  readonly header: LogHeader
  /** The log's kinds of events, with the opcodes that stand in its batches. */
  readonly vocabulary: Vocabulary
  /** Number of events. */
  readonly length: number
  readonly batchCount: number
  /** Whether the writer ended the log. One that was killed did not; nor has one that is still writing. */
  readonly isClosed: boolean
  /** Who says where the batches lie: `indexed`, the index in full; `scanned`, the log itself. Both check every byte that is read. */
  readonly integrity: 'indexed' | 'scanned'
  /** What was wrong when it was opened; empty if nothing was. */
  readonly damage: readonly Damage[]
  /**
   * Every batch in order. Cold: each subscription reads for itself. The next batch is read after the
   * subscriber's `next` has returned; unsubscribing ends the reading. Fails with a {@link LogError}.
   */
  readonly batches$: Observable<EventBatch>
  readonly #source: ByteSource
  readonly #contents: Contents
  readonly #reader: BatchReader

  constructor(source: ByteSource, { prefix, reader }: OpenedPrefix, known: Vocabulary, contents: Contents) {
    this.name = source.name
    this.header = prefix.header
    this.vocabulary = Object.fromEntries(Object.keys(prefix.vocabulary).map((name) => [name, known[name] ?? 0]))
    this.length = contents.table.events
    this.batchCount = contents.table.length
    this.isClosed = contents.isClosed
    this.integrity = contents.isIndexed ? 'indexed' : 'scanned'
    this.damage = contents.damage
    this.#source = source
    this.#contents = contents
    this.#reader = reader
    this.batches$ = pulled$(() => this.batches(), passOn)
  }

  /** Reads and checks one batch. Left: it cannot be read, or is damaged. @throws if there is no such batch: a fault of the program */
  batch(number: number): Promise<Either<LogError, EventBatch>> {
    return this.#reader.read(number, this.#contents.table.at(number))
  }

  /** The number of the batch that event `index` is in; `batchCount` if there is no such event. */
  batchOf(index: number): number {
    return this.#contents.table.batchOf(index)
  }

  /** Batches `from` to `to` in order, each read when it is asked for; ends after the first that cannot be read. Left: why it cannot. */
  async *batches(from = 0, to = this.batchCount): AsyncGenerator<Either<LogError, EventBatch>, void, undefined> {
    for (let number = from; number < to; number++) {
      const batch = await this.batch(number)
      yield batch
      if (batch._tag === 'Left') return
    }
  }

  /** As {@link batches}, but faster: it reads ahead, and a batch is good only until the next is asked for. Left: as there. */
  readAhead(from = 0, to = this.batchCount): AsyncGenerator<Either<LogError, EventBatch>, void, undefined> {
    return readAhead(this.#reader, this.#contents.table, from, to)
  }

  /** Every batch through a function that takes its time: the next batch is read when what `project` gave has completed. */
  concatMap$<A>(project: (batch: EventBatch) => ObservableInput<A>): Observable<A> {
    return pulled$(() => this.batches(), passThrough(project))
  }

  /** Gives the source back. */
  close(): Promise<void> {
    return this.#source.close()
  }
}
