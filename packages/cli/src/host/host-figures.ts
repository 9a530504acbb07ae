/** What a replay says of the host. */
import {
  type AnyState,
  type Owners,
  owners,
  type ProcessMemory,
  processes,
  processMemory,
  type SwapTotals,
  type SystemMemory,
  swapTotals,
  systemMemory,
} from '@reheap/host-memory'
import { formatBytes, formatCount } from '@reheap/kernel'
import { table } from '../show/table.ts'

export interface HostFigures {
  readonly system: SystemMemory
  /** RAM by who has it. */
  readonly owners: Owners
  readonly processes: readonly ProcessMemory[]
  readonly swap: SwapTotals
}

export const hostFigures = (state: AnyState): HostFigures => ({
  system: systemMemory(state),
  owners: owners(state),
  processes: processes(state).map((process) => processMemory(state, process)),
  swap: swapTotals(state),
})

/** The figures for people. */
export function hostLines({ system, owners: owned, processes: all, swap }: HostFigures): readonly string[] {
  const rows = all.map((process) => [
    `process ${process.process}${process.state === 'alive' ? '' : ` (${process.state})`}`,
    formatBytes(process.rssBytes),
    formatBytes(process.peakBytes),
    formatBytes(process.vmsBytes),
    formatBytes(process.heapBytes),
    formatBytes(process.swapBytes),
  ])
  return [
    '',
    ...table(PROCESS_COLUMNS, rows),
    '',
    `RAM: ${formatBytes(system.used)} of ${formatBytes(system.total)} used (${system.percent} %): ${formatBytes(owned.systemBytes)} system, ${formatBytes(owned.processBytes)} processes; ${formatBytes(system.cached)} page cache, ${formatBytes(system.free)} free`,
    ...swapLines(system, swap),
    ...all.flatMap((process) => killLines(process, owned, system)),
  ]
}

const PROCESS_COLUMNS = [
  { title: 'host', align: 'left' },
  { title: 'resident' },
  { title: 'peak' },
  { title: 'mapped' },
  { title: 'C heap' },
  { title: 'swap' },
] as const

function swapLines({ swapTotal, swapUsed }: SystemMemory, swap: SwapTotals): readonly string[] {
  const { swappedOutBytes: out, swappedInBytes: back, nanoseconds } = swap
  const lines = swapTotal === 0 ? [] : [`swap: ${formatBytes(swapUsed)} of ${formatBytes(swapTotal)} used`]
  if (out === 0) return lines
  return [
    ...lines,
    `slowed by swapping: ${formatBytes(out)} went out of RAM and ${formatBytes(back)} came back, ~${secondsText(nanoseconds)} in all (an estimate)`,
  ]
}

/** Who was killed, and who held what. */
function killLines(
  { process, state, ended }: ProcessMemory,
  { systemBytes }: Owners,
  { total, swapTotal }: SystemMemory,
): readonly string[] {
  if (state !== 'killed' || ended === null) return []
  const { index, rssBytes, swapBytes } = ended
  return [
    `out of memory: process ${process} was killed at event ${formatCount(index)}. It held ${formatBytes(rssBytes)} of ${formatBytes(total)} RAM and ${formatBytes(swapBytes)} of ${formatBytes(swapTotal)} swap; the system held ${formatBytes(systemBytes)}. What it asked for afterwards did nothing.`,
  ]
}

/** Is a process of the log dead for want of memory? */
export const wasKilled = ({ processes: all }: HostFigures): boolean => all.some(({ state }) => state === 'killed')

function secondsText(nanoseconds: number): string {
  const seconds = nanoseconds / 1e9
  return seconds >= 1 ? `${seconds.toFixed(1)} s` : `${(seconds * 1000).toFixed(1)} ms`
}
