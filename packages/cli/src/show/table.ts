export { formatCounted as counted, formatShare as percent } from '@reheap/kernel'

/** A column of a table for people. */
export interface TableColumn {
  readonly title: string
  /** Numbers stand at the right. */
  readonly align?: 'left' | 'right'
}

const GAP = '  '

/** Rows under their titles as lines; columns as wide as their widest cell. */
export function table(columns: readonly TableColumn[], rows: readonly (readonly string[])[]): readonly string[] {
  const widths = columns.map(({ title }, place) => Math.max(title.length, ...rows.map((row) => (row[place] ?? '').length)))
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, place) => (columns[place]?.align === 'left' ? cell.padEnd(widths[place] ?? 0) : cell.padStart(widths[place] ?? 0)))
      .join(GAP)
      .trimEnd()
  return [line(columns.map(({ title }) => title)), ...rows.map(line)]
}
