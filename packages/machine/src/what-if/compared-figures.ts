/** Rows of a what-if beside their first. */
import type { VariantFigures } from './variant.ts'

/** How a figure differs from the first row's. */
export interface Difference {
  readonly bytes: number
  /** Null where the first row has none of it. */
  readonly percent: number | null
}

/** Figures with what sets them apart from the first row. */
export interface ComparedFigures extends VariantFigures {
  readonly difference: { readonly heldBytesPeak: Difference; readonly heldBytes: Difference }
}

/** Every row with its differences from the first. */
export function withDifferences(rows: readonly VariantFigures[]): readonly ComparedFigures[] {
  const [first] = rows
  if (first === undefined) return []
  const difference = (row: VariantFigures, figure: 'heldBytesPeak' | 'heldBytes'): Difference => ({
    bytes: row[figure] - first[figure],
    percent: first[figure] === 0 ? null : (100 * (row[figure] - first[figure])) / first[figure],
  })
  return rows.map((row) => ({
    ...row,
    difference: { heldBytesPeak: difference(row, 'heldBytesPeak'), heldBytes: difference(row, 'heldBytes') },
  }))
}
