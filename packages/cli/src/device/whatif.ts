import { formatBytes, formatChange, formatCount } from '@reheap/kernel'
import { type DeviceOutcome, DeviceWhatIf, type DeviceWhatIfRow, deviceVariations } from '@reheap/machine'
import { left, right } from 'fp-ts/lib/Either.js'
import type { Input } from '../input.ts'
import { Progress } from '../io/progress.ts'
import type { Outcome, Result } from '../outcome.ts'
import { partingLines } from '../show/partings.ts'
import { counted, percent, table } from '../show/table.ts'
import { deviceRejection, loadDevice } from './device-input.ts'
import { restoredBytes, restoredLines } from './restored.ts'

const PROGRESS_ROWS = 65_536

interface WhatifOptions {
  readonly vary: readonly string[]
  readonly profile?: string | undefined
  readonly rebuild?: boolean | undefined
}

/** The same requests under other settings, capacities and versions, side by side. */
export async function whatifDevice(input: Input, { vary, profile, rebuild = false }: WhatifOptions): Promise<Result<Outcome>> {
  const loaded = await loadDevice(input, { what: 'whatif', profile, isWhatIf: true })
  if (loaded._tag === 'Left') return loaded
  const { log, options } = loaded.right
  const variations = deviceVariations(vary, options.profile)
  if (variations._tag === 'Left') return variations
  const parts = log.parts()
  const restored = restoredBytes(parts)
  const progress = new Progress('whatif', log.length)
  try {
    const compared = new DeviceWhatIf(parts, { options, variations: variations.right, rebuilds: rebuild })
    while (compared.at < log.length) {
      const ran = compared.run(compared.at + PROGRESS_ROWS)
      if (ran._tag === 'Left') return left(`${deviceRejection(input.name, ran.left.rejected)} (under ${ran.left.row})`)
      progress.at(compared.at)
    }
    const rows = compared.rows()
    return right({
      status: 0,
      json: {
        events: log.length,
        recordedProfile: options.profile.name,
        driver: 'simulated',
        restoredBytes: restored,
        isRebuilt: rebuild,
        rows,
      },
      text: () =>
        [
          ...lines(input, log.length, rows),
          ...restoredLines(restored, rebuild),
          '',
          ...partingLines(
            rows,
            rows.map(({ name }) => name),
          ),
        ].join('\n'),
    })
  } catch (error) {
    // Settings of one version that another does not know.
    return left(`--vary: ${(error as Error).message}`)
  } finally {
    progress.end()
  }
}

const COLUMNS = [
  { title: 'allocated: peak' },
  { title: 'reserved: peak' },
  { title: 'change' },
  { title: 'fragmented' },
  { title: 'driver calls' },
  { title: 'retries' },
  { title: 'out of memory', align: 'left' },
] as const

function lines({ name, header }: Input, events: number, rows: readonly DeviceWhatIfRow[]): readonly string[] {
  const devices = rows[0]?.devices ?? []
  return [
    `${name}: ${counted(events, 'event')} of ${header.runtime.name} ${header.runtime.version}`,
    ...devices.flatMap(({ device }) => [
      ...(devices.length > 1 ? ['', `device ${device}`] : []),
      ...table(
        [{ title: 'settings', align: 'left' }, ...COLUMNS],
        rows.map((row) => [row.name, ...cells(row.devices, devices, device)]),
      ),
    ]),
    'The driver is simulated in every row. Fragmented: by how much the most reserved is above the most allocated, as a share of it.',
  ]
}

function cells(own: readonly DeviceOutcome[], first: readonly DeviceOutcome[], device: number): readonly string[] {
  const outcome = own.find((each) => each.device === device)
  const base = first.find((each) => each.device === device)
  if (outcome === undefined || base === undefined) return []
  const { allocatedBytesPeak, reservedBytesPeak, fragmentation, driverCalls, retries, ooms, firstOom } = outcome
  return [
    formatBytes(allocatedBytesPeak),
    formatBytes(reservedBytesPeak),
    outcome === base ? '' : formatChange(reservedBytesPeak - base.reservedBytesPeak, formatBytes),
    percent(fragmentation),
    formatCount(driverCalls),
    formatCount(retries),
    firstOom === null ? 'no' : `${counted(Math.max(1, ooms), 'time')}, first at event ${formatCount(firstOom)}`,
  ]
}
