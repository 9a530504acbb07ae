import { once } from 'node:events'
import { createGzip, type Gzip } from 'node:zlib'
import type { LogHeader } from '@reheap/event-log'
import type { EventBatch } from '@reheap/kernel'
import { encodeEvents, encodeHeader, type TraceError } from '@reheap/trace'
import { type Either, left, right } from 'fp-ts/lib/Either.js'
import type { Result } from '../outcome.ts'
import { type Output, openOutput } from './output.ts'

/** A log as JSON Lines in the making, compressed if its name ends in `.gz`. */
export class LinesOutput {
  readonly #output: Output
  readonly #gzip: Gzip | null
  /** What the compression has given and is not written yet. */
  #compressed: Uint8Array[] = []
  #bytes = 0

  private constructor(output: Output, isCompressed: boolean) {
    this.#output = output
    this.#gzip = isCompressed ? createGzip().on('data', (chunk: Uint8Array) => this.#compressed.push(chunk)) : null
  }

  /** Opens the output and writes the header. */
  static async open(target: string, header: LogHeader, force: boolean): Promise<Result<LinesOutput>> {
    const output = openOutput(target, force)
    if (output._tag === 'Left') return output
    const lines = new LinesOutput(output.right, target.endsWith('.gz'))
    const written = await lines.#put(encodeHeader(header, { name: target }))
    if (written._tag === 'Right') return right(lines)
    lines.abandon()
    return written
  }

  append(batch: EventBatch): Promise<Result<void>> {
    return this.#put(encodeEvents(batch, { name: this.#output.name }))
  }

  /** All is written: the file appears. @returns its bytes */
  async commit(): Promise<Result<number>> {
    if (this.#gzip !== null) {
      this.#gzip.end()
      await once(this.#gzip, 'end')
      const drained = await this.#drain()
      if (drained._tag === 'Left') return drained
    }
    const committed = this.#output.commit()
    return committed._tag === 'Left' ? committed : right(this.#bytes)
  }

  /** Leaves nothing behind. */
  abandon(): void {
    this.#gzip?.destroy()
    this.#output.abandon()
  }

  async #put(encoded: Either<TraceError, Uint8Array>): Promise<Result<void>> {
    if (encoded._tag === 'Left') return left(encoded.left.message)
    const gzip = this.#gzip
    if (gzip === null) return this.#write(encoded.right)
    await new Promise((resolve) => gzip.write(encoded.right, resolve))
    return this.#drain()
  }

  async #drain(): Promise<Result<void>> {
    const chunks = this.#compressed
    this.#compressed = []
    for (const chunk of chunks) {
      const written = await this.#write(chunk)
      if (written._tag === 'Left') return written
    }
    return right(undefined)
  }

  #write(bytes: Uint8Array): Promise<Result<void>> {
    this.#bytes += bytes.length
    return this.#output.write(bytes)
  }
}
