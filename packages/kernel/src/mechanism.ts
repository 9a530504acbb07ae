import type { Batch } from './batch.ts'
import type { Emit } from './emit.ts'

/** Number of events folded into a state: the index of the next one. */
export type EventIndex = number

/**
 * A state that nobody can change. All that a caller ever sees; the columns inside are read by the
 * package that owns them, through its queries.
 */
export interface Sealed<S> {
  /** Phantom. */
  readonly _S?: S
  readonly at: EventIndex
}

/** A state in the making: one owner, dead after `seal`. */
export interface Draft<S> {
  /** Phantom. */
  readonly _D?: S
}

/**
 * A pure reducer, written as its one mutator.
 *
 * The loop over rows lives in `applyBatch`, allocates nothing, and is the only place where the
 * rules stand; {@link reducerOf} derives the pure functions from it.
 */
export interface Mechanism<S, In extends number, Out extends number, R> {
  /** A draft that starts as a copy of `state`. */
  thaw(state: Sealed<S>): Draft<S>
  /**
   * Applies rows `from` to `to` in order. Rows outside the mechanism's opcode range only advance the clock.
   *
   * @returns -1, or the first rejected row, whose reason is then in `emit.reason`; rows before it are
   * applied, it and the rows behind it are not
   */
  applyBatch(draft: Draft<S>, batch: Batch<In>, from: number, to: number, emit: Emit<Out>): number
  /** Hands the draft over as a sealed state, without a copy. The draft is dead after it. */
  seal(draft: Draft<S>): Sealed<S>
  /** A rejection in words. @shape `operands` are id, other, size, address, tag of the rejected row */
  explain(reason: number, code: In, ...operands: number[]): R
}
