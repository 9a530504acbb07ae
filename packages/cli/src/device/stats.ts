import {
  copyTotals,
  type DeviceMemoryState,
  fragmentation,
  memoryStats,
  openDevices,
  reservations,
  segments,
  settingsFault,
  settingsOf,
} from '@reheap/device-memory'
import { formatBytes, formatCount, type Sealed } from '@reheap/kernel'
import { right } from 'fp-ts/lib/Either.js'
import type { Input } from '../input.ts'
import type { Outcome, Result } from '../outcome.ts'
import { capacityText } from '../show/capacity.ts'
import { memoryStatsLines, segmentLines } from '../show/device-stats.ts'
import { percent } from '../show/table.ts'
import { driverText, endOfDevice, loadDevice } from './device-input.ts'

interface StatsOptions {
  readonly until?: number | undefined
  readonly profile?: string | undefined
  /** Segments listed. */
  readonly pins?: number | true | undefined
}

/** Segments that are listed where `--pins` does not say. */
const SEGMENTS = 10

/** The figures of every device at one moment. */
export async function statsDevice(input: Input, { until, profile, pins = true }: StatsOptions): Promise<Result<Outcome>> {
  const loaded = await loadDevice(input, { what: 'stats', until, profile })
  if (loaded._tag === 'Left') return loaded
  const { log, options } = loaded.right
  const ended = endOfDevice(input, loaded.right)
  if (ended._tag === 'Left') return ended
  const state = ended.right
  const devices = deviceFigures(state)
  const settings = settingsOf(state).text
  const listed = pins === true ? SEGMENTS : pins
  return right({
    status: 0,
    json: { events: log.length, profile: options.profile.name, settings, settingsFault: settingsFault(state), devices },
    text: () =>
      [
        `${input.name}: ${formatCount(log.length)} events replayed as ${options.profile.name}; ${driverText(options)}`,
        `settings: ${settings === '' ? 'the default ones' : settings}`,
        ...deviceLines(devices, listed),
      ].join('\n'),
  })
}

/** Figures of one device. */
export type DeviceFigures = ReturnType<typeof deviceFigures>[number]

/** Figures of every device that is open. */
export function deviceFigures(state: Sealed<DeviceMemoryState>) {
  const all = segments(state)
  const spaces = reservations(state)
  return openDevices(state).map(({ device, capacityBytes, limitBytes }) => ({
    device,
    capacityBytes,
    limitBytes: limitBytes === Number.POSITIVE_INFINITY ? null : limitBytes,
    memoryStats: memoryStats(state, device),
    fragmentation: fragmentation(state, device),
    copies: copyTotals(state, device),
    segments: all.filter((segment) => segment.device === device),
    reservations: spaces.filter((space) => space.device === device),
  }))
}

/** The same for people. @param listed segments that are listed */
export const deviceLines = (devices: readonly DeviceFigures[], listed = SEGMENTS): readonly string[] =>
  devices.flatMap(({ device, capacityBytes, memoryStats: stats, fragmentation: { share, largestFreeBytes }, segments: own }) => [
    '',
    `device ${device} of ${capacityText(capacityBytes)}`,
    ...memoryStatsLines(stats),
    `of the reserved bytes ${percent(share)} are not allocated; the largest free block has ${formatBytes(largestFreeBytes)}`,
    '',
    ...segmentLines(own, listed),
  ])
