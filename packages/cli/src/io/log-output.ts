import { rmSync, statSync } from 'node:fs'
import { CONTEXT_FIELDS, type LogHeader, type LogWriter } from '@reheap/event-log'
import { createLog, indexPathOf } from '@reheap/event-log/node'
import type { EventBatch } from '@reheap/kernel'
import { type Either, left, right } from 'fp-ts/lib/Either.js'
import type { Result } from '../outcome.ts'
import { VOCABULARY } from '../vocabulary.ts'
import { isSpecial, type StagedFile, stageFile } from './staged-file.ts'

/** The refusal of a device, a pipe or standard output. */
export const notAFile = (target: string): string =>
  `${target}: cannot be written: a stored log with its index needs two regular files; name a file`

/** A stored log in the making; it and its index appear under their names when both are whole. */
export class LogOutput {
  readonly #name: string
  readonly #header: LogHeader
  readonly #log: StagedFile
  readonly #index: StagedFile
  #writer: LogWriter | null = null

  private constructor(name: string, header: LogHeader, log: StagedFile, index: StagedFile) {
    this.#name = name
    this.#header = header
    this.#log = log
    this.#index = index
  }

  /** Prepares a log at `target`. Refuses one that is there, unless it may be overwritten. */
  static open(target: string, header: LogHeader, force: boolean): Result<LogOutput> {
    if (isSpecial(target)) return left(notAFile(target))
    const log = stageFile(target, force)
    if (log._tag === 'Left') return log
    const index = stageFile(indexPathOf(target), force, indexPathOf(log.right.path))
    if (index._tag === 'Left') {
      log.right.discard()
      return index
    }
    return right(new LogOutput(target, header, log.right, index.right))
  }

  async append(batch: EventBatch): Promise<Result<void>> {
    const writer = await this.#open(batch)
    return writer._tag === 'Left' ? writer : this.#named(writer.right.append(batch))
  }

  /** All is written: log and index appear. @returns their bytes */
  async commit(): Promise<Result<number>> {
    const writer = await this.#open(null)
    const closed = writer._tag === 'Left' ? writer : this.#named(writer.right.close())
    if (closed._tag === 'Left') return closed
    const bytes = statSync(this.#log.path).size + statSync(this.#index.path).size
    const index = this.#index.publish()
    if (index._tag === 'Left') return index
    const log = this.#log.publish()
    if (log._tag === 'Right') return right(bytes)
    rmSync(indexPathOf(this.#name), { force: true })
    return log
  }

  /** Leaves nothing behind. */
  abandon(): void {
    this.#writer?.close()
    this.#log.discard()
    this.#index.discard()
  }

  /** The writer; context of the first batch gets columns of its own. */
  async #open(first: EventBatch | null): Promise<Result<LogWriter>> {
    if (this.#writer !== null) return right(this.#writer)
    const columns = CONTEXT_FIELDS.filter((field) => first !== null && first[field] !== null)
    const created = this.#named(await createLog(this.#log.path, this.#header, { vocabulary: VOCABULARY, columns, overwrite: true }))
    if (created._tag === 'Right') this.#writer = created.right
    return created
  }

  /** Messages name the place that was asked for, and not how much stands where nothing will be left. */
  #named<A>(result: Either<{ readonly message: string }, A>): Result<A> {
    if (result._tag === 'Right') return result
    return left(result.left.message.replaceAll(this.#log.path, this.#name).replace(/; [\d,]+ events are in the log$/, ''))
  }
}
