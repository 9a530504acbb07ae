import type { EventBatch } from '@reheap/kernel'
import type { Either } from 'fp-ts/lib/Either.js'

/** First line of the log that a recording becomes. */
export interface RecordingHeader {
  readonly reheap: 1
  readonly runtime: { readonly name: 'cpython'; readonly version: string; readonly pointerBits: 32 | 64 }
  readonly command: string
  readonly recordedAt: string
}

/** Why a sink takes no more. `message` is one line: what, where, how to mend it. */
export interface SinkError {
  readonly message: string
}

/** Where the events of a recording go. */
export interface EventSink {
  /** Takes a batch. The batch's memory is used again once this has settled. */
  append(batch: EventBatch): Promise<Either<SinkError, unknown>>
  /** The recording is whole; called once, and not after an error. */
  close(): Promise<Either<SinkError, unknown>>
}
