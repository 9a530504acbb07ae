import { setTimeout as sleep } from 'node:timers/promises'
import type { EventBatch } from '@reheap/kernel'
import { type Either, left } from 'fp-ts/lib/Either.js'
import type { Observable } from 'rxjs'
import { BatchTable } from '../batch-table.ts'
import { follows } from '../contents.ts'
import type { LogError } from '../error.ts'
import type { Vocabulary } from '../header.ts'
import { decodeEntry, ENTRY, ENTRY_BYTES } from '../log-index.ts'
import { type OpenedPrefix, openPrefix } from '../opened-prefix.ts'
import { passOn, pulled$ } from '../pulled.ts'
import { type ByteSource, guarded, ReadFault, vanished } from '../source.ts'
import { fileSource } from './file-source.ts'
import { indexPathOf } from './log-file.ts'

/** How a log is followed. */
export interface TailOptions {
  readonly vocabulary: Vocabulary
  /** Milliseconds between two looks at the index. Default 100. */
  readonly pollMs?: number | undefined
}

/**
 * Follows a log that is still being written: every batch from the first on, each as soon as the
 * index vouches for it.
 *
 * Completes when the writer has closed the log. A writer that was killed closes nothing, and no file
 * tells the two apart, so then it waits until it is unsubscribed. Fails with a {@link LogError}.
 */
export function tail$(path: string, options: TailOptions): Observable<EventBatch> {
  return pulled$((signal) => followed(path, options, signal), passOn)
}

type Steps = AsyncGenerator<Either<LogError, EventBatch>, void, undefined>

async function* followed(path: string, options: TailOptions, signal: AbortSignal): Steps {
  const log = fileSource(path)
  if (log._tag === 'Left') return yield log
  const index = fileSource(indexPathOf(path))
  try {
    if (index._tag === 'Left') return yield left(brokenIndex(indexPathOf(path), 'it cannot be read'))
    yield* batches(guarded(log.right), guarded(index.right), options, signal)
  } catch (error) {
    if (!(error instanceof ReadFault)) throw error
    yield left(error.error)
  } finally {
    await log.right.close()
    if (index._tag === 'Right') await index.right.close()
  }
}

async function* batches(log: ByteSource, index: ByteSource, { vocabulary, pollMs = 100 }: TailOptions, signal: AbortSignal): Steps {
  let opened: OpenedPrefix | null = null
  let table = new BatchTable(0)
  for (let number = 0; ; number++) {
    const bytes = await entryBytes(index, number, pollMs, signal)
    if (bytes === null) return
    if (opened === null) {
      const prefix = await openPrefix(log, vocabulary)
      if (prefix._tag === 'Left') return yield prefix
      opened = prefix.right
      table = new BatchTable(opened.prefix.bytes)
    }
    const entry = decodeEntry(bytes, number, opened.hash)
    if (entry === null || !follows(entry, number, opened.prefix, table)) {
      return yield left(brokenIndex(index.name, `entry ${number} is damaged or of another log`))
    }
    if (entry.kind === ENTRY.end) return
    if (entry.kind === ENTRY.prefix) continue
    table.push(entry.bytes, entry.events, entry.checksum)
    yield await opened.reader.read(table.length - 1, table.at(table.length - 1))
  }
}

/** Waits for an entry of the index; null when nobody listens any more. */
async function entryBytes(index: ByteSource, number: number, pollMs: number, signal: AbortSignal): Promise<Uint8Array | null> {
  while (!signal.aborted) {
    const size = await index.size()
    if (size < number * ENTRY_BYTES) throw new ReadFault(vanished(index.name, 'it was cut short'))
    if (size >= (number + 1) * ENTRY_BYTES) return index.read(number * ENTRY_BYTES, ENTRY_BYTES)
    await sleep(pollMs, undefined, { signal }).catch(() => {})
  }
  return null
}

function brokenIndex(name: string, why: string): LogError {
  return { kind: 'BrokenIndex', message: `${name}: the log cannot be followed without it: ${why}; open the log instead` }
}
