/** A table of figures, each also as a plain number under its key. */
import { TableHead } from './table-head.tsx'

/** A figure: its key, its plain value, and how people read it. */
export type Figured = readonly [key: string, value: number, shown: string]

interface FigureTableProps {
  readonly label: string
  readonly heads: readonly string[]
  readonly rows: readonly { readonly name: string; readonly figures: readonly Figured[] }[]
  /** The row that is chosen, and what a click or the return key on another does. */
  readonly chosen?: number
  readonly onPick?: (row: number) => void
}

export function FigureTable({ label, heads, rows, chosen, onPick }: FigureTableProps) {
  return (
    <div class="scroll figure-rows">
      <table aria-label={label}>
        <TableHead heads={heads} />
        <tbody>
          {rows.map(({ name, figures }, row) => (
            <tr key={`${row}${name}`} data-row={name} class={chosen === row ? 'chosen' : ''}>
              <td>
                {onPick === undefined || row === 0 ? (
                  name
                ) : (
                  <button type="button" class="link" aria-pressed={chosen === row} onClick={() => onPick(row)}>
                    {name}
                  </button>
                )}
              </td>
              {figures.map(([key, value, shown]) => (
                <td key={key} class="number">
                  <data data-key={key} value={value}>
                    {shown}
                  </data>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
