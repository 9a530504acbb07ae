/** States kept on the way through a log, so that any moment is near one. */
import { columnBytes, type Sealed } from '@reheap/kernel'

export interface Kept<S> {
  /** Events before the state. */
  readonly at: number
  readonly state: S
}

/** Fewest events between two states: replaying them takes a few milliseconds. */
const EVERY = 16_384
/** All states together. @unit bytes */
const BUDGET = 2 ** 28
/** Most states, however small: each costs a pass over its columns. */
const KEPT_MAX = 256

/** The states of one log. A large state is kept less often: copying it must not cost more than replaying, nor all of them more than there is memory for. */
export class KeptStates<S extends Kept<unknown>> {
  readonly #events: number
  readonly #kept: S[] = []
  #next = 0

  /** @param events length of the log */
  constructor(events: number) {
    this.#events = events
  }

  /** The event before which the next state is to be kept. */
  get next(): number {
    return this.#next
  }

  /** @param sealed what of the state takes the memory */
  add(kept: S, sealed: Sealed<unknown>): void {
    this.#kept.push(kept)
    const share = Math.max(1 / KEPT_MAX, columnBytes(sealed) / BUDGET)
    this.#next = kept.at + Math.max(EVERY, Math.ceil(share * this.#events))
  }

  /** The last state that is not behind `at`. */
  before(at: number): S | undefined {
    return this.#kept.findLast((each) => each.at <= at)
  }
}
