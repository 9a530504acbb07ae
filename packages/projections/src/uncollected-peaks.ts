import type { EventIndex } from '@reheap/kernel'
import { UNCOLLECTED_MEASURES, type UncollectedMeasure, type WaitingSpan } from './uncollected.ts'
import type { Peak } from './usage.ts'

const MEASURES = UNCOLLECTED_MEASURES.length

/**
 * The most that was unreachable and not yet collected, exactly, however long the log. Feed it every span; those that end
 * earlier come first.
 *
 * Between two collections it only grows, so the maximum stands just before one, or at the end: a few numbers are kept for
 * each moment at which a span ended.
 */
export class UncollectedPeaks {
  /** Moments at which spans end, ascending. */
  readonly #moments: EventIndex[] = []
  /** What begins to count at each moment, less what no longer does: measures side by side. */
  readonly #changes: number[] = []

  add({ since, until, bytes, isTracked }: WaitingSpan): void {
    const moments = this.#moments
    if (moments.length === 0 || (moments.at(-1) ?? 0) < until) {
      moments.push(until)
      while (this.#changes.length < MEASURES * (moments.length + 1)) this.#changes.push(0)
    }
    const last = moments.length - 1
    const containers = isTracked ? 1 : 0
    this.#change(Math.min(this.#firstAfter(since), last), 1, containers, bytes)
    this.#change(last + 1, -1, -containers, -bytes)
  }

  /** The largest value that a measure had, and the event before which it had it. */
  peak(measure: UncollectedMeasure): Peak {
    const place = UNCOLLECTED_MEASURES.indexOf(measure)
    let value = 0
    let most: Peak = { value: 0, index: 0 }
    this.#moments.forEach((index, moment) => {
      value += this.#changes[MEASURES * moment + place] ?? 0
      if (value > most.value) most = { value, index }
    })
    return most
  }

  #change(moment: number, ...amounts: readonly [number, number, number]): void {
    amounts.forEach((amount, place) => {
      const at = MEASURES * moment + place
      this.#changes[at] = (this.#changes[at] ?? 0) + amount
    })
  }

  /** First moment that comes after an event. */
  #firstAfter(event: EventIndex): number {
    let low = 0
    let high = this.#moments.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#moments[middle] ?? 0) > event) high = middle
      else low = middle + 1
    }
    return low
  }
}
