import type { EventIndex, FactBatch, Sealed } from '@reheap/kernel'
import type { RefcountState } from '@reheap/refcount'
import { RunningObjects } from './objects.ts'
import { type LayerCurve, Stretches } from './stretches.ts'
import { RunningUsage, type Usage } from './usage.ts'

/** The layers that a timeline shows: bytes of the allocator, then objects and their bytes. */
export const TIMELINE_LAYERS = [
  'requestedBytes',
  'blockBytes',
  'arenaBytes',
  'cLibraryBytes',
  'heldBytes',
  'objects',
  'objectBytes',
] as const
/** A curve of a heap's timeline. @unit bytes */
export type TimelineLayer = (typeof TIMELINE_LAYERS)[number]
type Layers = Readonly<Record<TimelineLayer, number>>

/** One stretch of events. */
export interface TimelinePoint {
  /** First event of the stretch. */
  readonly from: EventIndex
  /** First event behind the stretch. */
  readonly to: EventIndex
  /** Largest value within the stretch. @unit bytes; `objects` is a count */
  readonly max: Layers
  /** Value after the last event of the stretch. @unit likewise */
  readonly last: Layers
}

/** Where a timeline begins that begins within its log. */
export interface TimelineStart {
  /** Events before it. */
  readonly at: EventIndex
  /** What they left. */
  readonly usage: Usage
  readonly objects: Sealed<RefcountState>
}

const layersOf = (value: (layer: number) => number): Layers =>
  Object.fromEntries(TIMELINE_LAYERS.map((name, layer) => [name, value(layer)])) as Layers

/**
 * Usage over events, in a bounded number of stretches of equal length: when they run out, pairs of
 * neighbours become one and the stretch doubles. No peak is lost.
 */
export class Timeline {
  readonly usage: RunningUsage
  readonly objects = new RunningObjects()
  readonly #stretches: Stretches

  /**
   * @param alignmentBytes the profile's
   * @param points at most so many stretches; even, at least 2
   * @param start default: the log's beginning
   */
  constructor(alignmentBytes: number, points = 1024, start?: TimelineStart) {
    this.usage = new RunningUsage(alignmentBytes)
    if (start !== undefined) {
      this.usage.begin(start.usage, start.at)
      this.objects.begin(start.objects, start.at)
    }
    this.#stretches = new Stretches(points, TIMELINE_LAYERS.length, start?.at, this.#values())
  }

  /** Feed every fact batch in order. @param onChange told of the event of each fact that changed a value */
  feed(facts: FactBatch, onChange?: (index: EventIndex) => void): void {
    for (let row = 0; row < facts.length; row++) {
      const index = facts.cause[row]
      if (this.usage.feedRow(facts, row)) this.#enterUsage(index)
      else if (this.objects.feedRow(facts, row)) this.#enterObjects(index)
      else continue
      onChange?.(index)
    }
  }

  /** The stretches up to the end of the log. @param events length of the log in events */
  points(events: EventIndex): readonly TimelinePoint[] {
    const stretches = this.#stretches
    if (events > 0) stretches.reach(events - 1)
    return Array.from({ length: stretches.begun }, (_, place) => ({
      from: stretches.startOf(place),
      to: Math.min(stretches.startOf(place + 1), events),
      max: layersOf((layer) => stretches.max(place, layer)),
      last: layersOf((layer) => stretches.last(place, layer)),
    }))
  }

  /** One layer up to an event. @param events length of the log in events, or those before the end of what is wanted */
  curve(layer: TimelineLayer, events: EventIndex): LayerCurve {
    return this.#stretches.curve(TIMELINE_LAYERS.indexOf(layer), events)
  }

  /** What every layer has now. */
  #values(): readonly number[] {
    const { usage, objects } = this
    return [usage.requestedBytes, usage.blockBytes, usage.arenaBytes, usage.cLibraryBytes, usage.heldBytes, objects.objects, objects.bytes]
  }

  #enterUsage(index: EventIndex): void {
    const stretches = this.#stretches
    const { usage } = this
    stretches.reach(index)
    stretches.set(0, usage.requestedBytes)
    stretches.set(1, usage.blockBytes)
    stretches.set(2, usage.arenaBytes)
    stretches.set(3, usage.cLibraryBytes)
    stretches.set(4, usage.heldBytes)
  }

  #enterObjects(index: EventIndex): void {
    const stretches = this.#stretches
    stretches.reach(index)
    stretches.set(5, this.objects.objects)
    stretches.set(6, this.objects.bytes)
  }
}
