/** Values over events in a bounded number of stretches. */
import type { EventIndex } from '@reheap/kernel'

/** Largest and last value of a layer in each stretch. */
export class Stretches {
  readonly #capacity: number
  readonly #layers: number
  /** @shape [capacity * layers] */
  readonly #max: Float64Array
  readonly #last: Float64Array
  /** Stretches begun. */
  begun = 0
  /** Events in a stretch. */
  width = 1
  /** First event behind the stretches begun. */
  #end = 0

  /** @param capacity at most so many stretches; even, at least 2 */
  constructor(capacity: number, layers: number) {
    this.#capacity = capacity
    this.#layers = layers
    this.#max = new Float64Array(capacity * layers)
    this.#last = new Float64Array(capacity * layers)
  }

  max(place: number, layer: number): number {
    return this.#max[place * this.#layers + layer]
  }

  last(place: number, layer: number): number {
    return this.#last[place * this.#layers + layer]
  }

  /** The value of a layer after the event that was reached. */
  set(layer: number, value: number): void {
    const cell = (this.begun - 1) * this.#layers + layer
    this.#last[cell] = value
    if (value > this.#max[cell]) this.#max[cell] = value
  }

  /** Begins every stretch up to the one of `index`; a new one starts with the values before it. */
  reach(index: EventIndex): void {
    if (index < this.#end) return
    while (index >= this.#capacity * this.width) this.#halve()
    const place = Math.floor(index / this.width)
    while (this.begun <= place) {
      const cell = this.begun * this.#layers
      for (let layer = 0; layer < this.#layers; layer++) {
        const before = this.begun === 0 ? 0 : this.#last[cell - this.#layers + layer]
        this.#last[cell + layer] = before
        this.#max[cell + layer] = before
      }
      this.begun++
    }
    this.#end = this.begun * this.width
  }

  /** Pairs of neighbours become one. No largest value is lost. */
  #halve(): void {
    const layers = this.#layers
    const pairs = Math.ceil(this.begun / 2)
    for (let pair = 0; pair < pairs; pair++) {
      const second = Math.min(2 * pair + 1, this.begun - 1)
      for (let layer = 0; layer < layers; layer++) {
        const to = pair * layers + layer
        const a = 2 * pair * layers + layer
        const b = second * layers + layer
        this.#max[to] = Math.max(this.#max[a], this.#max[b])
        this.#last[to] = this.#last[b]
      }
    }
    this.begun = pairs
    this.width *= 2
  }
}
