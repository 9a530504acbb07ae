import type { EventIndex, FactBatch } from '@reheap/kernel'
import { RunningUsage } from './usage.ts'

/** The layers that a timeline shows. */
export const TIMELINE_LAYERS = ['requestedBytes', 'blockBytes', 'arenaBytes', 'cLibraryBytes', 'heldBytes'] as const
export type TimelineLayer = (typeof TIMELINE_LAYERS)[number]
type Layers = Readonly<Record<TimelineLayer, number>>

/** One stretch of events. */
export interface TimelinePoint {
  /** First event of the stretch. */
  readonly from: EventIndex
  /** First event behind the stretch. */
  readonly to: EventIndex
  /** Largest value within the stretch. @unit bytes */
  readonly max: Layers
  /** Value after the last event of the stretch. @unit bytes */
  readonly last: Layers
}

const LAYERS = TIMELINE_LAYERS.length

/**
 * Usage over events, in a bounded number of stretches of equal length: when they run out, pairs of
 * neighbours become one and the stretch doubles. No peak is lost.
 */
export class Timeline {
  readonly usage: RunningUsage
  readonly #capacity: number
  /** @shape [capacity * LAYERS] @unit bytes */
  readonly #max: Float64Array
  readonly #last: Float64Array
  /** Stretches begun. */
  #begun = 0
  /** Events in a stretch. */
  #width = 1

  /**
   * @param alignmentBytes the profile's
   * @param points at most so many stretches; even, at least 2
   */
  constructor(alignmentBytes: number, points = 1024) {
    this.usage = new RunningUsage(alignmentBytes)
    this.#capacity = points
    this.#max = new Float64Array(points * LAYERS)
    this.#last = new Float64Array(points * LAYERS)
  }

  /** Feed every fact batch in order. */
  feed(facts: FactBatch): void {
    this.usage.feed(facts, (index) => this.#enter(index))
  }

  /** The stretches up to the end of the log. @param events length of the log in events */
  points(events: EventIndex): readonly TimelinePoint[] {
    if (events > 0) this.#reach(events - 1)
    return Array.from({ length: this.#begun }, (_, place) => ({
      from: place * this.#width,
      to: Math.min((place + 1) * this.#width, events),
      max: this.#read(this.#max, place),
      last: this.#read(this.#last, place),
    }))
  }

  #read(column: Float64Array, place: number): Layers {
    const cell = place * LAYERS
    return {
      requestedBytes: column[cell],
      blockBytes: column[cell + 1],
      arenaBytes: column[cell + 2],
      cLibraryBytes: column[cell + 3],
      heldBytes: column[cell + 4],
    }
  }

  #enter(index: EventIndex): void {
    this.#reach(index)
    const cell = (this.#begun - 1) * LAYERS
    const { usage } = this
    this.#set(cell, usage.requestedBytes)
    this.#set(cell + 1, usage.blockBytes)
    this.#set(cell + 2, usage.arenaBytes)
    this.#set(cell + 3, usage.cLibraryBytes)
    this.#set(cell + 4, usage.heldBytes)
  }

  #set(cell: number, bytes: number): void {
    this.#last[cell] = bytes
    if (bytes > this.#max[cell]) this.#max[cell] = bytes
  }

  /** Begins every stretch up to the one of `index`; a new one starts with the values before it. */
  #reach(index: EventIndex): void {
    while (index >= this.#capacity * this.#width) this.#halve()
    const place = Math.floor(index / this.#width)
    while (this.#begun <= place) {
      const cell = this.#begun * LAYERS
      for (let layer = 0; layer < LAYERS; layer++) {
        const before = this.#begun === 0 ? 0 : this.#last[cell - LAYERS + layer]
        this.#last[cell + layer] = before
        this.#max[cell + layer] = before
      }
      this.#begun++
    }
  }

  #halve(): void {
    const pairs = Math.ceil(this.#begun / 2)
    for (let pair = 0; pair < pairs; pair++) {
      const second = Math.min(2 * pair + 1, this.#begun - 1)
      for (let layer = 0; layer < LAYERS; layer++) {
        const to = pair * LAYERS + layer
        const a = 2 * pair * LAYERS + layer
        const b = second * LAYERS + layer
        this.#max[to] = Math.max(this.#max[a], this.#max[b])
        this.#last[to] = this.#last[b]
      }
    }
    this.#begun = pairs
    this.#width *= 2
  }
}
