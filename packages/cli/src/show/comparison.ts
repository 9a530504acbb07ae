import { formatBytes, formatCount } from '@reheap/kernel'
import type { ComparedFigures, Difference } from '@reheap/machine'
import type { Input } from '../input.ts'
import { counted, percent, table } from './table.ts'

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
  rows: readonly ComparedFigures[],
  recorded: string,
  names?: readonly string[],
): readonly string[] {
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
