/** What lies behind the tables on the page: every row, in plain values. */
import type { CsvCell } from './csv.ts'

export interface SavedTable {
  readonly label: string
  readonly heads: readonly string[]
  /** All that the filter leaves, in the order that is shown, also those that are not drawn. */
  readonly rows: readonly (readonly CsvCell[])[]
}

const behind = new WeakMap<Element, () => SavedTable>()

export function keepBehind(table: Element, saved: () => SavedTable): void {
  behind.set(table, saved)
}

/** Those of the view that is open, from top to bottom. */
export const tablesShown = (): readonly SavedTable[] =>
  [...document.querySelectorAll('[role=tabpanel] table')].flatMap((table) => behind.get(table)?.() ?? [])
