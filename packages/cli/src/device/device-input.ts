import type { DeviceMemoryProfile, DeviceMemoryRejection, FirstFit } from '@reheap/device-memory'
import type { Rejected } from '@reheap/kernel'
import { DEVICE_RUNTIME, DeviceLog, DeviceReplay, type DeviceReplayOptions } from '@reheap/machine'
import { left, right } from 'fp-ts/lib/Either.js'
import type { Input } from '../input.ts'
import type { Result } from '../outcome.ts'
import { profilesOf } from '../profiles.ts'
import { walk } from '../walk.ts'

/** Does a log hold a device's memory? */
export const isDeviceLog = ({ header }: Input): boolean => header.runtime.name === DEVICE_RUNTIME

/** The profile of a device's log, or the one that `--profile` names. */
export function deviceProfileOf(input: Input, chosen?: string | undefined): Result<DeviceMemoryProfile> {
  const profiles = profilesOf(input, chosen)
  return profiles._tag === 'Left' ? profiles : right(profiles.right.profile.deviceMemory)
}

/** Constants of the simulated driver that a log was recorded on; undefined: it was a real one. */
export const loggedDriver = ({ header }: Input): FirstFit | undefined => (header as { readonly driver?: FirstFit }).driver

/** A device's log in memory, and what it is replayed with where nothing is changed. */
export interface LoadedDevice {
  readonly input: Input
  readonly log: DeviceLog
  /** As it was recorded, or under the profile that was chosen. */
  readonly options: DeviceReplayOptions
}

interface LoadOptions {
  /** The work in one word, for the line of progress. */
  readonly what: string
  readonly until?: number | undefined
  readonly profile?: string | undefined
  /** Is it replayed only under other conditions, where what the real driver answered counts for nothing? */
  readonly isWhatIf?: boolean | undefined
}

/** Reads a device's log; one of another kind is refused. */
export async function loadDevice(input: Input, { what, until, profile, isWhatIf = false }: LoadOptions): Promise<Result<LoadedDevice>> {
  if (!isDeviceLog(input))
    return left(
      `${input.name}: ${what} looks at the memory of a GPU, and this is a log of ${input.header.runtime.name}; give a PyTorch snapshot or a log of one`,
    )
  const chosen = deviceProfileOf(input, profile)
  if (chosen._tag === 'Left') return chosen
  const recorded = deviceProfileOf(input)
  const driver = loggedDriver(input)
  const log = new DeviceLog(driver === undefined && !isWhatIf)
  const walked = await walk(input, { what, until }, (batch, to) => right(log.feed(batch, to)))
  if (walked._tag === 'Left') return walked
  const isRecorded = log.answers.length > 0 && recorded._tag === 'Right' && recorded.right === chosen.right
  return right({ input, log, options: { profile: chosen.right, driver, answers: isRecorded ? log.answers : undefined } })
}

/** A replay from the log's beginning. */
export const replayOf = ({ log, options }: LoadedDevice): DeviceReplay => new DeviceReplay(log.parts(), options)

/** Who answered for the driver, for the first line. */
export const driverText = ({ answers }: DeviceReplayOptions): string =>
  answers === undefined ? 'the driver is simulated' : 'the driver answers as it was recorded'

/** The line for a log that contradicts itself. */
export const deviceRejection = (log: string, { index, reason }: Rejected<DeviceMemoryRejection>): string =>
  `${log}: event ${index} cannot have happened: ${reason.message} (${reason.kind}); the log is not what a program did: record it again`

/** The state behind the last event that is wanted. */
export function endOfDevice({ name }: Input, loaded: LoadedDevice): Result<ReturnType<DeviceReplay['end']>> {
  const replay = replayOf(loaded)
  const ran = replay.run()
  return ran._tag === 'Left' ? left(deviceRejection(name, ran.left)) : right(replay.end())
}
