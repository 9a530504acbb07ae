import type { EventBatch } from '@reheap/kernel'
import { type Either, left, right } from 'fp-ts/lib/Either.js'
import type { LogHeader } from '../header.ts'
import { type TraceError, traceError } from '../trace-error.ts'
import { SnapshotFault } from './snapshot-fault.ts'
import { SnapshotWriter } from './snapshot-writer.ts'
import { ToldLog } from './told-log.ts'

/**
 * A device log as a snapshot that PyTorch's own viewer opens: the trace of its facts, and the state that they lead to.
 *
 * @param options `name`: what errors call the log; `at`: the event before which the snapshot is taken, by default the end
 * @returns Left, as the last value: an event that cannot have happened, or that no snapshot can tell
 */
export async function* writeSnapshot(
  header: LogHeader,
  batches: Iterable<EventBatch> | AsyncIterable<EventBatch>,
  options: { readonly name: string; readonly at?: number },
): AsyncGenerator<Either<TraceError, Uint8Array<ArrayBuffer>>, void, undefined> {
  const { name, at = Number.POSITIVE_INFINITY } = options
  if (header.runtime.name !== 'pytorch') {
    const problem = `expected a log of pytorch, got one of ${header.runtime.name}`
    yield left(traceError(name, null, { field: 'header.runtime.name', problem, mend: 'export it as JSON Lines' }))
    return
  }
  try {
    const log = new ToldLog(header)
    for await (const batch of batches) {
      log.feed(batch, Math.min(batch.length, at - batch.firstIndex))
      if (batch.firstIndex + batch.length >= at) break
    }
    log.end()
    for (const piece of new SnapshotWriter(log, header).pieces()) yield right(piece)
  } catch (cause) {
    if (!(cause instanceof SnapshotFault)) throw cause
    yield left(traceError(name, null, { field: cause.place, problem: cause.message, mend: cause.mend }))
  }
}
