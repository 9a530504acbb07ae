import type { Settings } from '@reheap/device-memory'
import type { KnownBlocks } from './known-blocks.ts'
import type { Beginning } from './rewind.ts'
import type { Snapshot } from './snapshot.ts'

/** What is known of a snapshot before its rows are made. */
export interface Plan {
  readonly snapshot: Snapshot
  readonly beginnings: readonly Beginning[]
  readonly blocks: KnownBlocks
  /** Known block of every entry; `NO_ID`: none. */
  readonly blockOfEntry: Uint32Array
  readonly capacityBytes: readonly number[]
  readonly settings: Settings
  readonly settingsText: string | null
  /** Microseconds at which the log begins; NaN: it has no times. */
  readonly start: number
}
