/** What the page and its worker say to each other. */
import type { AllocatorStats, Fragmentation, PoolMap, SizeClassStats } from '@reheap/allocator'
import type { Fragmentation as DeviceFragmentation, Reservation, SegmentView } from '@reheap/device-memory'
import type { MachineUsage } from '@reheap/machine'
import type { Collection } from '@reheap/projections'
import type { BesideAnswers, BesideRequests } from './beside-messages.ts'
import type { ExploreAnswers, ExploreRequests, StackAnswer } from './explore-messages.ts'
import type { LogFile } from './log-file.ts'
import type { SentSegments } from './sent-segments.ts'

/** Events between two places where a state may be kept, and a closer curve begin. */
export const PART = 16_384

/** A curve in stretches of `width` events, a power of 2. */
export interface Curve {
  readonly key: string
  readonly label: string
  readonly unit: 'bytes' | 'count'
  /** The scale that it is drawn on: beside a GPU's gibibytes an interpreter's mebibytes would lie flat. */
  readonly axis: 'bytes' | 'count' | 'gpu'
  /** First event of the first stretch, a multiple of the width. */
  readonly from: number
  readonly width: number
  /** Smallest and largest value of each stretch; of a single event what it leaves, and what it held only on its way. @shape [stretches] */
  readonly min: Float64Array
  readonly max: Float64Array
  /** Events of its log, where another is shown; behind them it is not drawn. */
  readonly end?: number
  /** Is it that of a log or of a row beside, to be drawn over the curve with the same key? */
  readonly isBeside?: boolean
}

/** When events of a log, or of a part of it, happened: at least two of them. @shape [events], each ascending */
export interface EventTimes {
  readonly event: Float64Array
  /** @unit ns since the recording began */
  readonly time: Float64Array
}

/** Curves of a part of a log, from the event `from` up to `to`; what is not among them holds nothing there. */
export interface CurveDetail {
  readonly from: number
  readonly to: number
  readonly curves: readonly Curve[]
  /** Null: fewer than two of its events have a time. */
  readonly times: EventTimes | null
}

/** Places on the time axis that keys jump to, by what happened there. */
export const MOMENT_KINDS = ['region', 'mark', 'collection', 'outOfMemory'] as const
export type MomentKind = (typeof MOMENT_KINDS)[number]

/** All moments of one kind, in the order of the log. */
export interface MomentTrack {
  /** Event of each. @shape [moments], ascending */
  readonly index: Float64Array<ArrayBuffer>
  /** Place of its name among `labels`. @shape [moments] */
  readonly label: Uint32Array<ArrayBuffer>
  readonly labels: readonly string[]
}

export type Moments = Readonly<Record<MomentKind, MomentTrack>>

/** Where a block of a device came from. */
export interface BlockOrigin {
  /** Event that asked for it; null: it was there before the log begins, or nothing in the log names it. */
  readonly born: number | null
  readonly stack: StackAnswer
}

/** What is known of a log once it has been replayed. */
export interface Overview {
  readonly name: string
  readonly layer: 'python' | 'device'
  /** Devices that the log names. */
  readonly devices: readonly number[]
  readonly runtime: string
  readonly profile: string
  readonly events: number
  /** Do its events name lines of the program? */
  readonly hasLines: boolean
  /** Do its events tell of objects? */
  readonly hasObjects: boolean
  readonly notes: readonly string[]
  readonly curves: readonly Curve[]
  /** Are the curves those of a what-if? The moments are still the recording's. */
  readonly isVaried?: boolean
  /** Null: fewer than two events have a time. */
  readonly times: EventTimes | null
  readonly moments: Moments
  /** Every one, in the order in which they ended. */
  readonly collections: readonly Collection[]
}

/** Live objects of one type. */
export interface TypeRow {
  readonly name: string
  readonly count: number
  readonly bytes: number
}

/** One generation of the collector. */
export interface GenerationRow {
  readonly generation: number
  readonly count: number
  readonly threshold: number
  readonly objects: number
  readonly collections: number
  readonly collected: number
}

/** An interpreter's memory after the first `at` events: the figures of `reheap stats --json`. */
export interface PythonView {
  readonly layer: 'python'
  readonly at: number
  /** The event before the cursor, as its line of JSON; empty: there is none. */
  readonly event: string
  /** What the log calls what that event names by number, by field. */
  readonly named: Readonly<Record<string, string>>
  /** Who asked for the event before the cursor. */
  readonly stack: StackAnswer
  readonly allocatorStats: AllocatorStats
  readonly allocatedBlocks: number
  readonly sizeClasses: readonly SizeClassStats[]
  readonly fragmentation: Fragmentation
  readonly usage: MachineUsage
  readonly pools: PoolMap
  readonly objects: number
  readonly types: readonly TypeRow[]
  /** None: the log tells of no objects. */
  readonly generations: readonly GenerationRow[]
  /** Why an automatic collection would or would not run: the sentences of `reheap leaks --json`. */
  readonly because: readonly string[]
  readonly devices: readonly DeviceRow[]
}

/** One device after the first `at` events. */
export interface DeviceRow {
  readonly device: number
  readonly capacityBytes: number
  readonly memoryStats: Readonly<Record<string, number>>
  readonly fragmentation: DeviceFragmentation
  readonly segments: readonly SegmentView[]
  /** Address space of expandable segments. */
  readonly reservations: readonly Reservation[]
}

/** A device log's memory at the cursor. */
export interface DeviceView {
  readonly layer: 'device'
  readonly at: number
  /** The event before the cursor, as its line of JSON; empty: there is none. */
  readonly event: string
  /** What the log calls what that event names by number, by field. */
  readonly named: Readonly<Record<string, string>>
  readonly stack: StackAnswer
  readonly devices: readonly DeviceRow[]
}

export type View = PythonView | DeviceView

/** A view on its way to the page. */
export type Sent<V extends View> = Omit<V, 'devices'> & {
  readonly devices: readonly (Omit<DeviceRow, 'segments'> & { readonly segments: SentSegments })[]
}
export type SentView = Sent<PythonView> | Sent<DeviceView>

export interface Requests extends ExploreRequests, BesideRequests {
  open: { readonly file: LogFile; readonly name: string }
  view: { readonly at: number }
  /** The live block that lies at an address. */
  block: { readonly at: number; readonly device: number; readonly address: number }
  /** Both ends are multiples of {@link PART}, or the log's end. */
  detail: { readonly from: number; readonly to: number }
  /** Nobody waits for the last question of a kind any more. */
  giveUp: { readonly kind: string }
}
export interface Answers extends ExploreAnswers, BesideAnswers {
  open: Overview
  view: SentView
  block: BlockOrigin
  /** Null: another part was asked for meanwhile. */
  detail: CurveDetail | null
  giveUp: null
}

export interface RequestMessage<K extends keyof Requests = keyof Requests> {
  readonly id: number
  readonly kind: K
  readonly value: Requests[K]
}
export type AnswerMessage =
  | { readonly id: number; readonly progress: string }
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly fault: string }
  /** A file that is no longer wanted: nobody waits for it. */
  | { readonly id: number; readonly isGivenUp: true }
