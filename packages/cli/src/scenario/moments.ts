/** The host at some moments of a log, side by side. */
import { formatBytes } from '@reheap/kernel'
import type { HostFigures } from '../host/host-figures.ts'
import { table } from '../show/table.ts'

/** A moment, and what the host was then. */
export interface Moment {
  readonly label: string
  readonly host: HostFigures
}

type Show = (moments: readonly Moment[]) => readonly string[]

/** A process and the machine around it. */
export const memoryTable: Show = (moments) =>
  tableOf(['resident', 'peak', 'mapped', 'RAM used', 'free', 'swap used'], moments, ({ processes: [process], system }) => [
    process?.rssBytes,
    process?.peakBytes,
    process?.vmsBytes,
    system.used,
    system.free,
    system.swapUsed,
  ])

/** RAM by who has it. */
export const ownersTable: Show = (moments) =>
  tableOf(
    ['system', 'process 0', 'process 1', 'page cache', 'free', 'swap used'],
    moments,
    ({ owners, processes: [first, second], system }) => [
      owners.systemBytes,
      first?.rssBytes,
      second?.rssBytes,
      owners.cacheBytes,
      owners.freeBytes,
      system.swapUsed,
    ],
  )

/** What paging does, and what it takes by the estimate of the profile. */
export const pagingTable: Show = (moments) => {
  const columns = ['moment', 'resident', 'in swap', 'went out', 'came back', 'slowed by'] as const
  const rows = moments.map(({ label, host: { processes, system, swap } }) => [
    label,
    ...[processes[0]?.rssBytes ?? 0, system.swapUsed, swap.swappedOutBytes, swap.swappedInBytes].map(formatBytes),
    `~${(swap.nanoseconds / 1e9).toFixed(1)} s`,
  ])
  return table(columns.map(titled), rows)
}

function tableOf(
  titles: readonly string[],
  moments: readonly Moment[],
  figures: (host: HostFigures) => readonly (number | undefined)[],
): readonly string[] {
  return table(
    ['moment', ...titles].map(titled),
    moments.map(({ label, host }) => [label, ...figures(host).map((bytes) => (bytes === undefined ? '' : formatBytes(bytes)))]),
  )
}

const titled = (title: string) => ({ title, align: title === 'moment' ? 'left' : 'right' }) as const

const GIB = 1024 ** 3
const MIB = 1024 ** 2

/** The five figures of the introduction in its own form; its GB are GiB. */
export const introductionSystem: Show = ([moment]) => {
  const { system, processes } = (moment as Moment).host
  const { rssBytes = 0, peakBytes = 0 } = processes[0] ?? {}
  const gb = (bytes: number, digits: number): string => `${(bytes / GIB).toFixed(digits)} GB`
  return [
    `total memory: ${gb(system.total, 2)}`,
    `used memory: ${gb(system.used, 2)}`,
    `free memory: ${gb(system.free, 2)}`,
    `memory of the process: ${gb(rssBytes, 4)}`,
    `peak memory of the process: ${gb(peakBytes, 4)}`,
  ]
}

/** Resident size and peak at each moment, in MB of the introduction, which are MiB. */
export const introductionArray: Show = (moments) =>
  moments.map(({ label, host: { processes } }) => {
    const { rssBytes = 0, peakBytes = 0 } = processes[0] ?? {}
    return `${label}: ${(rssBytes / MIB).toFixed(2)} MB now, ${(peakBytes / MIB).toFixed(2)} MB at most`
  })
