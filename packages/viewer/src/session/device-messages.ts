/** What the page asks about a device's memory, and what it is answered. */
import type { RefusalReport, Remedies, SegmentReport } from '@reheap/machine'

/** Allocations of a device over time. @shape [allocations], each column @unit bytes, events */
export interface AllocationHistory {
  readonly address: Float64Array
  readonly bytes: Float64Array
  /** Event that asked for it; -1: it was there before the log begins. */
  readonly born: Float64Array
  /** Event that freed it; Infinity: none. */
  readonly died: Float64Array
  readonly stream: Float64Array
  /** Event that tells of it: the request, or what says that it was there before; -1: none. */
  readonly told: Float64Array
  /** Who asked for it, or how large it is where the log holds no stack for it: place in `owners`. */
  readonly owner: Uint32Array
  readonly owners: readonly string[]
}

/** Live blocks of all devices, with who asked for them and since when. @shape [live blocks], each column */
export interface DeviceFacets {
  readonly at: number
  readonly device: Uint8Array
  readonly address: Float64Array
  /** Event that asked for it; NaN: it was there before the log begins. */
  readonly born: Float64Array
  /** Place in `owners`. */
  readonly owner: Uint32Array
  readonly owners: readonly string[]
}

export interface DeviceRequests {
  history: { readonly device: number }
  deviceFacets: { readonly at: number }
  segment: { readonly at: number; readonly device: number; readonly address: number }
  /** Of the event before the cursor. */
  refusal: { readonly at: number }
  remedies: { readonly at: number }
}
export interface DeviceAnswers {
  history: AllocationHistory
  deviceFacets: DeviceFacets
  /** Null: no segment holds the address. */
  segment: SegmentReport | null
  /** Null: that event was not refused. */
  refusal: RefusalReport | null
  remedies: Remedies | null
}
