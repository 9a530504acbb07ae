/** Comma-separated values, as spreadsheets and data frames read them. */

/** Null and undefined: there is nothing. */
export type CsvCell = string | number | null | undefined

/** A text that a spreadsheet would take for a formula: names of types and files come from anybody. */
const FORMULA = /^[=+\-@\t\r]/

/** A table with its heads. What would be a formula begins with an apostrophe. */
export const csvText = (heads: readonly string[], rows: readonly (readonly CsvCell[])[]): string =>
  [heads, ...rows].map((row) => `${row.map(cellText).join(',')}\n`).join('')

function cellText(cell: CsvCell): string {
  if (typeof cell !== 'string') return String(cell ?? '')
  const text = FORMULA.test(cell) ? `'${cell}` : cell
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
