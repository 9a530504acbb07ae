/** A table that can be sorted by each of its columns. */
import { useState } from 'preact/hooks'
import { count } from './format.ts'
import { TableHead } from './table-head.tsx'

/** Text, a number, a number beside how people read it, or that with where it leads. */
export type Cell = string | number | readonly [value: number, shown: string, follow?: () => void]

export interface Sorting {
  readonly column: number
  readonly isUpwards: boolean
}

interface TableProps {
  readonly label: string
  readonly heads: readonly string[]
  readonly rows: readonly (readonly Cell[])[]
  readonly onPick?: (row: number) => void
  /** Row that was picked. */
  readonly picked?: number | undefined
  /** More rows are only counted. */
  readonly rowsMax?: number
}

/** A table whose first column is text and whose others are numbers. Rows that can be picked are reached with Tab and picked with Enter. */
export function Table({ label, heads, rows, onPick, picked, rowsMax = 1000 }: TableProps) {
  const [sorting, setSorting] = useState<Sorting | null>(null)
  const shown = sorted(rows, sorting).slice(0, rowsMax)
  const rowClass = (row: number): string => (onPick === undefined ? '' : row === picked ? 'pick picked' : 'pick')
  const picking = (row: number) =>
    onPick === undefined
      ? {}
      : {
          tabIndex: 0,
          'aria-current': row === picked,
          onClick: () => onPick(row),
          onKeyDown: (event: KeyboardEvent) => {
            if (event.key === 'Enter' && event.target === event.currentTarget) onPick(row)
          },
        }
  return (
    <>
      <table aria-label={label}>
        <TableHead heads={heads} sorting={sorting} onSort={(column) => setSorting(nextSorting(sorting, column, rows))} />
        <tbody>
          {shown.map((row) => (
            <tr key={`${row}${textOf(rows[row]?.[0])}`} class={rowClass(row)} {...picking(row)}>
              {rows[row]?.map((cell, place) => (
                <td key={heads[place]} class={place === 0 ? '' : 'number'}>
                  <Shown cell={cell} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length > shown.length && <p class="quiet">and {count(rows.length - shown.length)} more</p>}
    </>
  )
}

function Shown({ cell }: { readonly cell: Cell }) {
  const follow = typeof cell === 'object' ? cell[2] : undefined
  if (follow === undefined) return <>{textOf(cell)}</>
  return (
    <button
      type="button"
      class="link"
      onClick={(event) => {
        event.stopPropagation()
        follow()
      }}
    >
      {textOf(cell)}
    </button>
  )
}

const textOf = (cell: Cell = ''): string | number => (typeof cell === 'object' ? cell[1] : cell)
const sortedBy = (cell: Cell = ''): string | number => (typeof cell === 'object' ? cell[0] : cell)

/** Figures begin with the largest, names with the first; a third click leaves the order that the table came in. */
function nextSorting(sorting: Sorting | null, column: number, rows: TableProps['rows']): Sorting | null {
  const isUpwardsFirst = rows.every((row) => typeof sortedBy(row[column]) === 'string')
  if (sorting?.column !== column) return { column, isUpwards: isUpwardsFirst }
  return sorting.isUpwards === isUpwardsFirst ? { column, isUpwards: !isUpwardsFirst } : null
}

/** Places of rows in their order. */
function sorted(rows: TableProps['rows'], sorting: Sorting | null): readonly number[] {
  const places = [...rows.keys()]
  if (sorting === null) return places
  const { column, isUpwards } = sorting
  return places.sort((a, b) => (isUpwards ? 1 : -1) * compared(sortedBy(rows[a]?.[column]), sortedBy(rows[b]?.[column])))
}

/** What has no number stands below those that have one. */
function compared(a: string | number, b: string | number): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b
  if (typeof a === 'string' && typeof b === 'string') return a.localeCompare(b)
  return typeof a === 'number' ? 1 : -1
}
