/** States kept on the way through a log, so that any moment is near one. */
import { columnBytes, type Sealed, StateArchive } from '@reheap/kernel'

/** Fewest events between two states: replaying them takes a few milliseconds. */
const EVERY = 16_384
/** Bytes of a state for each event between two: copying and comparing them takes less time than replaying it. */
const BYTES_PER_EVENT = 128
/** All states together. @unit bytes */
const BUDGET = 2 ** 28
/** Most states, however small: each costs a pass over its columns. */
const KEPT_MAX = 256

/** A state that is kept, whole while it is used. */
interface Kept<S> {
  /** Events before the state. */
  readonly at: number
  use<A>(use: (state: Sealed<S>) => A): A
}

/** The states of one log. */
export class KeptStates<S> {
  readonly #events: number
  readonly #archive = new StateArchive<S>()
  readonly #at: number[] = []
  #next = 0

  /** @param events length of the log */
  constructor(events: number) {
    this.#events = events
  }

  /** The event before which the next state is to be kept. */
  get next(): number {
    return this.#next
  }

  /** Takes a state over: nobody else may read it any more. */
  add(state: Sealed<S>, at: number): void {
    const copied = columnBytes(state) / BYTES_PER_EVENT
    const before = this.#archive.bytes
    this.#archive.add(state)
    this.#at.push(at)
    const share = Math.max(1 / KEPT_MAX, (this.#archive.bytes - before) / BUDGET)
    this.#next = at + Math.ceil(Math.max(EVERY, copied, share * this.#events))
  }

  /** The last state that is not behind `at`. */
  before(at: number): Kept<S> | undefined {
    const place = this.#at.findLastIndex((each) => each <= at)
    return place < 0 ? undefined : { at: this.#at[place] ?? 0, use: (use) => this.#archive.lend(place, use) }
  }
}
