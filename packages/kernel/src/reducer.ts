import { type Either, left, right } from 'fp-ts/lib/Either.js'
import type { Batch, FactBatch } from './batch.ts'
import { Columns } from './columns.ts'
import { Emit } from './emit.ts'
import type { Mechanism, Sealed } from './mechanism.ts'
import type { Rejected } from './rejected.ts'

/** A mechanism as a pure function of state and requests. */
export interface Reducer<S, In extends number, Out extends number, R, Profile, Request, Fact> {
  initial(profile: Profile): Sealed<S>
  /** Folds a whole batch, or rejects it whole. */
  fold(state: Sealed<S>, batch: Batch<In>): Either<Rejected<R>, { readonly state: Sealed<S>; readonly emitted: FactBatch<Out> }>
  /** Folds one request written as a tagged value. */
  step(state: Sealed<S>, request: Request): Either<Rejected<R>, { readonly state: Sealed<S>; readonly emitted: readonly Fact[] }>
}

/** How tagged values become rows and rows become tagged values: the boundary of a mechanism. */
export interface Wording<In extends number, Out extends number, Request, Fact> {
  write(request: Request, rows: Columns): void
  read(facts: FactBatch<Out>, row: number): Fact
  readonly _in?: In
}

/** `fold(state, batch) = seal(apply(thaw(state), batch))`. */
export function foldOf<S, In extends number, Out extends number, R>(
  mechanism: Mechanism<S, In, Out, R>,
): Reducer<S, In, Out, R, unknown, unknown, unknown>['fold'] {
  return (state, batch) => {
    const draft = mechanism.thaw(state)
    const emit = new Emit<Out>()
    const rejected = mechanism.applyBatch(draft, batch, 0, batch.length, emit)
    if (rejected < 0) return right({ state: mechanism.seal(draft), emitted: emit.facts as FactBatch<Out> })
    return left({ index: batch.firstIndex + rejected, reason: explainRow(mechanism, emit.reason, batch, rejected) })
  }
}

/** A fold of one request. @param newRows columns of one row, of the kind that the wording writes to */
export function stepOf<S, In extends number, Out extends number, R, Request, Fact, Rows extends { firstIndex: number }>(
  fold: Reducer<S, In, Out, R, unknown, Request, Fact>['fold'],
  wording: { write(request: Request, rows: Rows): void; read(facts: FactBatch<Out>, row: number): Fact },
  newRows: () => Rows,
): Reducer<S, In, Out, R, unknown, Request, Fact>['step'] {
  return (state, request) => {
    const rows = newRows()
    rows.firstIndex = state.at
    wording.write(request, rows)
    const folded = fold(state, rows as unknown as Batch<In>)
    if (folded._tag === 'Left') return folded
    const emitted: Fact[] = []
    for (let row = 0; row < folded.right.emitted.length; row++) emitted.push(wording.read(folded.right.emitted, row))
    return right({ state: folded.right.state, emitted })
  }
}

/** The pure reducer of a mechanism whose requests are plain columns. */
export function reducerOf<S, In extends number, Out extends number, R, Profile, Request, Fact>(
  mechanism: Mechanism<S, In, Out, R>,
  wording: Wording<In, Out, Request, Fact>,
  initial: (profile: Profile) => Sealed<S>,
): Reducer<S, In, Out, R, Profile, Request, Fact> {
  const fold = foldOf(mechanism)
  return { initial, fold, step: stepOf(fold, wording, () => new Columns(1)) }
}

/** The reason of a rejected row in words. */
export function explainRow<S, In extends number, Out extends number, R>(
  mechanism: Mechanism<S, In, Out, R>,
  reason: number,
  batch: Batch<In>,
  row: number,
): R {
  const { code, id, other, size, address, tag } = batch
  return mechanism.explain(reason, code[row] as In, id[row] ?? 0, other[row] ?? 0, size[row] ?? 0, address[row] ?? 0, tag[row] ?? 0)
}
