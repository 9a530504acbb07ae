/** What the system did with an arena in the course of a request. */
export interface ArenaAnswer {
  readonly isMapped: boolean
  /** NaN: the system refused. */
  readonly address: number
  readonly bytes: number
}

/** Which arenas are mapped, for which heap, and what the request under way has changed about them. */
export class ArenaBook {
  readonly #heaps = new Map<number, number>()
  /** Bytes of each mapped arena. */
  readonly #sizes = new Map<number, number>()
  #answers: ArenaAnswer[] = []

  /** Answers that wait for their request. */
  get waiting(): number {
    return this.#answers.length
  }

  /** The system gave an arena for the request under way, or refused one: address 0. */
  mapped(address: number, bytes: number, heap: number): void {
    if (address !== 0) {
      this.#heaps.set(address, heap)
      this.#sizes.set(address, bytes)
    }
    this.#answers.push({ isMapped: true, address: address === 0 ? Number.NaN : address, bytes })
  }

  /** An arena went back in the course of the request under way. One that came in it, too, was as good as refused. */
  unmapped(address: number, bytes: number): void {
    this.#heaps.delete(address)
    const given = this.#answers.findIndex((answer) => answer.isMapped && answer.address === address)
    if (given < 0) this.#answers.push({ isMapped: false, address, bytes })
    else this.#answers[given] = { isMapped: true, address: Number.NaN, bytes }
  }

  /** Where arenas lie now. */
  *areas(): Iterable<{ readonly start: number; readonly end: number }> {
    for (const address of this.#heaps.keys()) yield { start: address, end: address + (this.#sizes.get(address) ?? 0) }
  }

  /** The answers to a request that was served. */
  served(): readonly ArenaAnswer[] {
    const answers = this.#answers
    if (answers.length > 0) this.#answers = []
    return answers
  }

  /** The answers to a request that was refused: it is no event, so a refused arena has none to stand before. */
  refused(): readonly ArenaAnswer[] {
    return this.served().filter(({ address }) => !Number.isNaN(address))
  }

  /**
   * Memory went back outside every request.
   *
   * @returns the heap whose arena it was and whether that was its last one; null if it was no arena
   */
  returned(address: number): { readonly heap: number; readonly isLast: boolean } | null {
    const heap = this.#heaps.get(address)
    if (heap === undefined) return null
    this.#heaps.delete(address)
    return { heap, isLast: ![...this.#heaps.values()].includes(heap) }
  }
}
