/** Where two logs part: the first event that asks for something else. Where it lies, when, and what was observed is no request. */
import type { EventBatch, EventIndex } from '@reheap/kernel'

/** The first log or the second. */
export type Side = 0 | 1

const isSame = (a: EventBatch, b: EventBatch, at: number): boolean => {
  const [i, j] = [at - a.firstIndex, at - b.firstIndex]
  return (
    a.code[i] === b.code[j] && a.tag[i] === b.tag[j] && a.id[i] === b.id[j] && a.other[i] === b.other[j] && Object.is(a.size[i], b.size[j])
  )
}

/** Compares two logs as their batches come. Give it what it wants until it wants no more; a batch is read until the next of its log is given. */
export class LogParting {
  readonly #batches: [EventBatch | null, EventBatch | null] = [null, null]
  readonly #isEnded: [boolean, boolean] = [false, false]
  /** Events that are the same in both. */
  #same = 0
  #isKnown = false
  /** The first event that differs, or that one of them no longer has; null: there is none so far. */
  parting: EventIndex | null = null

  /** Which log the next batch is wanted of; null: all is known. */
  get wanted(): Side | null {
    if (this.#isKnown) return null
    return this.#has(0) || this.#isEnded[0] ? 1 : 0
  }

  /** @param batch null: the log has ended */
  feed(side: Side, batch: EventBatch | null): void {
    if (batch === null) this.#isEnded[side] = true
    else this.#batches[side] = batch
    const [first, second] = this.#batches
    while (first !== null && second !== null && this.#has(0) && this.#has(1) && isSame(first, second, this.#same)) this.#same++
    const [hasFirst, hasSecond] = [this.#has(0), this.#has(1)]
    const [isFirstEnded, isSecondEnded] = this.#isEnded
    if ((hasFirst && (hasSecond || isSecondEnded)) || (hasSecond && isFirstEnded)) this.parting = this.#same
    this.#isKnown = this.parting !== null || (isFirstEnded && isSecondEnded)
  }

  /** Has a log been given its next event? */
  #has(side: Side): boolean {
    const batch = this.#batches[side]
    return batch !== null && this.#same < batch.firstIndex + batch.length
  }
}
