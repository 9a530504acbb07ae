/** `reheap replay --monitor`: a log as a film. */
import { left, right } from 'fp-ts/lib/Either.js'
import { isDeviceLog, loadDevice, replayOf } from '../device/device-input.ts'
import { type HostOptions, hostReplay } from '../host/host-options.ts'
import type { Input } from '../input.ts'
import type { Outcome, Result } from '../outcome.ts'
import { profilesOf } from '../profiles.ts'
import { PlayedDevice } from './played-device.ts'
import { PlayedMachine } from './played-machine.ts'
import { present } from './present.ts'
import { ReplayReadings } from './replay-readings.ts'

export interface WatchOptions extends HostOptions {
  readonly json?: boolean
  readonly profile?: string
  readonly until?: number
  readonly speed: number
  readonly interval: number
}

/** Plays a log until its end, or until somebody has seen enough. */
export async function watchReplay(input: Input, options: WatchOptions): Promise<Result<Outcome>> {
  const opened = isDeviceLog(input) ? await deviceReadings(input, options) : machineReadings(input, options)
  if (opened._tag === 'Left') return opened
  const { readings, profile } = opened.right
  const { json = false, interval } = options
  const shown = await present(readings, { json, interval, document: { log: input.name, profile } })
  // All that there is to print has been printed.
  return shown._tag === 'Left' ? shown : right({ status: 0, json: {}, text: () => '' })
}

interface Opened {
  readonly readings: ReplayReadings
  readonly profile: string
}

function machineReadings(input: Input, options: WatchOptions): Result<Opened> {
  const { profile: chosen, until, speed } = options
  const profiles = profilesOf(input, chosen)
  if (profiles._tag === 'Left') return profiles
  const host = hostReplay(options)
  if (host._tag === 'Left') return host
  const { name } = profiles.right.profile
  const played = new PlayedMachine(input.name, profiles.right, host.right)
  return right({ readings: new ReplayReadings(input, played, { what: name, until, speed, lookMs: lookMs(options) }), profile: name })
}

/** A device's log is replayed from memory, so its events are handed out again. */
async function deviceReadings(input: Input, watch: WatchOptions): Promise<Result<Opened>> {
  const { profile, until, speed } = watch
  const loaded = await loadDevice(input, { what: 'replay', until, profile })
  if (loaded._tag === 'Left') return loaded
  const { log, options } = loaded.right
  const { name } = options.profile
  const played = new PlayedDevice(input.name, replayOf(loaded.right))
  async function* rows(): Input['batches'] {
    yield right(log.rows)
  }
  const again: Input = { ...input, length: log.length, batches: rows() }
  return right({
    readings: new ReplayReadings(again, played, { what: name, until: undefined, speed, lookMs: lookMs(watch) }),
    profile: name,
  })
}

/** A screen stays alive while much is due; elsewhere a look shows all that is due, on every machine the same. @unit ms */
const lookMs = ({ json }: WatchOptions): number => (process.stdout.isTTY === true && json !== true ? 200 : Number.POSITIVE_INFINITY)

/** A speed as `--speed` spells it. Left: what is wrong with it. */
export function speedOf(text: string): Result<number> {
  if (text === 'max') return right(Number.POSITIVE_INFINITY)
  const value = Number(text)
  return /^\d+(?:\.\d+)?$/.test(text) && value > 0
    ? right(value)
    : left(`--speed ${text}: give a number above 0, such as 0.5 or 20, or max`)
}
