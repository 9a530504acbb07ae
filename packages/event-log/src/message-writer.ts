import { type Either, left, right } from 'fp-ts/lib/Either.js'
import type { Hash } from './checksum.ts'
import { type LogError, systemFault } from './error.ts'
import { ENTRY, ENTRY_BYTES, encodeEntry, type IndexEntry } from './log-index.ts'
import { END_OF_STREAM } from './message.ts'
import type { ByteSink } from './sink.ts'

/** How a write ended. */
export type Written = Either<LogError, void>

/** Writes the messages of a log, each with its entry in the index. Ends with the first failure, and takes back what that left half-written. */
export class MessageWriter {
  /** Number of events in the messages written. */
  events = 0
  failure: LogError | null = null
  isClosed = false
  readonly hash: Hash
  readonly #log: ByteSink
  readonly #index: ByteSink
  #offset = 0
  #entries = 0

  constructor(log: ByteSink, index: ByteSink, hash: Hash) {
    this.#log = log
    this.#index = index
    this.hash = hash
  }

  get name(): string {
    return this.#log.name
  }

  /** The failure, or that there was none. */
  get outcome(): Written {
    return this.failure === null ? right(undefined) : left(this.failure)
  }

  /** Writes one message of the log and then its entry in the index. */
  put(message: Uint8Array, about: Pick<IndexEntry, 'kind' | 'events' | 'checksum'>): Written {
    const entry = { ...about, offset: this.#offset, bytes: message.length, first: this.events }
    let sink = this.#log
    try {
      sink.write(message)
      sink = this.#index
      sink.write(encodeEntry(entry, this.#entries, this.hash))
      this.#offset += message.length
      this.#entries += 1
      this.events += about.events
    } catch (error) {
      this.#fail(sink, error)
      this.#takeBack()
    }
    return this.outcome
  }

  /** Writes the end marks, unless there was a failure, and closes both sinks. */
  end(): Written {
    if (this.failure === null) this.put(END_OF_STREAM, { kind: ENTRY.end, events: 0, checksum: this.hash(END_OF_STREAM, 0n) })
    this.isClosed = true
    for (const sink of [this.#log, this.#index]) {
      try {
        sink.close()
      } catch (error) {
        this.#fail(sink, error)
      }
    }
    return this.outcome
  }

  /** @throws if the log is closed: a fault of the program */
  mustBeOpen(): void {
    if (this.isClosed) throw new Error(`${this.name}: the log is closed`)
  }

  #fail(sink: ByteSink, error: unknown): void {
    const { code, words } = systemFault(error)
    const message = `${sink.name}: cannot be written: ${words}; ${this.events} events are in the log`
    this.failure ??= { kind: 'Unwritable', code, message }
  }

  /** Cuts both files back to the last whole batch. Where even that fails, readers cut the torn tail. */
  #takeBack(): void {
    for (const [sink, length] of [
      [this.#log, this.#offset],
      [this.#index, this.#entries * ENTRY_BYTES],
    ] as const) {
      try {
        sink.cut(length)
      } catch (error) {
        this.#fail(sink, error)
      }
    }
  }
}
