/** Curves of every layer of an interpreter's log, over the whole of it or over a part. */
import type { EventBatch, FactBatch, Sealed } from '@reheap/kernel'
import {
  devicesOf,
  type HostListener,
  hostOf,
  isOfDevice,
  type MachineState,
  machineAllocatedBlocks,
  machineUsage,
  objectsOf,
  type Replay,
} from '@reheap/machine'
import { DeviceTimeline, Timeline } from '@reheap/projections'
import { deviceCurves, heapCurves, POINTS } from './curves.ts'
import { HostCurves } from './host-curves.ts'
import type { Curve } from './messages.ts'

/** A state, and how many events are before it. */
export interface StartState {
  readonly at: number
  readonly state: Sealed<MachineState>
}

export class LogCurves {
  readonly #heap: Timeline
  readonly #host: HostCurves
  readonly #devices: DeviceTimeline

  /** @param start default: the log's beginning */
  constructor(alignmentBytes: number, start?: StartState) {
    const at = start?.at ?? 0
    this.#heap = new Timeline(alignmentBytes, POINTS, start === undefined ? undefined : { at, ...figuresOf(start.state) })
    this.#host = new HostCurves(POINTS, { at, state: start === undefined ? null : hostOf(start.state) })
    this.#devices = new DeviceTimeline(POINTS, { at, state: start === undefined ? null : devicesOf(start.state) })
  }

  /** Give a replay this listener. */
  get listener(): HostListener {
    return this.#host.listener
  }

  get devices(): readonly number[] {
    return this.#devices.devices()
  }

  /** Takes what a replay made of rows of which none but the last is one of a device. */
  take(rows: EventBatch, facts: FactBatch, { devicesNow }: Replay): void {
    this.#heap.feed(facts)
    if (devicesNow !== null && isOfDevice(rows.code[rows.length - 1])) this.#devices.enter(rows.firstIndex + rows.length - 1, devicesNow)
  }

  /** All of them. @param events first event behind what is wanted */
  curves(events: number): readonly Curve[] {
    return [...heapCurves(this.#heap, events), ...this.#host.curves(events), ...deviceCurves(this.#devices, events, true)]
  }
}

const figuresOf = (state: Sealed<MachineState>) => ({
  usage: { ...machineUsage(state), liveBlocks: machineAllocatedBlocks(state) },
  objects: objectsOf(state),
})
