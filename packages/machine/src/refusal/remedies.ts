/** What would have made a refused request fit. */
import { FACT_OPCODES, parseSettings } from '@reheap/device-memory'
import type { DeviceLogParts } from '../device-log.ts'
import { type DeviceChange, DeviceReplay, type DeviceReplayOptions } from '../device-replay.ts'

const { OutOfMemoryRaised, AssertionRaised } = FACT_OPCODES
const MIB = 2 ** 20
/** The driver gives memory in such pieces. */
const STEP_BYTES = 2 * MIB
/** Capacities above it are not looked for. */
const CAPACITY_MAX = 2 ** 43

/** Settings that are tried, the ones that change least first. */
const TRIED = [
  'expandable_segments:True',
  'max_split_size_mb:512',
  'max_split_size_mb:256',
  'max_split_size_mb:128',
  'max_split_size_mb:64',
  'max_split_size_mb:32',
  'garbage_collection_threshold:0.8',
  'garbage_collection_threshold:0.6',
  'max_split_size_mb:128,garbage_collection_threshold:0.6',
  'roundup_power2_divisions:4',
  'expandable_segments:True,roundup_power2_divisions:4',
] as const

/** How a log goes up to a refused request under a change. */
export interface Trial {
  /** Was the request refused again? */
  readonly isRefused: boolean
  /** Requests refused so far, and the first of them. */
  readonly ooms: number
  readonly firstOom: number | null
}

/** What was found to help a refused request. */
export interface Remedies {
  /** Is the request refused on a simulated driver too? Else nothing can be tried. */
  readonly isReproduced: boolean
  readonly settings: readonly ({ readonly settings: string } & Trial)[]
  /** The least capacity under which the request fits; null: none was found. @unit bytes */
  readonly capacityBytes: number | null
}

/** Rows that are replayed without a pause. */
const ROWS_AT_ONCE = 65_536

/** A search with pauses, at each of which it says how many rows it has replayed since the last one. */
type Search<A> = Generator<number, A, void>

/** Replays a log up to a request under a change. @param index event of the request */
export function* trialOf(parts: DeviceLogParts, options: DeviceReplayOptions, index: number, change: DeviceChange): Search<Trial> {
  const replay = new DeviceReplay(parts, { ...options, ...change, answers: undefined, keepsPeaks: true })
  let ooms = 0
  let firstOom: number | null = null
  let isRefused = false
  while (replay.at <= index) {
    const { at } = replay
    const ran = replay.run(Math.min(index + 1, at + ROWS_AT_ONCE), ({ code, cause, length }) => {
      for (let fact = 0; fact < length; fact++) {
        if (code[fact] !== OutOfMemoryRaised && code[fact] !== AssertionRaised) continue
        ooms++
        firstOom ??= cause[fact]
        isRefused ||= cause[fact] === index
      }
    })
    if (ran._tag === 'Left') return { isRefused: true, ooms, firstOom }
    yield replay.at - at
  }
  return { isRefused, ooms, firstOom }
}

/** Tries settings, and looks for the least capacity. @param capacityBytes of the device */
export function* remediesOf(parts: DeviceLogParts, options: DeviceReplayOptions, index: number, capacityBytes: number): Search<Remedies> {
  const tried = (change: DeviceChange): Search<Trial> => trialOf(parts, options, index, change)
  if (!(yield* tried({})).isRefused) return { isReproduced: false, settings: [], capacityBytes: null }
  const settings: Remedies['settings'][number][] = []
  for (const text of TRIED)
    if (parseSettings(text, options.profile)._tag === 'Right') settings.push({ settings: text, ...(yield* tried({ settings: text })) })
  return {
    isReproduced: true,
    settings: settings.sort((a, b) => Number(a.isRefused) - Number(b.isRefused) || a.ooms - b.ooms),
    capacityBytes: yield* leastCapacity(capacityBytes, (capacity) => tried({ capacityBytes: capacity })),
  }
}

/** By doubling what is added, then by halving the gap. More memory is taken to be no worse than less. */
function* leastCapacity(from: number, tried: (capacityBytes: number) => Search<Trial>): Search<number | null> {
  let refused = from
  let added = STEP_BYTES
  while ((yield* tried(from + added)).isRefused) {
    refused = from + added
    added *= 2
    if (from + added > CAPACITY_MAX) return null
  }
  let fits = from + added
  while (fits - refused > STEP_BYTES) {
    const middle = refused + Math.ceil((fits - refused) / 2 / STEP_BYTES) * STEP_BYTES
    if (middle === fits) break
    if ((yield* tried(middle)).isRefused) refused = middle
    else fits = middle
  }
  return fits
}
