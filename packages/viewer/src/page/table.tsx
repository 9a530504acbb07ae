/** A table that is sorted by any column, filtered, and walked with the arrow keys. */
import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import { count } from './format.ts'
import { keepBehind } from './saved-tables.ts'
import { type Notes, TableHead } from './table-head.tsx'
import { type Cell, isOfFigures, plainOf, type Rows, textOf, useRows } from './table-rows.ts'

export type { Cell } from './table-rows.ts'

/** Rows that need no filter to be found among. */
const UNFILTERED = 20
/** Keys that go from row to row, and how far. */
const STEPS: Readonly<Record<string, number>> = {
  ArrowDown: 1,
  ArrowUp: -1,
  Home: Number.NEGATIVE_INFINITY,
  End: Number.POSITIVE_INFINITY,
}

interface TableProps {
  readonly label: string
  readonly heads: readonly string[]
  readonly notes?: Notes
  readonly rows: Rows
  /** Of every row what its figures, from the second column on, are called in `--json`. */
  readonly keys?: readonly (readonly string[])[]
  readonly onPick?: (row: number) => void
  /** Row that was picked. */
  readonly picked?: number | undefined
  /** So many rows are drawn at a time. */
  readonly rowsMax?: number
}

/** Rows that can be picked are one stop of Tab: arrow keys, Home and End go from one to the other, Enter picks. */
export function Table({ label, heads, notes = {}, rows, keys, onPick, picked = -1, rowsMax = 1000 }: TableProps) {
  const table = useRef<HTMLTableElement>(null)
  const { sorting, sortBy, text, setText, found, from, setFrom } = useRows(rows, picked, rowsMax)
  const [focused, setFocused] = useState(-1)
  const shown = found.slice(from, from + rowsMax)
  const stop = [focused, picked].find((row) => shown.includes(row)) ?? shown[0]
  const sides = heads.map((_, column) => (column > 0 && isOfFigures(rows, column) ? 'number' : ''))
  useLayoutEffect(() => {
    if (table.current === null) return
    keepBehind(table.current, () => ({ label, heads: savedHeads(heads, keys), rows: found.map((row) => rows[row]?.map(plainOf) ?? []) }))
  })
  const picking = (row: number) =>
    onPick === undefined
      ? { class: row === picked ? 'picked' : '' }
      : {
          class: row === picked ? 'pick picked' : 'pick',
          tabIndex: row === stop ? 0 : -1,
          onFocusIn: () => setFocused(row),
          onClick: () => onPick(row),
          onKeyDown: (event: KeyboardEvent) => {
            if (event.key === 'Enter' && event.target === event.currentTarget) onPick(row)
          },
        }
  return (
    <>
      {(rows.length > UNFILTERED || text !== '') && (
        <p class="bar rows-bar">
          <input
            type="search"
            aria-label={`filter ${label}`}
            placeholder="filter"
            value={text}
            onInput={(event) => setText(event.currentTarget.value)}
          />
          <span class="quiet" role="status">
            {text !== '' && `${count(found.length)} of ${count(rows.length)}`}
          </span>
          {found.length > rowsMax && <Pages label={label} from={from} rowsMax={rowsMax} all={found.length} onTurn={setFrom} />}
        </p>
      )}
      <table ref={table} aria-label={label}>
        <TableHead heads={heads} notes={notes} sides={sides} sorting={sorting} onSort={sortBy} />
        <tbody onKeyDown={onPick === undefined ? undefined : walk}>
          {shown.map((row) => (
            <tr
              key={`${row}${textOf(rows[row]?.[0])}`}
              data-row={textOf(rows[row]?.[0])}
              aria-current={row === picked ? 'true' : undefined}
              {...picking(row)}
            >
              {rows[row]?.map((cell, column) => (
                <td key={column} class={sides[column]}>
                  <Shown cell={cell} name={keys?.[row]?.[column - 1]} isStop={onPick === undefined || row === stop} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </>
  )
}

/** From row to row. */
function walk(event: KeyboardEvent & { readonly currentTarget: HTMLTableSectionElement }): void {
  const step = STEPS[event.key]
  if (step === undefined) return
  const rows = event.currentTarget.rows
  const from = (event.target as Element).closest('tr')?.sectionRowIndex ?? 0
  rows[Math.max(0, Math.min(rows.length - 1, from + step))]?.focus()
  event.preventDefault()
  event.stopPropagation()
}

interface PagesProps {
  readonly label: string
  readonly from: number
  readonly rowsMax: number
  readonly all: number
  readonly onTurn: (from: number) => void
}

const Pages = ({ label, from, rowsMax, all, onTurn }: PagesProps) => (
  <span class="pair">
    <button type="button" aria-label={`previous rows of ${label}`} disabled={from === 0} onClick={() => onTurn(from - rowsMax)}>
      ‹
    </button>
    rows {count(from + 1)} – {count(Math.min(all, from + rowsMax))} of {count(all)}
    <button type="button" aria-label={`next rows of ${label}`} disabled={from + rowsMax >= all} onClick={() => onTurn(from + rowsMax)}>
      ›
    </button>
  </span>
)

interface ShownProps {
  readonly cell: Cell
  /** What the figure is called in `--json`. */
  readonly name: string | undefined
  /** Does Tab stop at where it leads? */
  readonly isStop: boolean
}

function Shown({ cell, name, isStop }: ShownProps) {
  const follow = typeof cell === 'object' ? cell[2] : undefined
  if (name !== undefined)
    return (
      <data data-key={name} value={plainOf(cell)}>
        {textOf(cell)}
      </data>
    )
  if (follow === undefined) return <>{textOf(cell)}</>
  return (
    <button
      type="button"
      class="link"
      tabIndex={isStop ? 0 : -1}
      onClick={(event) => {
        event.stopPropagation()
        follow()
      }}
    >
      {textOf(cell)}
    </button>
  )
}

/** A column is called as its figures are in `--json` where they are all called the same, else as its head. */
const savedHeads = (heads: readonly string[], keys: TableProps['keys']): readonly string[] =>
  heads.map((head, column) => {
    const names = new Set(keys?.flatMap((row) => row[column - 1] ?? []))
    return (names.size === 1 ? [...names][0] : undefined) ?? head
  })
