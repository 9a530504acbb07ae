import type { Columns, Mechanism, Reducer, Sealed, Wording } from '@reheap/kernel'
import type { Arbitrary } from 'fast-check'
import type { Either } from 'fp-ts/lib/Either.js'
import type { Model } from './model.ts'

/** One case that a law is tried on: a beginning, and what is asked from there on. */
export interface Program<Setting, Request> {
  readonly setting: Setting
  readonly requests: readonly Request[]
}

/** Amounts by name: what was given out and not returned, or what a state says it holds. */
export type Amounts = Readonly<Record<string, number>>

/**
 * A reducer under test, and what the laws need to know of it. Ours come ready
 * ({@link allocatorSubject}); a reducer of one's own takes their place with `{ ...subject, reducer, mechanism, initial }`.
 *
 * Opcodes and rejections are of no concern here: a law compares them, it does not read them.
 */
export interface Subject<S, Setting, Request, Fact> {
  /** Names the laws and the files of counterexamples: `allocator`. */
  readonly name: string
  readonly reducer: Pick<Reducer<S, number, number, unknown, Setting, Request, Fact>, 'fold' | 'step'>
  readonly mechanism: Mechanism<S, number, number, unknown>
  readonly wording: Wording<number, number, Request, Fact>
  /** Columns to write requests to, where rows have details that plain columns do not hold. */
  newRows?(): Columns
  initial(setting: Setting): Sealed<S>

  /** Programs of which every request is accepted. */
  readonly programs: Arbitrary<Program<Setting, Request>>
  /** Requests of which most cannot have happened after a program. */
  impossible(program: Program<Setting, Request>): Arbitrary<Request>
  /** Requests that give back all that is live after a program. */
  drain(program: Program<Setting, Request>): readonly Request[]
  /** Requests after a program that bring to light what its figures do not show: the order of every list. */
  probe(program: Program<Setting, Request>): readonly Request[]

  /** Every figure that the queries give, as plain values. */
  figures(state: Sealed<S>): unknown
  /** Left: an invariant that does not hold. */
  check(state: Sealed<S>): Either<{ readonly invariant: string; readonly message: string }, void>
  model(setting: Setting): Model<Request, Fact>
  /** The kind of a rejection, as the model names it. */
  kindOf(reason: unknown): string
  /** What facts give out less what they return. */
  flow(facts: readonly Fact[]): Amounts
  /** The same amounts as a state holds them. */
  held(state: Sealed<S>): Amounts
  /** Why a drained state is not empty, or null; what the setting keeps on purpose is no reason. */
  leftover(setting: Setting, state: Sealed<S>): string | null
  /** A request as its row says, by the table of the package's `events.ts`. */
  requestAt(rows: Rows, row: number): Request
  /** A request from a parsed line of JSON. Left: what is wrong. */
  decode(value: unknown): Either<unknown, Request>
  /** A program as the lines of a log, header first. */
  logOf(program: Program<Setting, Request>): readonly string[]
  /** The program of a log that {@link logOf} wrote. @throws if it is none */
  programOf(lines: readonly string[]): Program<Setting, Request>
  /** A program of which requests were left out, with what a system would have answered then: its log is one that could have been recorded. */
  completed?(program: Program<Setting, Request>): Program<Setting, Request>
  /** Told of the facts of the programs whose invariants are checked, so that states of interest can be counted. */
  seen?(facts: readonly Fact[]): void
}

/** Columns of requests, to be read. */
export type Rows = Parameters<Wording<number, number, unknown, unknown>['write']>[1]
