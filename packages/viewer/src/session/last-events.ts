/** Which event was the last of its kind about a number such as a block's, before any moment. */

/** Numbers above so many for each event are kept one by one: they are no dense ids. */
const DENSE = 2

export class LastEvents {
  readonly #events: number
  /** Event + 1 that was the last about each number; 0: none. */
  #last = new Uint32Array(1024)
  readonly #sparse = new Map<number, number>()
  /** Event + 1 about the same number before each event; null while each number has one event. */
  #previous: Uint32Array | null = null

  /** @param events length of the log */
  constructor(events: number) {
    this.#events = events
  }

  /** Takes events in order. */
  add(id: number, index: number): void {
    const before = this.#of(id)
    if (before > 0) {
      this.#previous ??= new Uint32Array(this.#events)
      this.#previous[index] = before
    }
    if (id >= DENSE * this.#events) this.#sparse.set(id, index + 1)
    else {
      if (id >= this.#last.length) this.#grow(id)
      this.#last[id] = index + 1
    }
  }

  /** The last event about a number before event `at`; -1: none. */
  before(id: number, at: number): number {
    let found = this.#of(id)
    while (found > at) found = this.#previous?.[found - 1] ?? 0
    return found - 1
  }

  #of(id: number): number {
    return (id >= DENSE * this.#events ? this.#sparse.get(id) : this.#last[id]) ?? 0
  }

  #grow(id: number): void {
    // By a quarter: twice the room would be the largest thing in memory.
    const grown = new Uint32Array(Math.min(DENSE * this.#events, Math.max(id + 1, Math.ceil(1.25 * this.#last.length))))
    grown.set(this.#last)
    this.#last = grown
  }
}
