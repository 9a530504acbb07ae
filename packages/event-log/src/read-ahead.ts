import type { EventBatch } from '@reheap/kernel'
import type { Either } from 'fp-ts/lib/Either.js'
import type { BatchReader } from './batch-reader.ts'
import type { BatchTable } from './batch-table.ts'
import type { LogError } from './error.ts'

/** Batches that are being read while the caller has one: two, so that one is read while the other is checked. */
const LEAD = 2

/**
 * Batches `from` to `to`, read ahead while the caller works, in pieces of memory that take turns.
 * Ends after the first that cannot be read.
 */
export async function* readAhead(
  reader: BatchReader,
  table: BatchTable,
  from: number,
  to: number,
): AsyncGenerator<Either<LogError, EventBatch>, void, undefined> {
  const memory: Uint8Array[] = Array.from({ length: LEAD + 1 }, () => new Uint8Array(0))
  const read = (number: number): Promise<Either<LogError, EventBatch>> => {
    const place = table.at(number)
    const turn = number % memory.length
    if ((memory[turn]?.length ?? 0) < place.bytes) memory[turn] = new Uint8Array(place.bytes)
    return reader.read(number, place, memory[turn])
  }
  const ahead: Promise<Either<LogError, EventBatch>>[] = []
  for (let number = from; number < Math.min(from + LEAD, to); number++) ahead.push(read(number))
  for (let number = from; number < to; number++) {
    const batch = await (ahead.shift() as (typeof ahead)[number])
    if (number + LEAD < to) ahead.push(read(number + LEAD))
    yield batch
    if (batch._tag === 'Left') return
  }
}
