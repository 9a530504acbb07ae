import { availableParallelism } from 'node:os'
import { REQUEST_OPCODES } from '@reheap/device-memory'
import { formatBytes, formatCount } from '@reheap/kernel'
import { type DeviceLogParts, deviceOutcomes } from '@reheap/machine'
import { left, right } from 'fp-ts/lib/Either.js'
import type { Input } from '../input.ts'
import { Progress } from '../io/progress.ts'
import type { Outcome, Result } from '../outcome.ts'
import { counted, percent, table } from '../show/table.ts'
import { deviceRejection, loadDevice } from './device-input.ts'
import { frontierOf, type Tuned, tunedOf } from './frontier.ts'
import { restoredBytes, restoredLines } from './restored.ts'
import { settingsSpace } from './settings-space.ts'
import { tuneAll } from './tune-crew.ts'

interface TuneOptions {
  readonly profile?: string | undefined
  /** @unit bytes */
  readonly capacity?: number | undefined
  readonly most: number
  readonly threads?: number | undefined
  readonly rebuild?: boolean | undefined
}

/** Searches the settings under which a log needs the least memory and the fewest calls of the driver. */
export async function tuneDevice(
  input: Input,
  { profile, capacity, most, threads, rebuild = false }: TuneOptions,
): Promise<Result<Outcome>> {
  const loaded = await loadDevice(input, { what: 'tune', profile, isWhatIf: true })
  if (loaded._tag === 'Left') return loaded
  const { log, options } = loaded.right
  const recorded = deviceOutcomes(log.parts(), { ...options, capacityBytes: capacity, rebuilds: rebuild })
  if (recorded._tag === 'Left') return left(deviceRejection(input.name, recorded.left))
  const parts = trimmed(log.parts())
  const space = settingsSpace({ profile: options.profile, isLimited: parts.rows.code.includes(REQUEST_OPCODES.SetMemoryFraction), most })
  const progress = new Progress('tune', log.length * space.length)
  const work = { parts, profile: options.profile, driver: options.driver, capacityBytes: capacity, rebuilds: rebuild }
  let done = 0
  const tuned = await tuneAll(work, space, threads ?? availableParallelism(), () => progress.at(log.length * ++done))
  progress.end()
  if (tuned._tag === 'Left') return left(`${input.name}: ${tuned.left}`)
  const before = tunedOf('', recorded.right)
  const frontier = frontierOf(tuned.right)
  const variable = options.profile.settingsVariable
  return right({
    status: 0,
    json: {
      events: log.length,
      profile: options.profile.name,
      variable,
      recorded: { ...before, settings: null },
      tried: tuned.right,
      frontier,
    },
    text: () =>
      lines(input.name, log.length, before, tuned.right, frontier, variable)
        .concat(restoredLines(restoredBytes(parts), rebuild))
        .join('\n'),
  })
}

/** Columns as long as the log, so that no more is sent to a thread. */
function trimmed({ rows, details }: DeviceLogParts): DeviceLogParts {
  const { length, code, tag, id, other, size, address } = rows
  return {
    rows: {
      length,
      code: code.slice(0, length),
      tag: tag.slice(0, length),
      id: id.slice(0, length),
      other: other.slice(0, length),
      size: size.slice(0, length),
      address: address.slice(0, length),
    },
    details,
  }
}

const COLUMNS = [
  { title: 'reserved: peak' },
  { title: 'allocated: peak' },
  { title: 'fragmented' },
  { title: 'driver calls' },
  { title: 'retries' },
  { title: 'refused' },
] as const

function lines(
  name: string,
  events: number,
  before: Tuned,
  tried: readonly Tuned[],
  frontier: readonly Tuned[],
  variable: string,
): readonly string[] {
  const cells = ({ reservedBytesPeak, allocatedBytesPeak, fragmentation, driverCalls, retries, ooms }: Tuned): readonly string[] => [
    formatBytes(reservedBytesPeak),
    formatBytes(allocatedBytesPeak),
    percent(fragmentation),
    formatCount(driverCalls),
    formatCount(retries),
    formatCount(ooms),
  ]
  const best = frontier[0]
  return [
    `${name}: ${counted(events, 'event')} replayed under ${counted(tried.length, 'settings').replace('settingss', 'settings')}`,
    'none of the others needs both less memory and fewer calls of the driver:',
    ...table(
      [...COLUMNS, { title: 'settings', align: 'left' }],
      [
        [...cells(before), '(as recorded)'],
        ...frontier.map((each) => [...cells(each), each.settings === '' ? '(the default ones)' : each.settings]),
      ],
    ),
    '',
    ...(best === undefined
      ? []
      : best.settings === ''
        ? ['The default settings need the least memory.']
        : ['with the least memory:', `export ${variable}=${best.settings}`]),
  ]
}
