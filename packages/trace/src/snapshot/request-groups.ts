import { NO_ID } from '@reheap/kernel'
import type { RecordBuilder } from './record-builder.ts'
import {
  ALLOC,
  FREE_COMPLETED,
  FREE_REQUESTED,
  OOM,
  SEGMENT_ALLOC,
  SEGMENT_FREE,
  SEGMENT_MAP,
  SEGMENT_UNMAP,
  SNAPSHOT,
  UNKNOWN,
} from './snapshot-keys.ts'

/** One call of the program: what it asked for, and which entries are the allocator's answers to it, in order. */
export interface Group {
  readonly kind: 'malloc' | 'oom' | 'free' | 'emptyCache' | 'snapshot'
  /** The entry that says what was asked for; of `emptyCache` the last answer. */
  readonly request: number
  readonly facts: readonly number[]
}

/** The stack of an entry: a row of the table of stacks, or {@link NO_ID}. */
export const stackOf = (records: RecordBuilder, entry: number): number => records.stackOf(records.entries.frames[entry])

/**
 * The calls of a device's trace. What the driver did, and blocks that became free, belong to the request that follows them;
 * segments that were given back before a request that had no need of it are those of an emptied cache.
 */
export class GroupReader {
  readonly #records: RecordBuilder
  readonly #to: number
  /** Do the settings let a request give back a part of the cache? Where stacks do not tell, any other burst is an emptied cache. */
  readonly #givesBackParts: boolean
  #at: number
  /** Answers of no request so far. */
  #open: number[] = []
  /** Place of the last segment that was given back among them; -1: none was. */
  #lastBack = -1
  #ready: Group[] = []

  constructor(records: RecordBuilder, from: number, to: number, givesBackParts: boolean) {
    this.#records = records
    this.#at = from
    this.#to = to
    this.#givesBackParts = givesBackParts
  }

  /** The next call, which stays the next one; null: there is none. */
  peek(): Group | null {
    while (this.#ready.length === 0 && this.#at < this.#to) this.#read()
    if (this.#ready.length === 0 && this.#open.length > 0) this.#emptied(this.#takeOpen(this.#open.length))
    return this.#ready[0] ?? null
  }

  /** Goes behind the next call. */
  take(): void {
    this.#ready.shift()
  }

  #read(): void {
    const entry = this.#at++
    const { action, address } = this.#records.entries
    switch (action[entry]) {
      case ALLOC:
        this.#ready.push({ kind: 'malloc', request: entry, facts: this.#answersTo(entry) })
        break
      case OOM:
        this.#ready.push({ kind: 'oom', request: entry, facts: this.#answersTo(entry) })
        break
      case FREE_REQUESTED: {
        this.#emptyBefore()
        const next = this.#at < this.#to && action[this.#at] === FREE_COMPLETED && address[this.#at] === address[entry]
        this.#ready.push({ kind: 'free', request: entry, facts: next ? [entry, this.#at++] : [entry] })
        break
      }
      case SNAPSHOT:
        this.#emptyBefore()
        this.#ready.push({ kind: 'snapshot', request: entry, facts: [] })
        break
      case UNKNOWN:
        break
      default:
        if (action[entry] === SEGMENT_FREE || action[entry] === SEGMENT_UNMAP) this.#lastBack = this.#open.length
        this.#open.push(entry)
    }
  }

  #emptied(facts: readonly number[]): void {
    this.#ready.push({ kind: 'emptyCache', request: facts[facts.length - 1], facts })
  }

  /** The first open answers, which are no longer open. */
  #takeOpen(count: number): number[] {
    this.#lastBack = -1
    return this.#open.splice(0, count)
  }

  /** A request that never gives segments back follows: the cache was emptied before it. Blocks that became free can wait. */
  #emptyBefore(): void {
    if (this.#lastBack >= 0) this.#emptied(this.#takeOpen(this.#lastBack + 1))
  }

  /** The open answers that are those to a request for memory, and its own. */
  #answersTo(request: number): readonly number[] {
    if (this.#open.length === 0) return [request]
    const { action } = this.#records.entries
    const last = this.#lastBack
    if (last >= 0) {
      const needsMore =
        action[request] === OOM || this.#open.slice(last).some((entry) => action[entry] === SEGMENT_ALLOC || action[entry] === SEGMENT_MAP)
      const stack = stackOf(this.#records, request)
      const isSameCall = stack === NO_ID ? this.#givesBackParts : stackOf(this.#records, this.#open[last]) === stack
      if (!needsMore || !isSameCall) this.#emptied(this.#takeOpen(last + 1))
    }
    const answers = this.#takeOpen(this.#open.length)
    answers.push(request)
    return answers
  }
}
