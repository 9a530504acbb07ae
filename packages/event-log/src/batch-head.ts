import { CHECKSUM_DIGITS } from './checksum.ts'
import { BATCH_EVENTS, type BodyLayout, bodyLayout, type StoredColumn } from './columns.ts'
import { Malformed } from './error.ts'
import { decodeMessage, keyValue, MESSAGE, valueAt } from './message.ts'

/** Key of a batch's own metadata: the checksum of its body, then the checksum of its head, 16 digits each. */
export const BATCH_CHECKSUMS_KEY = 'reheap.checksums'

/** What the head of a record batch says. */
export interface BatchHead {
  readonly rows: number
  readonly layout: BodyLayout
  /** Where in the head the digits of the body's checksum stand; those of the head's own follow. */
  readonly bodyChecksumAt: number
  readonly headChecksumAt: number
}

/** Decodes the head of a record batch, which must describe exactly the layout that a log has. */
export function decodeBatchHead(head: Uint8Array, columns: readonly StoredColumn[]): BatchHead {
  const { type, header, bodyBytes, metadata } = decodeMessage(head)
  if (type !== MESSAGE.recordBatch) throw new Malformed('the message is not a batch')
  const rows = header.count(0)
  if (rows === 0 || rows > BATCH_EVENTS) throw new Malformed(`a batch has ${rows} events`)
  const buffers = header.pairs(2)
  const textBytes = buffers.at(-1)?.[1] ?? 0
  if (textBytes > bodyBytes) throw new Malformed('a column lies outside its batch')
  const layout = bodyLayout(columns, rows, textBytes)
  const isCompressed = header.has(3)
  if (
    isCompressed ||
    bodyBytes !== layout.bytes ||
    !samePairs(buffers, layout.buffers) ||
    !areFull(header.pairs(1), rows, columns.length)
  ) {
    throw new Malformed('a batch is not laid out as those of a log')
  }
  const checksums = keyValue(metadata, BATCH_CHECKSUMS_KEY)
  if (checksums === undefined) throw new Malformed('a batch has no checksum')
  const bodyChecksumAt = valueAt(checksums, 2 * CHECKSUM_DIGITS)
  return { rows, layout, bodyChecksumAt, headChecksumAt: bodyChecksumAt + CHECKSUM_DIGITS }
}

type Pairs = readonly (readonly [number, number])[]

function samePairs(left: Pairs, right: Pairs): boolean {
  return left.length === right.length && left.every(([a, b], i) => a === right[i]?.[0] && b === right[i]?.[1])
}

/** Whether every column has all rows, and none but the last, the detail, has nulls. */
function areFull(nodes: Pairs, rows: number, fixedColumns: number): boolean {
  return nodes.length === fixedColumns + 1 && nodes.every(([length, nulls], i) => length === rows && (i === fixedColumns || nulls === 0))
}
