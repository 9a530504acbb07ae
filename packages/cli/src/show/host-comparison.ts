import { formatBytes, formatCount, formatDuration } from '@reheap/kernel'
import type { VariantHost } from '@reheap/machine'
import { table } from './table.ts'

const COLUMNS = [
  { title: 'host', align: 'left' },
  { title: 'RAM' },
  { title: 'swap' },
  { title: 'resident: peak' },
  { title: 'end' },
  { title: 'swapped out' },
  { title: 'swapped in' },
  { title: 'swap cost' },
  { title: 'outcome', align: 'left' },
] as const

/** What the log cost the machine below under each row. @param names of the rows */
export function hostComparisonLines(rows: readonly (VariantHost | null)[], names: readonly string[]): readonly string[] {
  const cells = rows.flatMap((row, place) => (row === null ? [] : [cellsOf(row, names[place] ?? '')]))
  return [
    ...table(COLUMNS, cells),
    'Resident sizes are those of process 0. What swapping costs is an estimate: so many pages, at what one takes on a solid-state disk.',
  ]
}

function cellsOf({ system, process, swap }: VariantHost, name: string): readonly string[] {
  const { swappedOutBytes, swappedInBytes, nanoseconds } = swap
  return [
    name,
    formatBytes(system.total),
    formatBytes(system.swapTotal),
    formatBytes(process.peakBytes),
    formatBytes(process.rssBytes),
    formatBytes(swappedOutBytes),
    formatBytes(swappedInBytes),
    nanoseconds === 0 ? '0' : `~${formatDuration(nanoseconds)}`,
    outcomeOf(process, swappedOutBytes),
  ]
}

function outcomeOf({ state, ended }: VariantHost['process'], swappedOutBytes: number): string {
  if (state === 'killed' && ended !== null)
    return `killed at event ${formatCount(ended.index)}, with ${formatBytes(ended.rssBytes)} in RAM and ${formatBytes(ended.swapBytes)} in swap`
  return swappedOutBytes > 0 ? 'slowed' : 'fits'
}
