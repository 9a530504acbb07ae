/** When events happened, where the log says so. */
import type { LogBatches } from './log-batches.ts'
import type { EventTimes } from './messages.ts'

/** Times kept of one part: as many as a curve has stretches. Even. */
const KNOTS = 131_072

/** Times of the events from `from` up to `to`; null: fewer than two of them have one. The first of all is as old as the recording. */
export function eventTimes(batches: LogBatches, from: number, to: number): EventTimes | null {
  if (!batches.has('time', Number.NaN)) return null
  const knots = new Knots()
  if (from === 0) knots.add(0, batches.value('time', 0) || 0)
  for (const { values, firstIndex } of batches.column('time', from, to)) {
    const end = Math.min(values.length, to - firstIndex)
    for (let row = Math.max(0, from - firstIndex); row < end; row++) knots.add(firstIndex + row, values[row])
  }
  return knots.told()
}

class Knots {
  readonly #event = new Float64Array(KNOTS)
  readonly #time = new Float64Array(KNOTS)
  #length = 0
  /** Events between two that are kept, at least. */
  #gap = 1
  #lastEvent = -1
  #lastTime = Number.NEGATIVE_INFINITY

  add(event: number, time: number): void {
    // Threads may store in another order than they looked at the clock; events at one time are told apart by none.
    if (!(time > this.#lastTime)) return
    this.#lastTime = time
    this.#lastEvent = event
    if (this.#length > 0 && event < this.#event[this.#length - 1] + this.#gap) return
    if (this.#length === KNOTS) this.#thin()
    this.#event[this.#length] = event
    this.#time[this.#length++] = time
  }

  told(): EventTimes | null {
    if (this.#lastEvent < 0 || this.#lastEvent === this.#event[0]) return null
    const isLastKept = this.#event[this.#length - 1] === this.#lastEvent
    const told = (kept: Float64Array, last: number) => Float64Array.from([...kept.subarray(0, this.#length), ...(isLastKept ? [] : [last])])
    return { event: told(this.#event, this.#lastEvent), time: told(this.#time, this.#lastTime) }
  }

  /** Every second one goes. */
  #thin(): void {
    for (const column of [this.#event, this.#time]) for (let place = 0; place < KNOTS / 2; place++) column[place] = column[2 * place]
    this.#length = KNOTS / 2
    this.#gap *= 2
  }
}
