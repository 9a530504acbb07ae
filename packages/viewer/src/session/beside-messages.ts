/** What the page asks about a log beside another, or beside itself under other settings, and what it is answered. */
import type { DeviceCost, DeviceDifference, DeviceWhatIfRow, HeapDifference, WhatIfRow } from '@reheap/machine'
import type { LogFile } from './log-file.ts'
import type { Curve } from './messages.ts'

/** A what-if and a comparison are questions of one kind: the newer one of both ends the other. */
export const BESIDE = 'beside'

/** Something that `--vary` takes. */
export interface VaryKey {
  readonly key: string
  /** Values to choose from, or examples of one. */
  readonly values: readonly string[]
}

/** Rows of a what-if, as `reheap whatif --json` prints them, with their names and their curves. */
export type WhatIfAnswer = {
  readonly vary: readonly string[]
  readonly names: readonly string[]
  /** The first event after which each row differs from the first; null: it never does. @shape [rows] */
  readonly partings: readonly (number | null)[]
  /** Of each row: that of the first is the log's own on the simulated system. @shape [rows] */
  readonly curves: readonly (readonly Curve[])[]
} & (
  | { readonly layer: 'python'; readonly rows: readonly WhatIfRow[] }
  | { readonly layer: 'device'; readonly rows: readonly DeviceWhatIfRow[] }
)

/** Two logs, or two moments of one, as `reheap diff --json` prints them. */
export type Compared =
  | { readonly layer: 'python'; readonly difference: HeapDifference }
  | {
      readonly layer: 'device'
      readonly difference: DeviceDifference
      readonly costs: readonly [before: DeviceCost, after: DeviceCost]
    }

/** Two logs with the curves of the second. */
export type CompareAnswer = Compared & {
  readonly curves: readonly Curve[]
  readonly events: number
  /** The first event that asks for something else; null: both ask for the same. */
  readonly firstParting: number | null
}

export interface BesideRequests {
  varyKeys: Record<never, never>
  whatIf: { readonly vary: readonly string[] }
  compare: { readonly file: LogFile; readonly name: string }
}
export interface BesideAnswers {
  varyKeys: readonly VaryKey[]
  /** Null: another was asked for meanwhile, it was given up, or another log was opened. */
  whatIf: WhatIfAnswer | null
  compare: CompareAnswer | null
}
