/** Two logs of interpreters side by side, or two moments of one: what they cost, and which types and size classes hold it in the end. */
import { type Changed, changedOf } from './changed.ts'
import { type ClassCount, type HeapSummary, type HeapTurnover, NO_POOLS, type TypeCount } from './heap-summary.ts'

type Side = Pick<HeapSummary, 'name' | 'events' | 'profile' | 'cost'>

/** What differs, the largest change first. */
export interface HeapDifference {
  readonly before: Side
  readonly after: Side
  readonly types: readonly (Changed<TypeCount> & { readonly type: string })[]
  readonly sizeClasses: readonly (Changed<ClassCount> & { readonly blockBytes: number })[]
}

/** A part of one log: what it holds behind the part, beside what it held before. Peaks and collections of `after` are those of the part. */
export interface HeapStretch extends HeapDifference {
  readonly between: HeapTurnover
}

/** What two logs of an interpreter differ in, by type and by size class. */
export function heapDifference(before: HeapSummary, after: HeapSummary): HeapDifference {
  const said = ({ name, events, profile, cost }: HeapSummary): Side => ({ name, events, profile, cost })
  return {
    before: said(before),
    after: said(after),
    types: changedOf(before.types, after.types, { bytes: 0, objects: 0 }).map(([type, row]) => ({ type, ...row })),
    sizeClasses: changedOf(before.sizeClasses, after.sizeClasses, NO_POOLS).map(([blockBytes, row]) => ({ blockBytes, ...row })),
  }
}

/** What a part of a log changed. @param before what {@link HeapSummarizer.begin} told @param after the same log's summary behind the part */
export const heapStretch = (before: HeapSummary, after: HeapSummary): HeapStretch => ({
  ...heapDifference(before, after),
  between: after.turnover,
})
