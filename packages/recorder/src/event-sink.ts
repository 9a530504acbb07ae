import type { EventBatch } from '@reheap/kernel'
import type { Either } from 'fp-ts/lib/Either.js'

/** First line of the log that a recording becomes. */
export interface RecordingHeader {
  readonly reheap: 1
  readonly runtime: {
    readonly name: 'cpython'
    readonly version: string
    readonly pointerBits: 32 | 64
    /** Given where it is not the version's usual one: unpatched 64-bit builds of 3.6 and 3.7.0 to 3.7.3 align blocks to 8 bytes. */
    readonly alignmentBytes?: number
  }
  readonly command: string
  readonly recordedAt: string
}

/** Why a sink takes no more. `message` is one line: what, where, how to mend it. */
export interface SinkError {
  readonly message: string
}

/** Where the events of a recording go, such as the event log's `LogWriter`. */
export interface EventSink {
  /** Takes a batch, whose memory is used again for the next. */
  append(batch: EventBatch): Either<SinkError, void>
  /** The recording is whole, or ends here because of an error of this sink. */
  close(): Either<SinkError, void>
}
