/** What a fold looks back into. */
import type { EventBatch } from '@reheap/kernel'

/** Columns that are looked into. */
type Column = 'code' | 'id' | 'other' | 'thread' | 'stack'

/** A log that was read. */
export interface PastEvents {
  /** Events of all. */
  readonly length: number
  readonly batches: {
    /** What stands in a column for an event; null: nothing. */
    value(column: Column, index: number): number | null
    /** Those that hold an event of a kind; each is good until the next is asked for. */
    having(code: number): Iterable<EventBatch>
  }
}
