import type { Collection, DeviceLayer, DevicePoint, Mark, Peak, TimelineLayer, TimelinePoint } from '@reheap/projections'
import type { HostTracks } from '../host/host-drawing.ts'

/** A timeline that is to be drawn or written. */
export interface TimelineFigure {
  readonly title: string
  readonly events: number
  readonly points: readonly TimelinePoint[]
  readonly marks: readonly Mark[]
  /** Null where the log holds no objects. */
  readonly objects: ObjectTimeline | null
  /** Of a device's log; else those of the host. */
  readonly bands?: readonly Band[]
  /** The machine below, where the log reaches it. */
  readonly host?: HostTracks
  /** The devices that are shown, where it is a device's log. */
  readonly devices?: readonly DeviceTrack[]
}

/** One device over events. */
export interface DeviceTrack {
  readonly device: number
  readonly peaks: Readonly<Record<DeviceLayer, Peak>>
  readonly points: readonly DevicePoint[]
}

/** What a timeline says of objects beside its layers. */
export interface ObjectTimeline {
  readonly born: number
  readonly died: number
  /** Births whose memory came from a free list. */
  readonly reused: number
  /** By type: those with the most live bytes first. */
  readonly types: readonly { readonly type: string; readonly born: number; readonly died: number; readonly bytes: number }[]
  readonly peaks: Readonly<Record<string, Peak>>
  /** Objects that were unreachable and not yet collected; the most in each stretch. */
  readonly uncollected: {
    readonly peaks: Readonly<Record<string, Peak>>
    readonly objectsMax: readonly number[]
    readonly bytesMax: readonly number[]
    /** Else the log is so long that these two are upper bounds. */
    readonly isExact: boolean
  }
  readonly collectionsTotal: number
  /** The first ones. */
  readonly collections: readonly Collection[]
}

/** What a drawn band stands for, from the axis upwards. */
export interface Band {
  readonly name: string
  /** Where the band ends above the axis, in a point. @unit bytes */
  readonly top: (point: TimelinePoint) => number
}

const most = (layer: TimelineLayer) => (point: TimelinePoint) => point.max[layer]

/**
 * The bands of a plot, each above the one before: what was asked for fills part of the blocks, those
 * part of the arenas, and the C library stands above. The outline is the largest value within the stretch.
 */
export const BANDS: readonly Band[] = [
  { name: 'asked for', top: most('requestedBytes') },
  { name: 'rounding of blocks', top: most('blockBytes') },
  { name: 'free in arenas', top: most('arenaBytes') },
  { name: 'C library', top: most('heldBytes') },
]

/** Those of a device: what was asked for fills part of the allocated blocks, those part of the active ones, those part of the segments. */
export const DEVICE_BANDS: readonly Band[] = [
  { name: 'asked for', top: most('requestedBytes') },
  { name: 'rounding', top: most('blockBytes') },
  { name: 'used by other streams', top: most('arenaBytes') },
  { name: 'reserved, free', top: most('heldBytes') },
]
