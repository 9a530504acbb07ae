/** A table of figures, each also as a plain number under its key. */
import { Table } from './table.tsx'
import type { Notes } from './table-head.tsx'

/** Rows that are drawn at a time. */
const ROWS_MAX = 200

/** A figure: its key, its plain value, and how people read it. */
export type Figured = readonly [key: string, value: number, shown: string]

interface FigureTableProps {
  readonly label: string
  readonly heads: readonly string[]
  readonly notes?: Notes
  readonly rows: readonly { readonly name: string; readonly figures: readonly Figured[] }[]
  /** The row that is chosen, and what a click or the return key on another does. */
  readonly chosen?: number
  readonly onPick?: (row: number) => void
}

/** The first row is what the others are compared with: it is not chosen. */
export function FigureTable({ label, heads, notes = {}, rows, chosen, onPick }: FigureTableProps) {
  return (
    <div class="scroll figure-rows">
      <Table
        label={label}
        heads={heads}
        notes={notes}
        picked={chosen}
        rowsMax={ROWS_MAX}
        rows={rows.map(({ name, figures }, row) => [
          onPick === undefined || row === 0 ? name : [name, name, () => onPick(row)],
          ...figures.map(([, value, shown]) => [value, shown] as const),
        ])}
        keys={rows.map(({ figures }) => figures.map(([key]) => key))}
      />
    </div>
  )
}
