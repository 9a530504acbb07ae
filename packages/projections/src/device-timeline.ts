/** A device's memory over events. */
import { type AnyState, deviceStats, openDevices } from '@reheap/device-memory'
import type { EventIndex } from '@reheap/kernel'
import { Stretches } from './stretches.ts'
import type { Peak } from './usage.ts'

/** What a device's timeline shows: asked for and live, in live blocks, these and blocks that other streams still use, held. */
export const DEVICE_LAYERS = ['requestedBytes', 'allocatedBytes', 'activeBytes', 'reservedBytes'] as const
export type DeviceLayer = (typeof DEVICE_LAYERS)[number]
type Layers = Readonly<Record<DeviceLayer, number>>

/** One stretch of events. @unit bytes */
export interface DevicePoint {
  /** First event of the stretch. */
  readonly from: EventIndex
  /** First event behind the stretch. */
  readonly to: EventIndex
  /** Largest value after any event of the stretch. */
  readonly max: Layers
  /** Value after the last event of the stretch. */
  readonly last: Layers
}

interface Track {
  readonly stretches: Stretches
  readonly peaks: Record<DeviceLayer, Peak>
}

const layersOf = (value: (layer: number) => number): Layers =>
  Object.fromEntries(DEVICE_LAYERS.map((name, layer) => [name, value(layer)])) as Record<DeviceLayer, number>

/** Memory of each device in a bounded number of stretches of equal length. No peak is lost. */
export class DeviceTimeline {
  readonly #tracks = new Map<number, Track>()
  readonly #points: number

  /** @param points at most so many stretches; even, at least 2 */
  constructor(points = 1024) {
    this.#points = points
  }

  /** Takes the state after an event. */
  enter(index: EventIndex, state: AnyState): void {
    for (const { device } of openDevices(state)) {
      const { stretches, peaks } = this.#trackOf(device)
      const stats = deviceStats(state, device)
      stretches.reach(index)
      DEVICE_LAYERS.forEach((name, layer) => {
        stretches.set(layer, stats[name])
        if (stats[name] > peaks[name].value) peaks[name] = { value: stats[name], index }
      })
    }
  }

  devices(): readonly number[] {
    return [...this.#tracks.keys()].sort((a, b) => a - b)
  }

  /** The largest value after any event, and the event that first raised it there. */
  peaks(device: number): Readonly<Record<DeviceLayer, Peak>> {
    return { ...this.#trackOf(device).peaks }
  }

  /** The stretches of a device up to the end of the log. @param events length of the log in events */
  points(device: number, events: EventIndex): readonly DevicePoint[] {
    const { stretches } = this.#trackOf(device)
    if (events > 0) stretches.reach(events - 1)
    return Array.from({ length: stretches.begun }, (_, place) => ({
      from: place * stretches.width,
      to: Math.min((place + 1) * stretches.width, events),
      max: layersOf((layer) => stretches.max(place, layer)),
      last: layersOf((layer) => stretches.last(place, layer)),
    }))
  }

  #trackOf(device: number): Track {
    const known = this.#tracks.get(device)
    if (known !== undefined) return known
    const none: Peak = { value: 0, index: 0 }
    const track = {
      stretches: new Stretches(this.#points, DEVICE_LAYERS.length),
      peaks: { requestedBytes: none, allocatedBytes: none, activeBytes: none, reservedBytes: none },
    }
    this.#tracks.set(device, track)
    return track
  }
}
