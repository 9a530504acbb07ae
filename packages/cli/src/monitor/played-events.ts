/** Which events of a log are due: by the times that it tells, or so many a second. */
import type { EventBatch } from '@reheap/kernel'
import type { Pace } from './reading.ts'

/** At speed 1, of a log that tells no times. */
export const EVENTS_PER_SECOND = 10_000
/** A log tells times if at least one of so many events has one: a few marks are no clock. */
const EVENTS_PER_TIME_MAX = 1000
const NANOSECONDS = 1e9

/** A clock that says up to which row of a batch a replay has come. */
export class PlayedEvents {
  readonly pace: Pace
  /** Time of the log that has gone by; null: it tells no times. @unit ns */
  #nanoseconds: number | null = null
  /** Events that are due, where there are no times. */
  #due = 0
  #isBegun = false

  constructor(speed: number) {
    this.pace = { speed, isPaused: false }
  }

  /** @unit seconds; null where the log tells no times */
  get seconds(): number | null {
    return this.#nanoseconds === null ? null : this.#nanoseconds / NANOSECONDS
  }

  /** The first batch says whether the log tells times. */
  begin(first: EventBatch): void {
    if (this.#isBegun) return
    this.#isBegun = true
    const known = first.time?.subarray(0, first.length).filter(Number.isFinite) ?? []
    const [start] = known
    if (start !== undefined && known.length * EVENTS_PER_TIME_MAX >= first.length) this.#nanoseconds = start
  }

  /** Time goes by. @unit seconds, of the one who looks on */
  advance(elapsed: number): void {
    const { speed, isPaused } = this.pace
    if (isPaused) return
    if (this.#nanoseconds === null) this.#due += elapsed === 0 ? 0 : elapsed * speed * EVENTS_PER_SECOND
    else this.#nanoseconds += elapsed === 0 ? 0 : elapsed * speed * NANOSECONDS
  }

  /** The first row from `from` on that is not due yet; never above `to`. */
  dueRow({ time }: EventBatch, from: number, to: number): number {
    if (this.#nanoseconds === null) return Math.min(to, from + Math.floor(this.#due))
    for (let row = from; row < to; row++) if (time !== null && time[row] > this.#nanoseconds) return row
    return to
  }

  /** So many events were replayed. */
  played(events: number): void {
    if (this.#nanoseconds === null) this.#due -= events
  }
}
