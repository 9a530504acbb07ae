/** The head of a table: what it is a table of stands left, figures right. */
import type { Sorting } from './table.tsx'

interface TableHeadProps {
  readonly heads: readonly string[]
  /** Column that the rows are sorted by; null: they stand as they came. */
  readonly sorting?: Sorting | null
  readonly onSort?: (column: number) => void
}

export function TableHead({ heads, sorting = null, onSort }: TableHeadProps) {
  const orderOf = (column: number): 'ascending' | 'descending' | undefined =>
    sorting?.column === column ? (sorting.isUpwards ? 'ascending' : 'descending') : undefined
  return (
    <thead>
      <tr>
        {heads.map((head, column) => (
          <th key={head} class={column === 0 ? '' : 'number'} aria-sort={orderOf(column)}>
            {onSort === undefined ? (
              head
            ) : (
              <button type="button" class="sort" title={`sort by ${head}`} onClick={() => onSort(column)}>
                {head}
              </button>
            )}
          </th>
        ))}
      </tr>
    </thead>
  )
}
