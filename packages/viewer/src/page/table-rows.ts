/** Which rows of a table stand where: sorted by a column, those that hold a text, a page of them. */
import { useEffect, useState } from 'preact/hooks'

/** Text, a number, a value beside how people read it, or that with where it leads. */
export type Cell = string | number | readonly [value: string | number, shown: string, follow?: () => void]
export type Rows = readonly (readonly Cell[])[]

export interface Sorting {
  readonly column: number
  readonly isUpwards: boolean
}

export const textOf = (cell: Cell = ''): string => String(typeof cell === 'object' ? cell[1] : cell)
/** What a cell is sorted by, and saved as. */
export const plainOf = (cell: Cell = ''): string | number => (typeof cell === 'object' ? cell[0] : cell)

interface ShownRows {
  readonly sorting: Sorting | null
  readonly sortBy: (column: number) => void
  /** Rows that do not hold it are left out. */
  readonly text: string
  readonly setText: (text: string) => void
  /** Places of all rows that hold the text, in their order. */
  readonly found: readonly number[]
  /** Place of the first that is drawn, among those that are found. */
  readonly from: number
  readonly setFrom: (from: number) => void
}

/** @param picked a row that comes into sight @param rowsMax so many are drawn */
export function useRows(rows: Rows, picked: number, rowsMax: number): ShownRows {
  const [sorting, setSorting] = useState<Sorting | null>(null)
  const [text, setText] = useState('')
  const [from, setFrom] = useState(0)
  const found = sorted(rows, holding(rows, text), sorting)
  useEffect(() => {
    const place = found.indexOf(picked)
    setFrom(place < 0 ? 0 : place - (place % rowsMax))
  }, [picked, sorting, text])
  const sortBy = (column: number): void => setSorting(nextSorting(sorting, column, rows))
  const last = Math.max(0, found.length - 1)
  return { sorting, sortBy, text, setText, found, from: Math.min(from, last - (last % rowsMax)), setFrom }
}

/** Is it a column of figures, to stand at the right? What is not there yet says nothing of it. */
export function isOfFigures(rows: Rows, column: number): boolean {
  const isFigure = (cell: Cell = ''): boolean => typeof cell === 'number' || (typeof cell === 'object' && cell[2] === undefined)
  return rows.some((row) => isFigure(row[column])) || rows.every((row) => ['', '…'].includes(textOf(row[column])))
}

/** Figures begin with the largest, names with the first; a third click leaves the order that the table came in. */
function nextSorting(sorting: Sorting | null, column: number, rows: Rows): Sorting | null {
  const isUpwardsFirst = rows.every((row) => typeof plainOf(row[column]) === 'string')
  if (sorting?.column !== column) return { column, isUpwards: isUpwardsFirst }
  return sorting.isUpwards === isUpwardsFirst ? { column, isUpwards: !isUpwardsFirst } : null
}

/** Places of rows with a text in what they are called, or in any other words. */
function holding(rows: Rows, text: string): readonly number[] {
  const wanted = text.trim().toLowerCase()
  if (wanted === '') return [...rows.keys()]
  const holds = (cell: Cell, column: number): boolean =>
    (column === 0 || typeof cell === 'string' || (typeof cell === 'object' && cell[2] !== undefined)) &&
    textOf(cell).toLowerCase().includes(wanted)
  return [...rows.keys()].filter((row) => rows[row]?.some(holds))
}

/** Places of rows in their order. */
function sorted(rows: Rows, places: readonly number[], sorting: Sorting | null): readonly number[] {
  if (sorting === null) return places
  const { column, isUpwards } = sorting
  return places.toSorted((a, b) => (isUpwards ? 1 : -1) * compared(plainOf(rows[a]?.[column]), plainOf(rows[b]?.[column])))
}

/** What has no number stands below those that have one. */
function compared(a: string | number, b: string | number): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b
  if (typeof a === 'string' && typeof b === 'string') return a.localeCompare(b)
  return typeof a === 'number' ? 1 : -1
}
