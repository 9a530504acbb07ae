/** Where two replays of one log part: the first event after which a value differs. */
import type { EventIndex } from '@reheap/kernel'
import { TIMELINE_LAYERS, type Timeline, type TimelineLayer } from '@reheap/projections'

/** The first event after which each layer's value is another than the first row's; null: it never is. */
export type Parting = Readonly<Record<TimelineLayer, EventIndex | null>>

const LAYERS = TIMELINE_LAYERS.length
const GROWTH = 2

/** Values of every layer after each event of a batch that changed one. Row 0 holds what was before the batch. */
export class Trail {
  #index = new Float64Array(1024)
  /** @shape [rows * layers] */
  #values = new Float64Array(1024 * LAYERS)
  length = 1

  /** Begins the next batch with the values that the last one ended with. */
  begin(): void {
    const from = (this.length - 1) * LAYERS
    this.#values.copyWithin(0, from, from + LAYERS)
    this.length = 1
  }

  /** Takes the values after a fact of an event; the event's last fact counts. */
  note(index: EventIndex, { usage, objects }: Timeline): void {
    if (this.length === 1 || this.#index[this.length - 1] !== index) {
      if (this.length === this.#index.length) this.#grow()
      this.#index[this.length] = index
      this.length++
    }
    const values = this.#values
    const cell = (this.length - 1) * LAYERS
    values[cell] = usage.requestedBytes
    values[cell + 1] = usage.blockBytes
    values[cell + 2] = usage.arenaBytes
    values[cell + 3] = usage.cLibraryBytes
    values[cell + 4] = usage.heldBytes
    values[cell + 5] = objects.objects
    values[cell + 6] = objects.bytes
  }

  /** The event of a row; infinite behind the last. */
  at(row: number): number {
    return row < this.length ? this.#index[row] : Number.POSITIVE_INFINITY
  }

  value(row: number, layer: number): number {
    return this.#values[row * LAYERS + layer]
  }

  #grow(): void {
    const index = new Float64Array(this.#index.length * GROWTH)
    const values = new Float64Array(this.#values.length * GROWTH)
    index.set(this.#index)
    values.set(this.#values)
    this.#index = index
    this.#values = values
  }
}

/** Compares the trails of two replays, batch by batch. */
export class PartingWatch {
  /** @shape [layers] -1: not yet */
  readonly #parted = new Float64Array(LAYERS).fill(-1)

  /** Takes both trails of one batch. */
  compare(first: Trail, other: Trail): void {
    if (!this.#parted.includes(-1)) return
    for (let a = 0, b = 0; ; ) {
      const next = Math.min(first.at(a + 1), other.at(b + 1))
      if (next === Number.POSITIVE_INFINITY) return
      if (first.at(a + 1) === next) a++
      if (other.at(b + 1) === next) b++
      for (let layer = 0; layer < LAYERS; layer++) {
        if (this.#parted[layer] < 0 && first.value(a, layer) !== other.value(b, layer)) this.#parted[layer] = next
      }
    }
  }

  get parting(): Parting {
    const layers = TIMELINE_LAYERS.map((layer, place) => [layer, this.#parted[place] < 0 ? null : this.#parted[place]])
    return Object.fromEntries(layers) as Parting
  }
}

/** The first event after which any value differs; null: none ever does. */
export function firstParting(parting: Readonly<Record<string, EventIndex | null>>): EventIndex | null {
  return firstOf(Object.values(parting))
}

/** The first of several events; null: there is none. */
export function firstOf(indices: readonly (EventIndex | null)[]): EventIndex | null {
  const found = indices.filter((index) => index !== null)
  return found.length === 0 ? null : Math.min(...found)
}
