/** Collections that ran, and what they cost. */
import { COLLECTION_REASONS, type CollectionReason, FACT_OPCODES } from '@reheap/cycle-gc'
import type { EventIndex, FactBatch } from '@reheap/kernel'

const { CollectionStarted, CollectionFinished } = FACT_OPCODES

/** One collection. */
export interface Collection {
  /** Event that it ran at. */
  readonly index: EventIndex
  readonly generation: number
  /** Was it due, or asked for? */
  readonly reason: CollectionReason
  readonly collected: number
  readonly uncollectable: number
  /** Objects whose references were looked at. */
  readonly visited: number
  /** An estimate: the visited objects, at what one takes on the machine that the profile's figure comes from. */
  readonly pauseNanoseconds: number
  /** Does `gc.get_stats()` count it? It leaves out increments that only marked what is reachable. */
  readonly isCounted: boolean
}

/** All collections of one generation. */
export interface CollectionTotals {
  /** As `gc.get_stats()` counts them. */
  readonly collections: number
  readonly collected: number
  readonly uncollectable: number
  readonly visited: number
  /** Estimates, of all and of the longest. */
  readonly pauseNanoseconds: number
  readonly pauseNanosecondsMax: number
}

const NOTHING: CollectionTotals = {
  collections: 0,
  collected: 0,
  uncollectable: 0,
  visited: 0,
  pauseNanoseconds: 0,
  pauseNanosecondsMax: 0,
}

/** Gathers collections from the facts of a collector; feed it every fact batch in order. */
export class Collections {
  /** The first ones, in the order in which they ended. */
  readonly first: Collection[] = []
  /** All that ran, kept or not. */
  total = 0
  readonly #kept: number
  readonly #nanosecondsPerVisit: number
  readonly #totals: CollectionTotals[] = [NOTHING, NOTHING, NOTHING]
  /** Reasons of the collections that run, the innermost last: one may begin while another tells that it starts. */
  readonly #running: CollectionReason[] = []

  /** @param kept so many collections are kept one by one; all are counted */
  constructor(nanosecondsPerVisit: number, kept = 1000) {
    this.#nanosecondsPerVisit = nanosecondsPerVisit
    this.#kept = kept
  }

  feed(facts: FactBatch): void {
    const { code, length } = facts
    for (let row = 0; row < length; row++) if (code[row] === CollectionStarted || code[row] === CollectionFinished) this.#take(facts, row)
  }

  /** Totals of a generation. */
  of(generation: number): CollectionTotals {
    return this.#totals[generation] ?? NOTHING
  }

  #take({ code, cause, tag, id, other, size, address }: FactBatch, row: number): void {
    if (code[row] === CollectionStarted) {
      this.#running.push(COLLECTION_REASONS[id[row]] ?? 'request')
      return
    }
    const work = {
      collected: id[row],
      uncollectable: other[row],
      visited: size[row],
      pauseNanoseconds: size[row] * this.#nanosecondsPerVisit,
    }
    const reason = this.#running.pop() ?? 'request'
    const collection = { index: cause[row], generation: tag[row], reason, ...work, isCounted: address[row] !== 0 }
    this.#add(collection)
    this.total++
    if (this.first.length < this.#kept) this.first.push(collection)
  }

  #add({ generation, isCounted, ...work }: Collection): void {
    const before = this.of(generation)
    this.#totals[generation] = {
      collections: before.collections + (isCounted ? 1 : 0),
      collected: before.collected + work.collected,
      uncollectable: before.uncollectable + work.uncollectable,
      visited: before.visited + work.visited,
      pauseNanoseconds: before.pauseNanoseconds + work.pauseNanoseconds,
      pauseNanosecondsMax: Math.max(before.pauseNanosecondsMax, work.pauseNanoseconds),
    }
  }
}
