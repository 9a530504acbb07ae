import type { EventBatch } from '@reheap/kernel'
import type { Result } from '../outcome.ts'

/** A log in the making, whatever its format. */
export interface LogSink {
  append(batch: EventBatch): Promise<Result<void>>
  /** All is written: the log appears under its name. @returns its bytes */
  commit(): Promise<Result<number>>
  /** Leaves nothing behind. */
  abandon(): void
}
