import { grown, NO_ID } from '@reheap/kernel'

/** Numbers that only some rows have, or none: before the first one they take no memory. */
export class RareColumn {
  /** Each one more than it is; 0: the row has none. */
  #values = new Uint32Array(0)

  /** {@link NO_ID}: the row has none. */
  of(row: number): number {
    return ((this.#values[row] ?? 0) - 1) >>> 0
  }

  /** @param value {@link NO_ID} takes it away */
  set(row: number, value: number): void {
    if (row >= this.#values.length) {
      if (value === NO_ID) return
      this.#values = grown(this.#values, row + 1)
    }
    this.#values[row] = value + 1
  }

  /** Makes room for so many rows, if any has a number. */
  grow(capacity: number): void {
    if (this.#values.length > 0) this.#values = grown(this.#values, capacity)
  }

  get isEmpty(): boolean {
    return this.#values.every((value) => value === 0)
  }
}
