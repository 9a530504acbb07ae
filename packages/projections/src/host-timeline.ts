/** A system's memory over events: sizes of each process, and RAM by who has it. */
import { type AnyState, owners, processes, processMemory, systemMemory } from '@reheap/host-memory'
import type { EventIndex } from '@reheap/kernel'
import { type LayerCurve, Stretches } from './stretches.ts'
import type { Peak } from './usage.ts'

/** What is shown of a process. */
export const PROCESS_LAYERS = ['residentBytes', 'heapBytes', 'mappedBytes', 'swapBytes'] as const
/** A curve of a process's timeline. @unit bytes */
export type ProcessLayer = (typeof PROCESS_LAYERS)[number]
/** What is shown of RAM, by owner, and of swap. */
export const RAM_LAYERS = ['systemBytes', 'processBytes', 'cacheBytes', 'freeBytes', 'swapUsedBytes'] as const
/** A curve of RAM, by who has it. @unit bytes */
export type RamLayer = (typeof RAM_LAYERS)[number]

/** One stretch of events. @unit bytes */
export interface HostPoint<Layer extends string> {
  /** First event of the stretch. */
  readonly from: EventIndex
  /** First event behind the stretch. */
  readonly to: EventIndex
  /** Largest value after any event of the stretch. */
  readonly max: Readonly<Record<Layer, number>>
  /** Value after the last event of the stretch. */
  readonly last: Readonly<Record<Layer, number>>
}

/** Where a timeline begins that begins within its log. */
export interface HostTimelineStart {
  /** Events before it. */
  readonly at: EventIndex
  /** What they left; null: no host is followed yet. */
  readonly state: AnyState | null
}

class Track<Layer extends string> {
  readonly #layers: readonly Layer[]
  readonly #stretches: Stretches
  readonly #peaks: Peak[]

  /** @param from first event that can be entered @param before values before it; default 0 */
  constructor(layers: readonly Layer[], points: number, from: EventIndex, before?: readonly number[]) {
    this.#layers = layers
    this.#stretches = new Stretches(points, layers.length, from, before)
    this.#peaks = layers.map(() => ({ value: 0, index: 0 }))
  }

  enter(index: EventIndex, values: readonly number[]): void {
    this.#stretches.reach(index)
    for (const [layer, value] of values.entries()) {
      this.#stretches.set(layer, value)
      if (value > (this.#peaks[layer]?.value ?? 0)) this.#peaks[layer] = { value, index }
    }
  }

  peaks(): Readonly<Record<Layer, Peak>> {
    return Object.fromEntries(this.#layers.map((name, layer) => [name, this.#peaks[layer]])) as Record<Layer, Peak>
  }

  points(events: EventIndex): readonly HostPoint<Layer>[] {
    const stretches = this.#stretches
    if (events > 0) stretches.reach(events - 1)
    const valuesOf = (value: (layer: number) => number): Readonly<Record<Layer, number>> =>
      Object.fromEntries(this.#layers.map((name, layer) => [name, value(layer)])) as Record<Layer, number>
    return Array.from({ length: stretches.begun }, (_, place) => ({
      from: stretches.startOf(place),
      to: Math.min(stretches.startOf(place + 1), events),
      max: valuesOf((layer) => stretches.max(place, layer)),
      last: valuesOf((layer) => stretches.last(place, layer)),
    }))
  }

  curve(layer: Layer, events: EventIndex): LayerCurve {
    return this.#stretches.curve(this.#layers.indexOf(layer), events)
  }
}

function sizesOf(state: AnyState, process: number): readonly number[] {
  const { rssBytes, heapBytes, mappedBytes, swapBytes } = processMemory(state, process)
  return [rssBytes, heapBytes, mappedBytes, swapBytes]
}

function sharesOf(state: AnyState): readonly number[] {
  const { systemBytes, processBytes, cacheBytes, freeBytes } = owners(state)
  return [systemBytes, processBytes, cacheBytes, freeBytes, systemMemory(state).swapUsed]
}

/** Sizes of processes and owners of RAM in a bounded number of stretches of equal length. No peak is lost. */
export class HostTimeline {
  readonly #points: number
  readonly #from: EventIndex
  readonly #processes = new Map<number, Track<ProcessLayer>>()
  readonly #ram: Track<RamLayer>

  /**
   * @param points at most so many stretches; even, at least 2
   * @param start default: the log's beginning; peaks are those from there on
   */
  constructor(points = 1024, { at, state }: HostTimelineStart = { at: 0, state: null }) {
    this.#points = points
    this.#from = at
    this.#ram = new Track(RAM_LAYERS, points, at, state === null ? undefined : sharesOf(state))
    for (const process of state === null ? [] : processes(state)) this.#begin(process, sizesOf(state as AnyState, process))
  }

  /** Takes the state after an event. */
  enter(index: EventIndex, state: AnyState): void {
    for (const process of processes(state)) this.#trackOf(process).enter(index, sizesOf(state, process))
    this.#ram.enter(index, sharesOf(state))
  }

  /** Numbers of the processes that were seen. */
  processes(): readonly number[] {
    return [...this.#processes.keys()].sort((a, b) => a - b)
  }

  /** The largest value after any event, and the event that first raised it there. */
  processPeaks(process: number): Readonly<Record<ProcessLayer, Peak>> {
    return this.#trackOf(process).peaks()
  }

  ramPeaks(): Readonly<Record<RamLayer, Peak>> {
    return this.#ram.peaks()
  }

  /** The stretches of a process up to the end of the log. @param events length of the log in events */
  processPoints(process: number, events: EventIndex): readonly HostPoint<ProcessLayer>[] {
    return this.#trackOf(process).points(events)
  }

  ramPoints(events: EventIndex): readonly HostPoint<RamLayer>[] {
    return this.#ram.points(events)
  }

  /** One size of a process up to an event. @param events length of the log in events, or those before the end of what is wanted */
  processCurve(process: number, layer: ProcessLayer, events: EventIndex): LayerCurve {
    return this.#trackOf(process).curve(layer, events)
  }

  #trackOf(process: number): Track<ProcessLayer> {
    return this.#processes.get(process) ?? this.#begin(process)
  }

  /** @param before what the process has before the timeline begins; default nothing */
  #begin(process: number, before?: readonly number[]): Track<ProcessLayer> {
    const track = new Track(PROCESS_LAYERS, this.#points, this.#from, before)
    this.#processes.set(process, track)
    return track
  }
}
