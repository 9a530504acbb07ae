import { type EventBatch, EventColumns } from '@reheap/kernel'
import { chain, type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'
import { GzipDamage, SourceFailure } from './byte-failure.ts'
import { DETECT_BYTES, detectFormat, withoutByteOrderMark } from './detect.ts'
import { appendEvent, parseLine } from './event-line.ts'
import { decodeHeader, type LogHeader } from './header.ts'
import { LineScanner } from './line-scanner.ts'
import { LINE_BYTES_MAX, LineWindow } from './line-window.ts'
import { plainBytes } from './plain-bytes.ts'
import { type Fault, fault, type TraceError, traceError } from './trace-error.ts'

/** Most rows of one batch. */
export const BATCH_ROWS = 65_536

/** A log that is being read from JSON Lines. */
export interface JsonlLog {
  readonly header: LogHeader
  /**
   * The events in order, read as they are asked for; memory does not grow with the file. An error
   * comes once, behind every row that stands before it, and is the last value. Leaving the loop
   * closes the source.
   */
  readonly batches: AsyncGenerator<Either<TraceError, EventBatch>, void, undefined>
  /** Closes the source without reading on. */
  close(): Promise<void>
}

/**
 * Reads a log from JSON Lines, plain or gzip: told apart by content.
 *
 * @param chunks the bytes of the file in any division
 * @param options `name`: what errors call the file
 * @returns Left: what is wrong, at which place of the input
 */
export async function readJsonl(
  chunks: AsyncIterable<Uint8Array>,
  options: { readonly name: string },
): Promise<Either<TraceError, JsonlLog>> {
  const reader = new JsonlReader(chunks, options.name)
  const header = await reader.header()
  if (isLeft(header)) {
    await reader.close()
    return header
  }
  return right({ header: header.right, batches: reader.batches(), close: () => reader.close() })
}

const TOO_LONG = fault(null, `lines of at most ${LINE_BYTES_MAX} bytes`, 'a longer one')

const oneLine = (message: string): string => message.replace(/\s+/g, ' ').trim()

const unreadable = (message: string): Fault => ({
  field: null,
  problem: `cannot be read (${oneLine(message)})`,
  mend: 'check that the file is there and may be read',
})

const damaged = (message: string): Fault => ({
  field: null,
  problem: `the compressed data is cut off or damaged at about this line (${oneLine(message)})`,
  mend: 'copy the file again',
})

/** What a file holds that was told apart, but is not JSON Lines. */
const OTHER_CONTENT = { arrows: 'an Arrow IPC stream', gzip: 'gzip inside gzip' } as const

const isBlank = (line: Uint8Array): boolean => line.every((byte) => byte === 0x20 || byte === 0x09 || byte === 0x0d)

class JsonlReader {
  readonly #name: string
  readonly #source: AsyncGenerator<Uint8Array>
  readonly #window: LineWindow
  readonly #scanner = new LineScanner()
  /** Lines behind us, empty ones and the header among them. */
  #lines = 0

  constructor(chunks: AsyncIterable<Uint8Array>, name: string) {
    this.#name = name
    this.#source = plainBytes(chunks)
    this.#window = new LineWindow(this.#source)
  }

  async close(): Promise<void> {
    await this.#source.return(undefined)
  }

  async header(): Promise<Either<TraceError, LogHeader>> {
    const window = this.#window
    let failure = await this.#pull()
    const detected = detectFormat(window.bytes.subarray(0, DETECT_BYTES))
    if (failure === null && detected.format !== 'jsonl') {
      const content = detected.format === 'unknown' ? detected.content : OTHER_CONTENT[detected.format]
      return left(traceError(this.#name, null, fault(null, 'a log in JSON Lines, plain or gzip', content, 'give such a file')))
    }
    window.at = window.bytes.length - withoutByteOrderMark(window.bytes).length
    let parsed: Either<Fault, unknown> | null = null
    while (parsed === null && failure === null && window.hasLine) {
      parsed = this.#parseLine()
      if (parsed === null) failure = await this.#pull()
    }
    if (failure !== null) return left(failure)
    const header = chain(decodeHeader)(parsed ?? right(undefined))
    return isLeft(header) ? left(traceError(this.#name, this.#lines, header.left)) : header
  }

  async *batches(): JsonlLog['batches'] {
    try {
      for (let first = 0, isMore = true; isMore; ) {
        const rows = new EventColumns(BATCH_ROWS, first)
        const error = await this.#fill(rows)
        first += rows.length
        // A batch that an error ends is never full.
        isMore = rows.length === BATCH_ROWS
        if (rows.length > 0) yield right(rows)
        if (error !== null) yield left(error)
      }
    } finally {
      await this.close()
    }
  }

  /** Appends rows until the batch is full or the file ends. */
  async #fill(rows: EventColumns): Promise<TraceError | null> {
    while (rows.length < BATCH_ROWS) {
      const failure = await this.#pull()
      if (failure !== null) return failure
      if (!this.#window.hasLine) return null
      const wrong = this.#readLines(rows)
      if (wrong !== null) return traceError(this.#name, this.#lines, wrong)
    }
    return null
  }

  /** Makes sure that a line can be taken, unless the file is at its end. */
  async #pull(): Promise<TraceError | null> {
    const window = this.#window
    const line = this.#lines + 1
    try {
      while (!window.hasLine && !window.ended) {
        if (window.left > LINE_BYTES_MAX) return traceError(this.#name, line, TOO_LONG)
        await window.pull()
      }
      return null
    } catch (cause) {
      if (cause instanceof SourceFailure) return traceError(this.#name, null, unreadable(cause.message))
      if (cause instanceof GzipDamage) return traceError(this.#name, line, damaged(cause.message))
      throw cause
    }
  }

  /** Appends the lines of the window until it holds no whole one or the batch is full. */
  #readLines(rows: EventColumns): Fault | null {
    const window = this.#window
    while (rows.length < BATCH_ROWS && window.hasLine) {
      const next = window.isLast ? -1 : this.#scanner.scan(window.bytes, window.at, rows)
      if (next >= 0) {
        window.at = next
        this.#lines += 1
        continue
      }
      const parsed = this.#parseLine()
      if (parsed === null) continue
      const wrong = isLeft(parsed) ? parsed.left : appendEvent(parsed.right, rows)
      if (wrong !== null) return wrong
    }
    return null
  }

  /** Takes a line as a JSON value; null where it is blank. */
  #parseLine(): Either<Fault, unknown> | null {
    const isCut = this.#window.isLast
    const line = this.#window.takeLine()
    this.#lines += 1
    if (line.length > LINE_BYTES_MAX) return left(TOO_LONG)
    return isBlank(line) ? null : parseLine(line, isCut)
  }
}
