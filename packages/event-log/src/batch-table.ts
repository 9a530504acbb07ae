/** Where a batch stands in a log. */
export interface BatchPlace {
  readonly offset: number
  readonly bytes: number
  readonly first: number
  readonly events: number
  /** Checksum of its head, from the index; null if the index does not have it. */
  readonly checksum: bigint | null
}

/** The whole batches of a log, in order and without gaps: some forty bytes of memory each. */
export class BatchTable {
  readonly #offsets: number[]
  readonly #firsts: number[] = [0]
  readonly #checksums: (bigint | null)[] = []

  /** @param offset where the first batch starts */
  constructor(offset: number) {
    this.#offsets = [offset]
  }

  /** Number of batches. */
  get length(): number {
    return this.#checksums.length
  }

  /** Number of events. */
  get events(): number {
    return this.#firsts[this.length] ?? 0
  }

  /** Where the last batch ends. */
  get end(): number {
    return this.#offsets[this.length] ?? 0
  }

  push(bytes: number, events: number, checksum: bigint | null): void {
    this.#offsets.push(this.end + bytes)
    this.#firsts.push(this.events + events)
    this.#checksums.push(checksum)
  }

  /** Forgets the last batch. @returns how many events it had */
  pop(): number {
    this.#checksums.pop()
    this.#offsets.pop()
    return (this.#firsts.pop() ?? 0) - this.events
  }

  /** @throws if there is no such batch: a fault of the program */
  at(batch: number): BatchPlace {
    const checksum = this.#checksums[batch]
    if (checksum === undefined) throw new RangeError(`there is no batch ${batch}: the log has ${this.length}`)
    const offset = this.#offsets[batch] ?? 0
    const first = this.#firsts[batch] ?? 0
    return { offset, bytes: (this.#offsets[batch + 1] ?? 0) - offset, first, events: (this.#firsts[batch + 1] ?? 0) - first, checksum }
  }

  /** The batch that event `index` is in; the number of batches if it lies behind the last. */
  batchOf(index: number): number {
    let low = 0
    let high = this.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#firsts[middle + 1] ?? 0) <= index) low = middle + 1
      else high = middle
    }
    return low
  }
}
