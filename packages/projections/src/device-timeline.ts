/** A device's memory over events. */
import { type AnyState, deviceCount, isOpen, readUsage } from '@reheap/device-memory'
import type { EventIndex } from '@reheap/kernel'
import { type LayerCurve, Stretches } from './stretches.ts'
import type { Peak } from './usage.ts'

/** What a device's timeline shows: asked for and live, in live blocks, these and blocks that other streams still use, held. */
export const DEVICE_LAYERS = ['requestedBytes', 'allocatedBytes', 'activeBytes', 'reservedBytes'] as const
/** A curve of a device's timeline. @unit bytes */
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
  /** By layer. */
  readonly peaks: { readonly value: Float64Array; readonly index: Float64Array }
}

/** Where a timeline begins that begins within its log. */
export interface DeviceTimelineStart {
  /** Events before it. */
  readonly at: EventIndex
  /** What they left; null: no device yet. */
  readonly state: AnyState | null
}

const layersOf = (value: (layer: number) => number): Layers =>
  Object.fromEntries(DEVICE_LAYERS.map((name, layer) => [name, value(layer)])) as Record<DeviceLayer, number>

/** Memory of each device in a bounded number of stretches of equal length. No peak is lost. */
export class DeviceTimeline {
  readonly #tracks = new Map<number, Track>()
  readonly #points: number
  readonly #from: EventIndex
  /** Of one device after one event. */
  readonly #usage = new Float64Array(DEVICE_LAYERS.length)

  /**
   * @param points at most so many stretches; even, at least 2
   * @param start default: the log's beginning; peaks are those from there on
   */
  constructor(points = 1024, { at, state }: DeviceTimelineStart = { at: 0, state: null }) {
    this.#points = points
    this.#from = at
    for (let device = 0; state !== null && device < deviceCount(state); device++) {
      if (!isOpen(state, device)) continue
      readUsage(state, device, this.#usage)
      this.#begin(device, this.#usage)
    }
  }

  /** Takes the state after an event. */
  enter(index: EventIndex, state: AnyState): void {
    for (let device = 0; device < deviceCount(state); device++) {
      if (!isOpen(state, device)) continue
      const { stretches, peaks } = this.#trackOf(device)
      readUsage(state, device, this.#usage)
      stretches.reach(index)
      for (let layer = 0; layer < DEVICE_LAYERS.length; layer++) {
        const value = this.#usage[layer]
        stretches.set(layer, value)
        if (value > peaks.value[layer]) {
          peaks.value[layer] = value
          peaks.index[layer] = index
        }
      }
    }
  }

  devices(): readonly number[] {
    return [...this.#tracks.keys()].sort((a, b) => a - b)
  }

  /** The largest value after any event, and the event that first raised it there. */
  peaks(device: number): Readonly<Record<DeviceLayer, Peak>> {
    const { value, index } = this.#trackOf(device).peaks
    const peaks = DEVICE_LAYERS.map((name, layer) => [name, { value: value[layer], index: index[layer] }])
    return Object.fromEntries(peaks) as Record<DeviceLayer, Peak>
  }

  /** The stretches of a device up to the end of the log. @param events length of the log in events */
  points(device: number, events: EventIndex): readonly DevicePoint[] {
    const { stretches } = this.#trackOf(device)
    if (events > 0) stretches.reach(events - 1)
    return Array.from({ length: stretches.begun }, (_, place) => ({
      from: stretches.startOf(place),
      to: Math.min(stretches.startOf(place + 1), events),
      max: layersOf((layer) => stretches.max(place, layer)),
      last: layersOf((layer) => stretches.last(place, layer)),
    }))
  }

  /** One layer of a device up to an event. @param events length of the log in events, or those before the end of what is wanted */
  curve(device: number, layer: DeviceLayer, events: EventIndex): LayerCurve {
    return this.#trackOf(device).stretches.curve(DEVICE_LAYERS.indexOf(layer), events)
  }

  #trackOf(device: number): Track {
    return this.#tracks.get(device) ?? this.#begin(device)
  }

  /** @param before what the device has before the timeline begins; default nothing */
  #begin(device: number, before?: Float64Array): Track {
    const track = {
      stretches: new Stretches(this.#points, DEVICE_LAYERS.length, this.#from, before),
      peaks: { value: new Float64Array(DEVICE_LAYERS.length), index: new Float64Array(DEVICE_LAYERS.length) },
    }
    this.#tracks.set(device, track)
    return track
  }
}
