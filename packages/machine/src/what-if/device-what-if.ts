/** The same requests of a device's log under several settings, capacities and versions, side by side. */
import { type AnyState, type DeviceMemoryRejection, deviceStats, openDevices } from '@reheap/device-memory'
import type { EventIndex, Rejected } from '@reheap/kernel'
import { DEVICE_LAYERS, type DeviceLayer, DeviceTimeline } from '@reheap/projections'
import { type Either, left, right } from 'fp-ts/lib/Either.js'
import type { DeviceLogParts } from '../device-log.ts'
import { type DeviceOutcome, DeviceTally } from '../device-outcome.ts'
import { DeviceReplay, type DeviceReplayOptions } from '../device-replay.ts'
import { type DeviceVariation, variationText } from './device-variation.ts'
import { firstOf, firstParting } from './parting.ts'

/** The first event after which each of a device's values is another than in the first row; null: it never is. */
export type DeviceParting = Readonly<Record<DeviceLayer, EventIndex | null>>

/** One row: what each device needed, and where it first parts from the first row. */
export interface DeviceWhatIfRow {
  readonly name: string
  readonly profile: string
  readonly settings: string | null
  readonly capacityBytes: number | null
  readonly devices: readonly DeviceOutcome[]
  /** By device; null in the first row. */
  readonly parting: Readonly<Record<number, DeviceParting>> | null
  /** The first event after which any value of any device differs; null in the first row, and where none ever does. */
  readonly firstParting: EventIndex | null
}

export interface DeviceWhatIfOptions {
  /** Of the first row. */
  readonly options: DeviceReplayOptions
  readonly variations: readonly DeviceVariation[]
  /** Is what was there before the log begins asked for anew? */
  readonly rebuilds?: boolean | undefined
  /** Stretches of each row's curves; left out: as few as can be. */
  readonly points?: number | undefined
  /** Told now and then how many rows of the log have been replayed. */
  readonly onProgress?: ((rows: number) => void) | undefined
}

/** A row of the log that is rejected, and under which name. */
export interface DeviceWhatIfRejected {
  readonly row: string
  readonly rejected: Rejected<DeviceMemoryRejection>
}

/** Rows of a device's what-if, the first as recorded. */
export interface DeviceWhatIf {
  readonly rows: readonly DeviceWhatIfRow[]
  /** Curves of each row. */
  readonly timelines: readonly DeviceTimeline[]
}

const PROGRESS_ROWS = 65_536

/** One replay of the comparison. */
class Track {
  readonly name: string
  readonly variation: DeviceVariation
  readonly timeline: DeviceTimeline
  readonly replay: DeviceReplay
  readonly #tally = new DeviceTally()
  readonly #parting: Record<number, Record<DeviceLayer, EventIndex | null>> = {}
  #hasChanged = false

  constructor(parts: DeviceLogParts, { options, rebuilds, points }: DeviceWhatIfOptions, variation: DeviceVariation, name: string) {
    this.name = name
    this.variation = variation
    this.timeline = new DeviceTimeline(points ?? 2)
    this.replay = new DeviceReplay(parts, {
      ...options,
      ...variation,
      rebuilds,
      profile: variation.profile ?? options.profile,
      keepsPeaks: true,
    })
  }

  /** Replays one row. @returns whether it changed anything */
  step(row: EventIndex): Either<Rejected<DeviceMemoryRejection>, boolean> {
    this.#hasChanged = false
    const ran = this.replay.run(row + 1, (facts) => {
      this.#hasChanged = facts.length > 0
      this.#tally.take(facts)
    })
    if (ran._tag === 'Left') return ran
    if (this.#hasChanged) this.timeline.enter(row, this.replay.state)
    return right(this.#hasChanged)
  }

  compare(row: EventIndex, first: AnyState): void {
    const { state } = this.replay
    for (const { device } of openDevices(state)) {
      this.#parting[device] ??= { requestedBytes: null, allocatedBytes: null, activeBytes: null, reservedBytes: null }
      const parting = this.#parting[device]
      if (DEVICE_LAYERS.every((layer) => parting[layer] !== null)) continue
      const own = deviceStats(state, device)
      const others = deviceStats(first, device)
      for (const layer of DEVICE_LAYERS) if (own[layer] !== others[layer]) parting[layer] ??= row
    }
  }

  row({ profile: base }: DeviceReplayOptions, isFirst: boolean): DeviceWhatIfRow {
    const { profile = base, settings = null, capacityBytes = null } = this.variation
    return {
      name: this.name,
      profile: profile.name,
      settings,
      capacityBytes,
      devices: this.#tally.outcomes(this.replay.state),
      parting: isFirst ? null : this.#parting,
      firstParting: isFirst ? null : firstOf(Object.values(this.#parting).map(firstParting)),
    }
  }
}

/**
 * Replays a device's log under each variation, the first row without any.
 *
 * @returns Left: a request that cannot have happened
 * @throws where a version does not know the settings
 */
export function deviceWhatIf(parts: DeviceLogParts, whatIf: DeviceWhatIfOptions): Either<DeviceWhatIfRejected, DeviceWhatIf> {
  const { options, variations } = whatIf
  const first = new Track(parts, whatIf, {}, `${options.profile.name}, as recorded`)
  const others = variations.map((variation) => new Track(parts, whatIf, variation, variationText(variation)))
  const tracks = [first, ...others]
  for (let row = 0; row < parts.rows.length; row++) {
    let hasFirstChanged = false
    for (const track of tracks) {
      const stepped = track.step(row)
      if (stepped._tag === 'Left') return left({ row: track.name, rejected: stepped.left })
      if (track === first) hasFirstChanged = stepped.right
      else if (hasFirstChanged || stepped.right) track.compare(row, first.replay.state)
    }
    if (row % PROGRESS_ROWS === 0) whatIf.onProgress?.(row)
  }
  return right({
    rows: tracks.map((track) => track.row(options, track === first)),
    timelines: tracks.map(({ timeline }) => timeline),
  })
}
