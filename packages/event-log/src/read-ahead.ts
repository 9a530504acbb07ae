import type { EventBatch } from '@reheap/kernel'
import type { Either } from 'fp-ts/lib/Either.js'
import type { BatchReader } from './batch-reader.ts'
import type { BatchTable } from './batch-table.ts'
import type { LogError } from './error.ts'

/**
 * Batches `from` to `to`, one read ahead while the caller works, in two pieces of memory that take
 * turns. Ends after the first that cannot be read.
 */
export async function* readAhead(
  reader: BatchReader,
  table: BatchTable,
  from: number,
  to: number,
): AsyncGenerator<Either<LogError, EventBatch>, void, undefined> {
  const memory = [new Uint8Array(0), new Uint8Array(0)]
  const read = (number: number): Promise<Either<LogError, EventBatch>> => {
    const place = table.at(number)
    const turn = number % 2
    if ((memory[turn]?.length ?? 0) < place.bytes) memory[turn] = new Uint8Array(place.bytes)
    return reader.read(number, place, memory[turn])
  }
  let next = from < to ? read(from) : null
  for (let number = from; next !== null; number++) {
    const batch = await next
    next = batch._tag === 'Right' && number + 1 < to ? read(number + 1) : null
    yield batch
  }
}
