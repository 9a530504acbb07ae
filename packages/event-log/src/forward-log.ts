import type { EventBatch } from '@reheap/kernel'
import { type Either, left, right } from 'fp-ts/lib/Either.js'
import { BatchTable } from './batch-table.ts'
import { nextBatch, tornTail } from './contents.ts'
import type { Damage, LogError } from './error.ts'
import type { OpenOptions } from './event-log.ts'
import type { LogHeader } from './header.ts'
import { type OpenedPrefix, openPrefix } from './opened-prefix.ts'
import { type ByteSource, guarded, ReadFault } from './source.ts'

type Batches = AsyncGenerator<Either<LogError, EventBatch>, void, undefined>

/** A log that is read from its beginning on, every byte once. */
export interface ForwardLog {
  readonly header: LogHeader
  /** Every batch in order, good until the next is asked for; ends after the first that cannot be read. Left: why it cannot. */
  readonly batches: Batches
  /** What was wrong with it: complete when the batches have ended. */
  readonly damage: readonly Damage[]
}

/**
 * Opens a log to be read once and in order: what takes it is told of each batch before the next one has been looked at.
 * Batches, errors and damage are those of `openLog` without an index.
 *
 * @returns Left: it cannot be read, is no log, or is damaged from the start
 */
export async function openForward(
  source: ByteSource,
  { vocabulary }: Pick<OpenOptions, 'vocabulary'>,
): Promise<Either<LogError, ForwardLog>> {
  const log = guarded(source)
  try {
    const opened = await openPrefix(log, vocabulary)
    if (opened._tag === 'Left') return opened
    const damage: Damage[] = []
    return right({ header: opened.right.prefix.header, batches: batchesOf(log, opened.right, damage), damage })
  } catch (error) {
    return left(faultOf(error))
  }
}

async function* batchesOf(source: ByteSource, opened: OpenedPrefix, damage: Damage[]): Batches {
  const table = new BatchTable(opened.prefix.bytes)
  let memory = new Uint8Array(0)
  try {
    const size = await source.size()
    for (;;) {
      const found = await nextBatch(source, size, opened, table)
      if (found.kind === 'end') {
        if (found.isTorn) damage.push(tornTail(source.name, table, found.isClosed, size))
        return
      }
      table.push(found.bytes, found.events, null)
      if (memory.length < found.bytes) memory = new Uint8Array(found.bytes)
      const number = table.length - 1
      const batch = await opened.reader.read(number, table.at(number), memory)
      if (batch._tag === 'Left') {
        const behind = await nextBatch(source, size, opened, table)
        // The last batch of a log that nobody has ended may be half-written.
        if (behind.kind === 'end' && !behind.isClosed) {
          table.pop()
          damage.push(tornTail(source.name, table, false, size))
          return
        }
      }
      yield batch
      if (batch._tag === 'Left') return
    }
  } catch (error) {
    yield left(faultOf(error))
  }
}

function faultOf(error: unknown): LogError {
  if (error instanceof ReadFault) return error.error
  throw error
}
