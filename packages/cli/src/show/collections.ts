import { formatBytes, formatCount, formatDuration } from '@reheap/kernel'
import type { CollectorFigures } from '@reheap/machine'
import type { CollectionTotals } from '@reheap/projections'
import { counted, table } from './table.ts'

const COLUMNS = [
  { title: 'profile', align: 'left' },
  { title: 'collections: 0' },
  { title: '1' },
  { title: '2' },
  { title: 'collected' },
  { title: 'visited' },
  { title: 'pauses: all' },
  { title: 'longest' },
  { title: 'uncollected: peak' },
  { title: 'bytes' },
  { title: 'live: peak' },
  { title: 'bytes' },
] as const

/** What the collector did under each row. @param names of the rows */
export function collectionLines(rows: readonly CollectorFigures[], names: readonly string[]): readonly string[] {
  const cells = rows.map(({ generations, uncollected, live }, place) => [
    names[place] ?? '',
    ...generations.map(({ collections }) => formatCount(collections)),
    formatCount(sum(generations, 'collected')),
    formatCount(sum(generations, 'visited')),
    duration(sum(generations, 'pauseNanoseconds')),
    duration(Math.max(...generations.map(({ pauseNanosecondsMax }) => pauseNanosecondsMax))),
    formatCount(uncollected.objects.value),
    formatBytes(uncollected.bytes.value),
    formatCount(live.objects.value),
    formatBytes(live.bytes.value),
  ])
  const passedOver = rows.flatMap(({ passedOver: requests }, place) =>
    requests === 0 ? [] : [`${names[place]}: ${counted(requests, 'request')} passed over, about objects that were dead by then.`],
  )
  return [...table(COLUMNS, cells), estimateLine(rows), ...passedOver]
}

const sum = (generations: CollectorFigures['generations'], figure: keyof CollectionTotals): number =>
  generations.reduce((total, generation) => total + generation[figure], 0)

function estimateLine(rows: readonly CollectorFigures[]): string {
  const costs = [...new Set(rows.map(({ nanosecondsPerVisit }) => Math.round(nanosecondsPerVisit)))].join(', ')
  return `Pauses are an estimate: objects visited, at ${costs} ns each as measured on one machine for each version. What is uncollected is unreachable and not yet freed.`
}

/** With the sign of an estimate. */
const duration = (nanoseconds: number): string => (nanoseconds === 0 ? '0' : `~${formatDuration(nanoseconds)}`)
