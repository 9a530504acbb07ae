import {
  type Batch,
  Emit,
  type EventBatch,
  type EventIndex,
  explainRow,
  type FactBatch,
  formatCount,
  type Mechanism,
  type Sealed,
} from '@reheap/kernel'
import { type Either, left, right } from 'fp-ts/lib/Either.js'
import type { Observable } from 'rxjs'
import type { LogError } from './error.ts'
import type { EventLog } from './event-log.ts'
import { passOn, pulled$ } from './pulled.ts'

/** A request of the log that the mechanism rejected: the replay ends before it. */
export interface ReplayRejected<R> {
  readonly kind: 'Rejected'
  /** Index in the log of the rejected request. */
  readonly index: EventIndex
  readonly reason: R
  readonly message: string
}

/** Why a replay ended early. */
export type ReplayError<R> = LogError | ReplayRejected<R>

/** What one batch, or a part of one, did. Good until the next is asked for: all of its columns are used again. */
export interface Replayed<S, Out extends number> {
  /** The batch; rows before the replay's start and from its end on were not applied. */
  readonly batch: EventBatch
  /** What the mechanism answered; empty if the replay is muted. */
  readonly facts: FactBatch<Out>
  /** Events folded so far. */
  readonly at: EventIndex
  /** The state at `at`: at the snapshots that were asked for, at the end, and before a rejected request; else null. */
  readonly state: Sealed<S> | null
}

/** How a log is replayed. */
export interface ReplayOptions {
  /** The event to stop before; default the log's end. */
  readonly until?: EventIndex | undefined
  /** Seal a state at the end of every batch that a multiple of so many events lies in; default only at the end. */
  readonly every?: number | undefined
  /** Drop facts: faster where only states are wanted. */
  readonly muted?: boolean | undefined
}

/**
 * Replays a log through a mechanism, one value a batch. It starts at event `initial.at`, so a state
 * sealed on the way goes on where it stands.
 *
 * Cold, and read ahead. Fails with a {@link ReplayError}; before a rejection, what
 * was applied of its batch is given.
 */
export function replay$<S, In extends number, Out extends number, R>(
  log: EventLog,
  mechanism: Mechanism<S, In, Out, R>,
  initial: Sealed<S>,
  options: ReplayOptions = {},
): Observable<Replayed<S, Out>> {
  return pulled$(() => replaySteps(log, mechanism, initial, options), passOn)
}

/** The steps of {@link replay$} as a generator. */
export async function* replaySteps<S, In extends number, Out extends number, R>(
  log: EventLog,
  mechanism: Mechanism<S, In, Out, R>,
  initial: Sealed<S>,
  { until = log.length, every = Number.POSITIVE_INFINITY, muted = false }: ReplayOptions,
): AsyncGenerator<Either<ReplayError<R>, Replayed<S, Out>>, void, undefined> {
  const end = Math.min(until, log.length)
  if (initial.at >= end) return
  const emit = new Emit<Out>({ muted })
  let draft = mechanism.thaw(initial)
  for await (const read of log.readAhead(log.batchOf(initial.at), log.batchOf(end - 1) + 1)) {
    if (read._tag === 'Left') return yield read
    const batch = read.right as EventBatch & Batch<In>
    const { firstIndex } = batch
    const from = Math.max(initial.at - firstIndex, 0)
    const to = Math.min(end - firstIndex, batch.length)
    emit.clear()
    const row = mechanism.applyBatch(draft, batch, from, to, emit)
    const at = firstIndex + (row < 0 ? to : row)
    const isOver = row >= 0 || at === end
    const isSnapshot = Math.floor(at / every) > Math.floor((firstIndex + from) / every)
    const state = isOver || isSnapshot ? mechanism.seal(draft) : null
    yield right({ batch, facts: emit.facts as FactBatch<Out>, at, state })
    if (row >= 0) return yield left(rejected(log.name, at, explainRow(mechanism, emit.reason, batch, row)))
    if (state !== null && !isOver) draft = mechanism.thaw(state)
  }
}

function rejected<R>(name: string, index: EventIndex, reason: R): ReplayRejected<R> {
  const words = typeof reason === 'object' && reason !== null && 'message' in reason ? String(reason.message) : JSON.stringify(reason)
  return { kind: 'Rejected', index, reason, message: `${name}: event ${formatCount(index)} cannot have happened: ${words}` }
}
