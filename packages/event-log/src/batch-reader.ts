import type { EventBatch } from '@reheap/kernel'
import { type Either, left, right } from 'fp-ts/lib/Either.js'
import { type BatchHead, decodeBatchHead } from './batch-head.ts'
import type { BatchPlace } from './batch-table.ts'
import { checksumAround, type Hash, hasChecksum } from './checksum.ts'
import { decoded, type LogError, Malformed } from './error.ts'
import { headBytes } from './message.ts'
import type { Prefix } from './prefix.ts'
import { type ByteSource, ReadFault, vanished } from './source.ts'
import { storedBatch, type Translation } from './stored-batch.ts'

const MISMATCH = 'its bytes do not match their checksum'

/** Decodes a head and checks that it is the one that was written at this place of the log. */
export function checkedHead(
  head: Uint8Array,
  first: number,
  prefix: Prefix,
  hash: Hash,
): { readonly head: BatchHead; readonly checksum: bigint } {
  const decodedHead = decodeBatchHead(head, prefix.columns)
  const checksum = checksumAround(hash, head, decodedHead.headChecksumAt, BigInt(first))
  if (!hasChecksum(head, decodedHead.headChecksumAt, checksum)) throw new Malformed(MISMATCH)
  return { head: decodedHead, checksum }
}

/** Checks every byte of a message and decodes it. */
function decodeBatch(message: Uint8Array, place: BatchPlace, prefix: Prefix, translation: Translation, hash: Hash): EventBatch {
  const head = message.subarray(0, headBytes(message))
  const body = message.subarray(head.length)
  const checked = checkedHead(head, place.first, prefix, hash)
  const { rows, layout, bodyChecksumAt } = checked.head
  if (rows !== place.events || layout.bytes !== body.length) throw new Malformed('it is not as long as its place in the log')
  if (place.checksum !== null && place.checksum !== checked.checksum) throw new Malformed('its checksum is not the one in the index')
  if (!hasChecksum(head, bodyChecksumAt, hash(body, 0n))) throw new Malformed(MISMATCH)
  return storedBatch(body, checked.head, prefix.columns, place.first, translation)
}

/** Reads batches of one log. */
export interface BatchReader {
  /** The batch at `place`. @param into memory for it; the batch dies when that is written again */
  read(number: number, place: BatchPlace, into?: Uint8Array): Promise<Either<LogError, EventBatch>>
}

/** @param source a guarded source */
export function batchReader(source: ByteSource, prefix: Prefix, translation: Translation, hash: Hash): BatchReader {
  return {
    read: async (number, place, into) => {
      try {
        const message = await source.read(place.offset, place.bytes, into)
        if (message.length < place.bytes) return left(vanished(source.name, 'it was cut short'))
        const batch = decoded(() => decodeBatch(message, place, prefix, translation, hash))
        return 'value' in batch ? right(batch.value) : left(damagedBatch(source.name, number, place, batch.fault))
      } catch (error) {
        if (error instanceof ReadFault) return left(error.error)
        throw error
      }
    },
  }
}

function damagedBatch(name: string, batch: number, { first, events }: BatchPlace, why: string): LogError {
  const lastEvent = first + events - 1
  const message = `${name}: batch ${batch} (events ${first} to ${lastEvent}) is damaged: ${why}; restore the file from a copy`
  return { kind: 'DamagedBatch', batch, firstEvent: first, lastEvent, message }
}
