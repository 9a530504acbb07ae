import { decodeBatchHead } from '../src/batch-head.ts'
import { checksumAround, type Hash, loadHash, putChecksum } from '../src/checksum.ts'
import { type BodyLayout, type ContextField, storedColumns } from '../src/columns.ts'
import { decodeEntry, ENTRY, ENTRY_BYTES, type IndexEntry } from '../src/log-index.ts'
import { headBytes } from '../src/message.ts'
import { prefixChecksumAt } from '../src/prefix.ts'
import type { LogBytes } from './logs.ts'

/** The entries of a whole index. */
export async function entriesOf(index: Uint8Array): Promise<IndexEntry[]> {
  const hash = await loadHash()
  return Array.from({ length: index.length / ENTRY_BYTES }, (_, number) => {
    const entry = decodeEntry(index.subarray(number * ENTRY_BYTES), number, hash)
    if (entry === null) throw new Error(`entry ${number} is damaged`)
    return entry
  })
}

/** Where the parts of a whole log stand, so that bytes can be changed and the checksums made to fit again. */
export interface Anatomy {
  readonly hash: Hash
  readonly prefixBytes: number
  readonly prefixChecksumAt: number
  readonly batches: readonly {
    readonly first: number
    readonly offset: number
    readonly body: number
    readonly end: number
    readonly checksumsAt: number
    readonly layout: BodyLayout
  }[]
}

/** Takes a whole log apart. */
export async function anatomyOf({ log, index }: LogBytes, columns: readonly ContextField[] = []): Promise<Anatomy> {
  const [prefix, ...rest] = await entriesOf(index)
  const batches = rest
    .filter(({ kind }) => kind === ENTRY.batch)
    .map(({ first, offset, bytes }) => {
      const body = offset + headBytes(log.subarray(offset))
      const { bodyChecksumAt, layout } = decodeBatchHead(log.subarray(offset, body), storedColumns(columns))
      return { first, offset, body, end: offset + bytes, checksumsAt: bodyChecksumAt, layout }
    })
  return { hash: await loadHash(), prefixBytes: prefix?.bytes ?? 0, prefixChecksumAt: prefixChecksumAt(log), batches }
}

/** Makes every checksum fit the bytes again, in place. */
export function resealed(log: Uint8Array, { hash, prefixBytes, prefixChecksumAt, batches }: Anatomy): Uint8Array {
  const prefix = log.subarray(0, prefixBytes)
  putChecksum(prefix, prefixChecksumAt, checksumAround(hash, prefix, prefixChecksumAt, 0n))
  for (const { offset, body, end, first, checksumsAt } of batches) {
    const head = log.subarray(offset, body)
    putChecksum(head, checksumsAt, hash(log.subarray(body, end), 0n))
    putChecksum(head, checksumsAt + 16, checksumAround(hash, head, checksumsAt + 16, BigInt(first)))
  }
  return log
}
