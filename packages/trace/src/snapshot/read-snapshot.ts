import type { EventBatch } from '@reheap/kernel'
import { type Either, left, right } from 'fp-ts/lib/Either.js'
import { GzipDamage, SourceFailure } from '../byte-failure.ts'
import type { LogHeader } from '../header.ts'
import { plainBytes } from '../plain-bytes.ts'
import { type TraceError, traceError } from '../trace-error.ts'
import { PickleDecoder } from './pickle-decoder.ts'
import type { Plan } from './plan.ts'
import { snapshotOf } from './snapshot.ts'
import { SnapshotFault } from './snapshot-fault.ts'
import { planOf } from './snapshot-plan.ts'
import { SnapshotRows } from './snapshot-rows.ts'

/** A log that is made of a snapshot. */
export interface SnapshotLog {
  readonly header: LogHeader
  /** What a reader should know of how the log came about: what is missing, what was guessed. */
  readonly notes: readonly string[]
  /** The events in order, made as they are asked for. An error comes once and is the last value. */
  readonly batches: AsyncGenerator<Either<TraceError, EventBatch>, void, undefined>
  /** Nothing is open any more when a log is there. */
  close(): Promise<void>
}

/**
 * Reads a snapshot of `torch.cuda.memory`, plain or gzip, as a log: what was there before its traces, then every request
 * with what the allocator was seen to answer.
 *
 * @param chunks the bytes of the file in any division; of a plain file each may be written over when the next one has been taken
 * @param options `name`: what errors call the file; `bytes`: its length, if it is plain and that is known: it is read faster
 * @returns Left: what is wrong, at which place of the input
 */
export async function readSnapshot(
  chunks: AsyncIterable<Uint8Array>,
  options: { readonly name: string; readonly bytes?: number },
): Promise<Either<TraceError, SnapshotLog>> {
  try {
    const decoder = new PickleDecoder(options.bytes)
    for await (const chunk of plainBytes(chunks)) decoder.push(chunk)
    const { plan, header, notes } = planOf(snapshotOf(decoder.records, decoder.end()))
    return right({ header, notes, batches: batchesOf(plan, options.name), close: () => Promise.resolve() })
  } catch (cause) {
    return left(errorOf(cause, options.name))
  }
}

/**
 * Looks at the beginning of a snapshot, at all of one that is not longer.
 *
 * @param options `name`: what errors call the file, `bytesMax`: when to stop
 * @returns what is wrong with it; null: nothing so far
 */
export async function snapshotProblem(
  chunks: AsyncIterable<Uint8Array>,
  { name, bytesMax }: { readonly name: string; readonly bytesMax: number },
): Promise<TraceError | null> {
  try {
    const decoder = new PickleDecoder()
    let bytes = 0
    for await (const chunk of plainBytes(chunks)) {
      decoder.push(chunk)
      bytes += chunk.length
      if (bytes > bytesMax) return null
    }
    planOf(snapshotOf(decoder.records, decoder.end()))
    return null
  } catch (cause) {
    return errorOf(cause, name)
  }
}

async function* batchesOf(plan: Plan, name: string): SnapshotLog['batches'] {
  try {
    for (const batch of new SnapshotRows(plan).batches()) yield right(batch)
  } catch (cause) {
    yield left(errorOf(cause, name))
  }
}

function errorOf(cause: unknown, name: string): TraceError {
  if (cause instanceof SnapshotFault) return traceError(name, null, { field: cause.place, problem: cause.message, mend: cause.mend })
  const problem = (what: string): string => `${what} (${(cause as Error).message.replace(/\s+/g, ' ').trim()})`
  if (cause instanceof SourceFailure)
    return traceError(name, null, { field: null, problem: problem('cannot be read'), mend: 'check that the file is there and may be read' })
  if (cause instanceof GzipDamage)
    return traceError(name, null, {
      field: null,
      problem: problem('the compressed data is cut off or damaged'),
      mend: 'copy the file again',
    })
  throw cause
}
