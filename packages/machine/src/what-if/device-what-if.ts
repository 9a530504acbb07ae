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
}

/** A row of the log that is rejected, and under which name. */
export interface DeviceWhatIfRejected {
  readonly row: string
  readonly rejected: Rejected<DeviceMemoryRejection>
}

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

/** Replays a device's log under each variation, the first row without any. Run it to the end, then ask for the rows. */
export class DeviceWhatIf {
  readonly #tracks: readonly Track[]
  readonly #options: DeviceReplayOptions
  readonly #length: number
  /** First row of the log that was not replayed. */
  at = 0

  /** @throws where a version does not know the settings */
  constructor(parts: DeviceLogParts, whatIf: DeviceWhatIfOptions) {
    const { options, variations } = whatIf
    this.#options = options
    this.#length = parts.rows.length
    this.#tracks = [
      new Track(parts, whatIf, {}, `${options.profile.name}, as recorded`),
      ...variations.map((variation) => new Track(parts, whatIf, variation, variationText(variation))),
    ]
  }

  /** Curves of each row. */
  get timelines(): readonly DeviceTimeline[] {
    return this.#tracks.map(({ timeline }) => timeline)
  }

  /** Replays the rows of the log before row `to` in every row. Left: a request that cannot have happened. */
  run(to: number = this.#length): Either<DeviceWhatIfRejected, void> {
    const [first, ...others] = this.#tracks as [Track, ...Track[]]
    for (const end = Math.min(to, this.#length); this.at < end; this.at++) {
      const stepped = first.step(this.at)
      if (stepped._tag === 'Left') return left({ row: first.name, rejected: stepped.left })
      for (const track of others) {
        const own = track.step(this.at)
        if (own._tag === 'Left') return left({ row: track.name, rejected: own.left })
        if (stepped.right || own.right) track.compare(this.at, first.replay.state)
      }
    }
    return right(undefined)
  }

  /** What each row needed up to there. */
  rows(): readonly DeviceWhatIfRow[] {
    return this.#tracks.map((track, place) => track.row(this.#options, place === 0))
  }
}
