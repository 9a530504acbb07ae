/** Garbage that waits for its collection, over events. */
import { type EventIndex, grown } from '@reheap/kernel'

/** An object that was unreachable and alive: it was so after event `since`, and no more after event `until`. */
export interface WaitingSpan {
  readonly since: EventIndex
  readonly until: EventIndex
  readonly bytes: number
  /** Does the collector track it? */
  readonly isTracked: boolean
}

/** `containers` are the tracked objects: those that collections count. */
export const UNCOLLECTED_MEASURES = ['objects', 'containers', 'bytes'] as const
/** What is measured of garbage that waits. */
export type UncollectedMeasure = (typeof UNCOLLECTED_MEASURES)[number]
const [OBJECTS, CONTAINERS, BYTES] = [0, 1, 2]

/** Amounts that begin and end at each stretch of events. */
class Edges {
  begins: Float64Array = new Float64Array(0)
  /** At the first stretch that is no more covered. */
  ends: Float64Array = new Float64Array(0)

  add(from: number, to: number, amount: number): void {
    this.begins = grown(this.begins, to + 1)
    this.ends = grown(this.ends, to + 1)
    this.begins[from] += amount
    this.ends[to] += amount
  }

  /** Pairs of stretches become one, which is covered where one of them was. */
  halve(): void {
    const half = Math.ceil(this.begins.length / 2) + 1
    const begins = new Float64Array(half)
    const ends = new Float64Array(half)
    for (let place = 0; place < this.begins.length; place++) {
      begins[place >> 1] += this.begins[place]
      ends[(place + 1) >> 1] += this.ends[place]
    }
    this.begins = begins
    this.ends = ends
  }
}

/**
 * Objects, containers and bytes that were unreachable and alive, after every event: what a timeline shows.
 *
 * Exact as long as the log has at most so many events as there are stretches. In a longer log a stretch is of several
 * events, and what waited at one of them counts at all: the figures are then upper bounds. (`UncollectedPeaks` gives the
 * maxima exactly, whatever the length.)
 */
export class Uncollected {
  readonly #capacity: number
  readonly #edges = UNCOLLECTED_MEASURES.map(() => new Edges())
  #width = 1

  /** @param stretches at most so many, a power of two */
  constructor(stretches = 2 ** 20) {
    this.#capacity = stretches
  }

  /** Events of one stretch: 1 where the figures are exact. */
  get width(): number {
    return this.#width
  }

  add({ since, until, bytes, isTracked }: WaitingSpan): void {
    if (until <= since) return
    while (until > this.#capacity * this.#width) this.#halve()
    const from = Math.floor(since / this.#width)
    const to = Math.ceil(until / this.#width)
    this.#edges[OBJECTS]?.add(from, to, 1)
    this.#edges[BYTES]?.add(from, to, bytes)
    if (isTracked) this.#edges[CONTAINERS]?.add(from, to, 1)
  }

  /** The largest value in each stretch of events. @param bounds where each begins, ascending */
  most(measure: UncollectedMeasure, bounds: readonly EventIndex[]): readonly number[] {
    const most = bounds.map(() => 0)
    let place = 0
    this.#levels(measure, (value, index) => {
      const last = index + this.#width - 1
      while (place + 1 < bounds.length && (bounds[place + 1] as number) <= index) place++
      for (let at = place; at < bounds.length && (at === place || (bounds[at] as number) <= last); at++)
        most[at] = Math.max(most[at] as number, value)
    })
    return most
  }

  #levels(measure: UncollectedMeasure, visit: (value: number, index: EventIndex) => void): void {
    const { begins, ends } = this.#edges[UNCOLLECTED_MEASURES.indexOf(measure)] as Edges
    let value = 0
    for (let place = 0; place < begins.length; place++) {
      value += begins[place] - ends[place]
      visit(value, place * this.#width)
    }
  }

  #halve(): void {
    for (const edges of this.#edges) edges.halve()
    this.#width *= 2
  }
}
