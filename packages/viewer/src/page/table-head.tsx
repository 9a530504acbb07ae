/** The head of a table: each of its columns can be sorted by. */
import type { Sorting } from './table-rows.ts'

/** What the figures of a column are, by its head: a share says of what it is one. */
export type Notes = Readonly<Record<string, string>>

interface TableHeadProps {
  readonly heads: readonly string[]
  readonly notes: Notes
  /** Class of each column: figures stand at the right. */
  readonly sides: readonly string[]
  /** Column that the rows are sorted by; null: they stand as they came. */
  readonly sorting: Sorting | null
  readonly onSort: (column: number) => void
}

export function TableHead({ heads, notes, sides, sorting, onSort }: TableHeadProps) {
  const orderOf = (column: number): 'ascending' | 'descending' | undefined =>
    sorting?.column === column ? (sorting.isUpwards ? 'ascending' : 'descending') : undefined
  return (
    <thead>
      <tr>
        {heads.map((head, column) => (
          <th key={column} scope="col" class={sides[column]} aria-sort={orderOf(column)}>
            <button
              type="button"
              class="sort"
              title={notes[head] === undefined ? `sort by ${head}` : `${notes[head]}; sort by ${head}`}
              onClick={() => onSort(column)}
            >
              {head}
            </button>
          </th>
        ))}
      </tr>
    </thead>
  )
}
