import type { AllocatorProfile, AllocatorStats } from '@reheap/allocator'
import { formatBytes, formatCount } from '@reheap/kernel'
import type { MachineUsage } from '@reheap/machine'
import { type Peak, USAGE_MEASURES, type UsageMeasure } from '@reheap/projections'
import { counted, table } from './table.ts'

/** What a replay ended with. */
export interface Figures {
  readonly final: MachineUsage
  readonly allocatedBlocks: number
  /** The allocator of each heap. */
  readonly heaps: readonly ({ readonly heap: number } & AllocatorStats)[]
  /** Largest values, by measure, where they were asked for. */
  readonly peaks?: Readonly<Record<string, Peak>>
}

/** What each measure is called. */
export const USAGE_LABELS: Readonly<Record<UsageMeasure, string>> = {
  requestedBytes: 'asked for, in pools',
  blockBytes: 'blocks of pools',
  arenaBytes: 'arenas',
  cLibraryBytes: 'C library',
  heldBytes: 'held: arenas + C library',
}

/** The figures for people. */
export function figureLines({ final, allocatedBlocks, heaps, peaks }: Figures, { arenaBytes }: AllocatorProfile): readonly string[] {
  const rows = USAGE_MEASURES.map((measure) => {
    const peak = peaks?.[measure]
    const atMost = peak === undefined ? [] : [formatBytes(peak.value), formatCount(peak.index)]
    return [USAGE_LABELS[measure], formatBytes(final[measure]), ...atMost]
  })
  const peakColumns = peaks === undefined ? [] : [{ title: 'peak' }, { title: 'after event' }]
  return [
    ...table([{ title: 'bytes', align: 'left' }, { title: 'at the end' }, ...peakColumns], rows),
    '',
    `sys.getallocatedblocks() is ${formatCount(allocatedBlocks)}`,
    ...heaps.map((heap) => `${heaps.length === 1 ? '' : `heap ${heap.heap}: `}${arenaLine(heap, arenaBytes)}`),
  ]
}

const arenaLine = ({ arenas, arenasHighwater, arenasAllocatedTotal }: AllocatorStats, arenaBytes: number): string =>
  `${counted(arenas, 'arena')} of ${formatBytes(arenaBytes)}; ${formatCount(arenasHighwater)} at most, ${formatCount(arenasAllocatedTotal)} mapped in all`
