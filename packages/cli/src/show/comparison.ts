import { formatBytes, formatCount } from '@reheap/kernel'
import type { Input } from '../input.ts'
import type { VariantFigures } from '../variant.ts'
import { counted, percent, table } from './table.ts'

/** How a figure differs from the recorded profile's. */
interface Difference {
  readonly bytes: number
  /** Null where the recorded profile has none of it. */
  readonly percent: number | null
}

/** Figures with what sets them apart from the first row. */
export interface ComparedFigures extends VariantFigures {
  readonly difference: { readonly heldBytesPeak: Difference; readonly heldBytes: Difference }
}

/** Every row with its differences from the first. */
export function withDifferences(rows: readonly VariantFigures[]): readonly ComparedFigures[] {
  const [first] = rows
  if (first === undefined) return []
  const difference = (row: VariantFigures, figure: 'heldBytesPeak' | 'heldBytes'): Difference => ({
    bytes: row[figure] - first[figure],
    percent: first[figure] === 0 ? null : (100 * (row[figure] - first[figure])) / first[figure],
  })
  return rows.map((row) => ({
    ...row,
    difference: { heldBytesPeak: difference(row, 'heldBytesPeak'), heldBytes: difference(row, 'heldBytes') },
  }))
}

const COLUMNS = [
  { title: 'profile', align: 'left' },
  { title: 'arenas: peak' },
  { title: 'end' },
  { title: 'in all' },
  { title: 'held: peak' },
  { title: 'change' },
  { title: 'held: end' },
  { title: 'change' },
  { title: 'fragmented' },
] as const

/** The comparison for people. @param names of the rows; default their profiles' */
export function whatifLines(
  { name, header }: Input,
  events: number,
  figures: readonly VariantFigures[],
  recorded: string,
  names?: readonly string[],
): readonly string[] {
  const rows = withDifferences(figures)
  const [first] = rows
  const cells = rows.map((row, place) => [
    names?.[place] ?? (place === 0 && row.profile === recorded ? `${row.profile} (recorded)` : row.profile),
    formatCount(row.arenasPeak),
    formatCount(row.arenas),
    formatCount(row.arenasTotal),
    formatBytes(row.heldBytesPeak),
    place === 0 ? '' : shown(row.difference.heldBytesPeak),
    formatBytes(row.heldBytes),
    place === 0 ? '' : shown(row.difference.heldBytes),
    percent(row.externalFragmentation),
  ])
  return [
    `${name}: ${counted(events, 'event')}; at the end ${formatBytes(first?.liveBytes ?? 0)} are live, as asked for`,
    ...table(COLUMNS, cells),
    `The requests are those of ${header.runtime.name} ${header.runtime.version}: another version would make its own. Arenas are a simulated system's in every row.`,
  ]
}

function shown({ bytes, percent: share }: Difference): string {
  const sign = bytes < 0 ? '-' : '+'
  const relative = share === null ? '' : ` ${sign}${Math.abs(share).toFixed(1)} %`
  return bytes === 0 ? 'same' : `${sign}${formatBytes(Math.abs(bytes))}${relative}`
}
