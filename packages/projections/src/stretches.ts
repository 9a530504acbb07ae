/** Values over events in a bounded number of stretches. */
import { type EventIndex, grown } from '@reheap/kernel'

/** Stretches that have room from the start. */
const ROOM_MIN = 64

/** One layer, as columns. @shape min, max, last: [stretches] */
export interface LayerCurve {
  /** First event of the first stretch. */
  readonly from: EventIndex
  /** Events in a stretch. */
  readonly width: number
  /** Value before the first of them. */
  readonly before: number
  /** Smallest value within each stretch, that before its first event included. */
  readonly min: Float64Array
  /** Largest value, likewise. */
  readonly max: Float64Array
  /** Value after the last event of each. */
  readonly last: Float64Array
}

/** Smallest, largest and last value of each layer in each stretch. */
export class Stretches {
  readonly #capacity: number
  readonly #layers: number
  /** First event of the first stretch. */
  readonly from: EventIndex
  /** Values before it. @shape [layers] */
  readonly #before: Float64Array
  /** @shape [room * layers] */
  #min: Float64Array
  #max: Float64Array
  #last: Float64Array
  /** Stretches begun. */
  begun = 0
  /** Events in a stretch. */
  width = 1
  /** First event behind the stretches begun. */
  #end: EventIndex

  /**
   * @param capacity at most so many stretches; even, at least 2
   * @param from first event that can be reached
   * @param before values before it; default 0
   */
  constructor(capacity: number, layers: number, from: EventIndex = 0, before?: ArrayLike<number>) {
    this.#capacity = capacity
    this.#layers = layers
    this.from = from
    this.#before = before === undefined ? new Float64Array(layers) : Float64Array.from(before)
    const room = Math.min(capacity, ROOM_MIN) * layers
    this.#min = new Float64Array(room)
    this.#max = new Float64Array(room)
    this.#last = new Float64Array(room)
    this.#end = from
  }

  max(place: number, layer: number): number {
    return this.#max[place * this.#layers + layer]
  }

  last(place: number, layer: number): number {
    return this.#last[place * this.#layers + layer]
  }

  /** First event of a stretch. */
  startOf(place: number): EventIndex {
    return this.from + place * this.width
  }

  /** One layer of the stretches up to an event. @param events first event behind what is wanted */
  curve(layer: number, events: EventIndex): LayerCurve {
    if (events > this.from) this.reach(events - 1)
    const { from, width, begun } = this
    const columnOf = (cells: Float64Array): Float64Array => {
      const column = new Float64Array(begun)
      for (let place = 0; place < begun; place++) column[place] = cells[place * this.#layers + layer]
      return column
    }
    const before = this.#before[layer]
    return { from, width, before, min: columnOf(this.#min), max: columnOf(this.#max), last: columnOf(this.#last) }
  }

  /** The value of a layer after the event that was reached. */
  set(layer: number, value: number): void {
    const cell = (this.begun - 1) * this.#layers + layer
    this.#last[cell] = value
    if (value > this.#max[cell]) this.#max[cell] = value
    if (value < this.#min[cell]) this.#min[cell] = value
  }

  /** Begins every stretch up to the one of `index`; a new one starts with the values before it. */
  reach(index: EventIndex): void {
    if (index < this.#end) return
    while (index >= this.from + this.#capacity * this.width) this.#halve()
    const place = Math.floor((index - this.from) / this.width)
    this.#reserve(place + 1)
    const layers = this.#layers
    while (this.begun <= place) {
      const cell = this.begun * layers
      for (let layer = 0; layer < layers; layer++) {
        const before = this.begun === 0 ? this.#before[layer] : this.#last[cell - layers + layer]
        this.#last[cell + layer] = before
        this.#max[cell + layer] = before
        this.#min[cell + layer] = before
      }
      this.begun++
    }
    this.#end = this.from + this.begun * this.width
  }

  /** A log that is not short gets all room at once: what is not written to costs nothing, what grows is copied. */
  #reserve(stretches: number): void {
    if (stretches * this.#layers <= this.#last.length) return
    const cells = this.#capacity * this.#layers
    this.#min = grown(this.#min, cells)
    this.#max = grown(this.#max, cells)
    this.#last = grown(this.#last, cells)
  }

  /** Pairs of neighbours become one. No smallest or largest value is lost. */
  #halve(): void {
    const layers = this.#layers
    const pairs = Math.ceil(this.begun / 2)
    for (let pair = 0; pair < pairs; pair++) {
      const second = Math.min(2 * pair + 1, this.begun - 1)
      for (let layer = 0; layer < layers; layer++) {
        const to = pair * layers + layer
        const a = 2 * pair * layers + layer
        const b = second * layers + layer
        this.#min[to] = Math.min(this.#min[a], this.#min[b])
        this.#max[to] = Math.max(this.#max[a], this.#max[b])
        this.#last[to] = this.#last[b]
      }
    }
    this.begun = pairs
    this.width *= 2
  }
}
