/** A stretch of memory. */
interface Range {
  readonly address: number
  readonly bytes: number
}

/** An allocator of our own: the first free range that is long enough, neighbours merged when they are free. */
export class FirstFit {
  readonly #live = new Map<number, number>()
  #free: Range[]
  readonly #step: number

  constructor(capacity: number, step = 16) {
    this.#free = [{ address: 0, bytes: capacity }]
    this.#step = step
  }

  /** Free ranges, by address. */
  get free(): readonly Range[] {
    return this.#free
  }

  /** Bytes that a block takes. */
  rounded(bytes: number): number {
    return Math.max(1, Math.ceil(bytes / this.#step)) * this.#step
  }

  /** Address of a new block; null: no range is long enough. */
  malloc(bytes: number): number | null {
    const needed = this.rounded(bytes)
    const place = this.#free.findIndex((range) => range.bytes >= needed)
    const found = this.#free[place]
    if (found === undefined) return null
    const rest = found.bytes - needed
    this.#free.splice(place, 1, ...(rest > 0 ? [{ address: found.address + needed, bytes: rest }] : []))
    this.#live.set(found.address, needed)
    return found.address
  }

  release(address: number): void {
    const bytes = this.#live.get(address)
    if (bytes === undefined) throw new Error(`no block at ${address}`)
    this.#live.delete(address)
    const ranges = [...this.#free, { address, bytes }].sort((a, b) => a.address - b.address)
    this.#free = ranges.reduce<Range[]>((merged, range) => {
      const last = merged.at(-1)
      if (last !== undefined && last.address + last.bytes === range.address)
        merged[merged.length - 1] = { address: last.address, bytes: last.bytes + range.bytes }
      else merged.push(range)
      return merged
    }, [])
  }
}
