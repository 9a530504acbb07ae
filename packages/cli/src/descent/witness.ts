/** One event of a log, with what stood before it, what it caused, and what stands after it. */
import { type EventBatch, type FactBatch, type Rejected, type Sealed, sliceEvents } from '@reheap/kernel'
import type { MachineRejection, MachineState, Replay, ToldFact } from '@reheap/machine'
import { Names } from '@reheap/projections'
import { encodeFacts, type LogEvent, readEvent } from '@reheap/trace'
import { type Either, right } from 'fp-ts/lib/Either.js'

/** What was seen of one event. */
export interface Witnessed {
  readonly index: number
  readonly request: LogEvent
  readonly facts: readonly ToldFact[]
  readonly before: Sealed<MachineState>
  readonly after: Sealed<MachineState>
  /** What the log calls its types. */
  readonly names: Names
}

/** Feed it every batch until the event was seen. */
export class Witness {
  readonly #replay: Replay
  readonly #index: number
  readonly #names = new Names()
  /** Null: the event has not come yet. */
  seen: Witnessed | null = null

  /** @param replay not muted */
  constructor(replay: Replay, index: number) {
    this.#replay = replay
    this.#index = index
  }

  feed(batch: EventBatch): Either<Rejected<MachineRejection>, unknown> {
    const row = this.#index - batch.firstIndex
    this.#names.feed(batch)
    if (row >= batch.length) return this.#replay.feed(batch)
    const come = this.#replay.feed(batch, row)
    if (come._tag === 'Left') return come
    const before = this.#replay.state()
    const one = sliceEvents(batch, row, row + 1)
    const fed = this.#replay.feed(one)
    if (fed._tag === 'Left') return fed
    const request = readEvent(batch, row)
    if (request._tag === 'Left') throw new Error(`event ${this.#index} was replayed and cannot be read: ${request.left.problem}`)
    const facts = factsOf(fed.right, one)
    this.seen = { index: this.#index, request: request.right, facts, before, after: this.#replay.state(), names: this.#names }
    return right(undefined)
  }
}

function factsOf(facts: FactBatch, requests: EventBatch): readonly ToldFact[] {
  const lines = new TextDecoder().decode(encodeFacts(facts, requests)).split('\n')
  return lines
    .filter((line) => line !== '')
    .map((line) => {
      const { index: _, ...fact } = JSON.parse(line) as ToldFact & { readonly index: number }
      return fact as ToldFact
    })
}
