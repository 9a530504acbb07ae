/** Where allocations stand on their picture. */
import type { AllocationHistory } from '../session/device-messages.ts'
import type { Axis as AddressAxis } from './address-axis.ts'
import type { Axis as EventAxis } from './timeline-axis.ts'

/** Height of what is drawn in, and of the axis of events below. @unit pixels */
export const HEIGHT = 420
export const FOOT = 24

/** What of a history is shown. */
interface Shown {
  /** Events at both ends. */
  readonly from: number
  readonly to: number
  readonly events: EventAxis
  /** Shares of the axis of addresses at both ends. */
  readonly low: number
  readonly high: number
}

/** Where events are drawn in a picture of a width. @unit pixels */
export interface PlotEdges {
  readonly left: number
  readonly width: number
  readonly whole: number
}

/** @unit pixels */
export interface Rectangle {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

export class AddressFrame {
  readonly shown: Shown
  readonly axis: AddressAxis
  /** Where the events begin, and how far they reach. @unit pixels */
  readonly left: number
  readonly width: number
  /** Of the picture with its axes. */
  readonly whole: number
  readonly #begin: number
  readonly #end: number

  constructor(shown: Shown, axis: AddressAxis, { left, width, whole }: PlotEdges) {
    this.shown = shown
    this.axis = axis
    this.left = left
    this.width = Math.max(1, width)
    this.whole = whole
    this.#begin = shown.events.toAxis(shown.from)
    this.#end = shown.events.toAxis(shown.to)
  }

  /** Places on the axis of events at both ends. */
  get ends(): readonly [begin: number, end: number] {
    return [this.#begin, this.#end]
  }

  /** Pixel of a place on the axis of events. */
  pixelAt(place: number): number {
    return this.left + ((place - this.#begin) / (this.#end - this.#begin || 1)) * this.width
  }

  pixelOf(event: number): number {
    return this.pixelAt(this.shown.events.toAxis(Math.min(event, this.shown.to)))
  }

  eventAt(x: number): number {
    return this.shown.events.toEvent(this.#begin + ((x - this.left) / this.width) * (this.#end - this.#begin))
  }

  /** Pixel of a share of the axis of addresses. */
  pixelUp(share: number): number {
    const { low, high } = this.shown
    return HEIGHT * (1 - (share - low) / (high - low))
  }

  shareAt(y: number): number {
    const { low, high } = this.shown
    return low + (1 - y / HEIGHT) * (high - low)
  }

  /** Null: it is not shown. */
  rectangleOf({ born, died, address, bytes }: AllocationHistory, place: number): Rectangle | null {
    const { from, to, low, high } = this.shown
    const [first = 0, last = 0] = [born[place], died[place]]
    const bottom = this.axis.shareOf(address[place] ?? 0)
    const top = bottom + (bytes[place] ?? 0) / this.axis.bytes
    if (last < from || first > to || top < low || bottom > high) return null
    const left = Math.max(this.left, this.pixelOf(first))
    const above = Math.max(0, this.pixelUp(top))
    return { left, top: above, width: this.pixelOf(last) - left, height: Math.min(HEIGHT, this.pixelUp(bottom)) - above }
  }
}
