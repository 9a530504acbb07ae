/** Readings of a log that is being replayed. */
import { type EventBatch, formatCount, sliceEvents } from '@reheap/kernel'
import { left, right } from 'fp-ts/lib/Either.js'
import type { Input } from '../input.ts'
import type { Result } from '../outcome.ts'
import { PlayedEvents } from './played-events.ts'
import type { Pace, Reading, Readings } from './reading.ts'

/** What a replay, of whichever layers, does for a monitor. */
export interface Played {
  /** Looks at a batch before its first rows are replayed. */
  begin(batch: EventBatch): void
  /** Replays some rows. Left: a request that cannot have happened. */
  feed(batch: EventBatch): Result<void>
  /** What the memory is now. */
  reading(): Omit<Reading, 'event' | 'seconds'>
}

/** Events that are replayed before the clock on the wall is looked at. */
const ROWS_AT_ONCE = 8192

/** How a log is played. */
export interface PlayOptions {
  /** How it is replayed, for the title. */
  readonly what: string
  /** The event to stop before. */
  readonly until: number | undefined
  readonly speed: number
  /** A look comes at least so often, however many events are due. @unit ms */
  readonly lookMs: number
}

/** Plays a log: so many events as are due at each look. */
export class ReplayReadings implements Readings {
  readonly pace: Pace
  readonly #input: Input
  readonly #played: Played
  readonly #what: string
  readonly #lookMs: number
  readonly #until: number | undefined
  readonly #clock: PlayedEvents
  #batch: EventBatch | null = null
  #row = 0
  #event = 0
  #isOver = false
  #isTold = false

  constructor(input: Input, played: Played, { what, until, speed, lookMs }: PlayOptions) {
    this.#input = input
    this.#played = played
    this.#what = what
    this.#lookMs = lookMs
    this.#until = until
    this.#clock = new PlayedEvents(speed)
    this.pace = this.#clock.pace
  }

  get title(): string {
    return this.#input.name
  }

  status(): string {
    const { length } = this.#input
    const of = length === null ? '' : ` of ${formatCount(length)}`
    const { speed, isPaused } = this.pace
    const rate = `${Number.isFinite(speed) ? `speed ${speed}` : 'full speed'}${isPaused ? ', paused' : ''}`
    return `event ${formatCount(this.#event)}${of}, ${this.#what}; ${this.#isOver ? 'at its end' : rate}`
  }

  async next(elapsed: number): Promise<Result<Reading | null>> {
    if (this.#isTold) return right(null)
    this.#clock.advance(elapsed)
    const started = performance.now()
    while (!this.#isOver && performance.now() - started < this.#lookMs) {
      const advanced = await this.#advance()
      if (advanced._tag === 'Left') return advanced
      if (!advanced.right) break
    }
    this.#isTold = this.#isOver
    return right({ event: this.#event, seconds: this.#clock.seconds, ...this.#played.reading() })
  }

  /** Replays the next rows that are due. @returns whether there may be more of them */
  async #advance(): Promise<Result<boolean>> {
    const batch = this.#batch
    if (batch === null || this.#row === batch.length) return this.#nextBatch()
    const most = Math.min(batch.length, this.#row + ROWS_AT_ONCE, this.#row + (this.#until ?? Number.POSITIVE_INFINITY) - this.#event)
    const to = this.#clock.dueRow(batch, this.#row, most)
    if (to === this.#row && to < most) return right(false)
    const fed = this.#played.feed(sliceEvents(batch, this.#row, to))
    if (fed._tag === 'Left') return fed
    this.#clock.played(to - this.#row)
    this.#event += to - this.#row
    this.#row = to
    if (this.#event === this.#until) this.#isOver = true
    return right(to === most)
  }

  async #nextBatch(): Promise<Result<boolean>> {
    const read = await this.#input.batches.next()
    if (read.done === true) {
      this.#isOver = true
      if (this.#until === undefined || this.#until === this.#event) return right(false)
      return left(`--until ${this.#until}: ${this.#input.name} has ${formatCount(this.#event)} events; give at most so many`)
    }
    if (read.value._tag === 'Left') return read.value
    this.#batch = read.value.right
    this.#row = 0
    this.#clock.begin(this.#batch)
    this.#played.begin(this.#batch)
    return right(true)
  }
}
