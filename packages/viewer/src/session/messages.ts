/** What the page and its worker say to each other. */
import type { AllocatorStats, Fragmentation, PoolMap, SizeClassStats } from '@reheap/allocator'
import type { Fragmentation as DeviceFragmentation, Reservation, SegmentView } from '@reheap/device-memory'
import type { MachineUsage } from '@reheap/machine'
import type { Collection } from '@reheap/projections'
import type { BesideAnswers, BesideRequests } from './beside-messages.ts'
import type { ExploreAnswers, ExploreRequests } from './explore-messages.ts'

/** A curve: the largest value of each stretch of `width` events, and the value behind it. */
export interface Curve {
  readonly key: string
  readonly label: string
  readonly unit: 'bytes' | 'count'
  /** The scale that it is drawn on: beside a GPU's gibibytes an interpreter's mebibytes would lie flat. */
  readonly axis: 'bytes' | 'count' | 'gpu'
  readonly width: number
  readonly max: Float64Array
  readonly last: Float64Array
  /** Is it that of a log or of a row beside, to be drawn over the curve with the same key? */
  readonly isBeside?: boolean
}

/** A place on the time axis that keys jump to. */
export interface Moment {
  readonly index: number
  readonly kind: 'mark' | 'collection' | 'region' | 'outOfMemory'
  readonly label: string
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
  readonly notes: readonly string[]
  readonly curves: readonly Curve[]
  readonly moments: readonly Moment[]
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
  readonly event: string
  readonly allocatorStats: AllocatorStats
  readonly allocatedBlocks: number
  readonly sizeClasses: readonly SizeClassStats[]
  readonly fragmentation: Fragmentation
  readonly usage: MachineUsage
  readonly pools: PoolMap
  readonly objects: number
  readonly types: readonly TypeRow[]
  readonly generations: readonly GenerationRow[]
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
  readonly event: string
  readonly devices: readonly DeviceRow[]
}

export type View = PythonView | DeviceView

export interface Requests extends ExploreRequests, BesideRequests {
  open: { readonly file: Blob; readonly name: string }
  view: { readonly at: number }
  block: { readonly at: number; readonly block: number }
}
export interface Answers extends ExploreAnswers, BesideAnswers {
  open: Overview
  view: View
  block: { readonly born: number | null; readonly frames: readonly string[] }
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
