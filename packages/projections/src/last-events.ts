/** Which event was the last of its kind about a number such as a block's, before any moment. */

/** Numbers above so many for each event are kept one by one: they are no dense ids. */
const DENSE = 2
/** Numbers are kept in pages of 2^13: one array that grows would be copied again and again. */
const PAGE_SHIFT = 13
const PAGE_MASK = (1 << PAGE_SHIFT) - 1

/** Add every event in order. */
export class LastEvents {
  readonly #events: number
  /** Event + 1 that was the last about each number, page by page; 0: none. */
  readonly #pages: (Uint32Array | undefined)[] = []
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
      this.#pages[id >>> PAGE_SHIFT] ??= new Uint32Array(1 << PAGE_SHIFT)
      ;(this.#pages[id >>> PAGE_SHIFT] as Uint32Array)[id & PAGE_MASK] = index + 1
    }
  }

  /** The last event about a number before event `at`; -1: none. */
  before(id: number, at: number): number {
    let found = this.#of(id)
    while (found > at) found = this.#previous?.[found - 1] ?? 0
    return found - 1
  }

  #of(id: number): number {
    if (id >= DENSE * this.#events) return this.#sparse.get(id) ?? 0
    const page = this.#pages[id >>> PAGE_SHIFT]
    return page === undefined ? 0 : page[id & PAGE_MASK]
  }
}
