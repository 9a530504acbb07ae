import type { EventIndex, Mechanism, Sealed } from '@reheap/kernel'
import { type Either, right } from 'fp-ts/lib/Either.js'
import { BATCH_EVENTS } from './columns.ts'
import type { EventLog } from './event-log.ts'
import { type ReplayError, replaySteps } from './replay.ts'

/** Events between two snapshots, unless the log is long: replaying half as many takes some 20 ms. */
const EVERY = 8 * BATCH_EVENTS
/** Most snapshots that are kept. */
const SNAPSHOTS_MAX = 32

/** How often a replay is sealed. */
export interface SnapshotOptions {
  /** Events between two snapshots; at least as many as keep their number at 32. Default 524,288. */
  readonly every?: number | undefined
}

/**
 * Time travel: the state of a mechanism at any event of a log, by the nearest snapshot before it and
 * a replay from there. Snapshots are taken on the way, the first time that a replay passes.
 */
export class Snapshots<S, In extends number, Out extends number, R> {
  readonly #log: EventLog
  readonly #mechanism: Mechanism<S, In, Out, R>
  readonly #every: number
  /** In order of `at`; the first is the initial state. */
  readonly #kept: Sealed<S>[]
  /** The last answer: where stepping goes on. */
  #last: Sealed<S>

  constructor(log: EventLog, mechanism: Mechanism<S, In, Out, R>, initial: Sealed<S>, options: SnapshotOptions = {}) {
    this.#log = log
    this.#mechanism = mechanism
    this.#every = Math.max(options.every ?? EVERY, Math.ceil((log.length - initial.at) / SNAPSHOTS_MAX))
    this.#kept = [initial]
    this.#last = initial
  }

  /** The events at which a state is kept. */
  get indexes(): readonly EventIndex[] {
    return this.#kept.map(({ at }) => at)
  }

  /**
   * The first pass: replays the whole log once, so that every later answer starts near.
   *
   * @returns Left: a batch that cannot be read, or a request that was rejected.
   */
  async fill(): Promise<Either<ReplayError<R>, Sealed<S>>> {
    return this.stateAt(this.#log.length)
  }

  /**
   * The state after events 0 to `index - 1`.
   *
   * @throws if the log has no such moment, or the initial state lies behind it: a fault of the program
   * @returns Left: a batch that cannot be read, or a request that was rejected
   */
  async stateAt(index: EventIndex): Promise<Either<ReplayError<R>, Sealed<S>>> {
    const start = this.#nearest(index)
    let answer = start
    const options = { until: index, every: this.#every, muted: true }
    for await (const step of replaySteps(this.#log, this.#mechanism, start, options)) {
      if (step._tag === 'Left') return step
      answer = step.right.state ?? answer
      this.#keep(answer)
    }
    this.#last = answer
    return right(answer)
  }

  #nearest(index: EventIndex): Sealed<S> {
    const first = this.#kept[0]?.at ?? 0
    if (index < first || index > this.#log.length)
      throw new RangeError(`no state at ${index}: the log goes from ${first} to ${this.#log.length}`)
    const before = [...this.#kept, this.#last].filter(({ at }) => at <= index)
    return before.reduce((nearest, state) => (state.at >= nearest.at ? state : nearest))
  }

  /** Keeps the first state behind each multiple of `every`. */
  #keep(state: Sealed<S>): void {
    const slot = ({ at }: Sealed<S>): number => Math.floor(at / this.#every)
    const newest = this.#kept.at(-1)
    if (newest === undefined || slot(state) > slot(newest)) this.#kept.push(state)
  }
}
