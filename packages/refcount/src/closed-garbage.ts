/**
 * Garbage that is sure to die as a whole, while nobody listens: nothing outside of it loses a reference, nothing of the
 * program runs, no fact is wanted. All that is left to be seen is in which order memory goes back, to free lists, to
 * unused rows and to free spans.
 *
 * So what the deaths need is gathered in the order of the rows; they follow each other as in `death-order.ts`; then the
 * columns are written, again in the order of the rows, and those of rows that lie side by side at once.
 */
import { NO_ID, removeId } from '@reheap/kernel'
import type { Settle } from './clearing.ts'
import { endInOrder } from './death-order.ts'
import { chain, gather, RECORD } from './death-record.ts'
import { FLAGS, NONE, type RefcountState } from './state.ts'

/** There is a record for every row of the heap, so garbage must be a good part of them. */
const SHARE_LEAST = 0.5
/** With fewer rows side by side writing them one by one costs less. */
const RUN_LEAST = 16

/** Does nobody listen, and does it pay? */
export const isWholeSuited = (s: RefcountState, length: number): boolean => s.emit.muted && length >= s.rows * SHARE_LEAST

/**
 * Does nothing outside of the garbage lose a reference, and does all of it die? Then nobody will ask when. What the
 * trashcan puts aside must follow at once, and not behind a death around the collection.
 */
export function isClosed(s: RefcountState, rows: Int32Array, length: number): boolean {
  if (s.asideLength > 0 || s.nesting > s.rules.resumesAt) return false
  const { annex, flags, layout, count, referenceCount } = s
  const { cleared } = s.rules
  /** References to the garbage, less those that it holds: as nothing else refers to it, none is left if it refers to nothing else. */
  let left = 0
  for (let at = 0; at < length; at++) {
    const row = rows[at]
    if (annex[row] !== NONE || (flags[row] & (FLAGS.finalizer | FLAGS.weaklyReferenced)) !== 0 || cleared[layout[row]] === 0) return false
    left += count[row] - referenceCount[row]
  }
  return left === 0
}

/** Clears all rows in order, as if each were held, cleared and released. */
export function endClosedGarbage(s: RefcountState, rows: Int32Array, length: number, settle: Settle): void {
  const records = new Int32Array(s.rows << RECORD.shift)
  const few = new Uint8Array(s.rows)
  const kept = keptRows(s)
  gather(s, rows, length, records, few)
  endInOrder(s, rows, length, records, few)
  forgetIds(s, rows, length)
  chain(s, records, rows, length)
  forget(s, rows, length)
  settle(length, length - (keptRows(s) - kept))
}

/** Rows whose memory free lists keep. */
const keptRows = ({ listLength }: RefcountState): number => listLength.reduce((rows, kept) => rows + kept, 0)

/** Their ids and bytes are those of live objects no longer. */
function forgetIds(s: RefcountState, rows: Int32Array, length: number): void {
  const { objects, object, typeOf, bytes, bytesBeside } = s
  let forgotten = 0
  let freed = 0
  for (let at = 0; at < length; at++) {
    const row = rows[at]
    if (typeOf[row] === 0) continue
    removeId(objects, object[row])
    forgotten++
    freed += bytes[row] + bytesBeside[row]
  }
  s.objectCount -= forgotten
  s.liveBytes -= freed
}

/** What follows from a death and depends on no order. */
function forget(s: RefcountState, rows: Int32Array, length: number): void {
  for (let at = 0; at < length; ) {
    const first = rows[at]
    let end = first
    while (at < length && rows[at] === end) {
      at++
      end++
    }
    if (end - first < RUN_LEAST) for (let row = first; row < end; row++) forgetRow(s, row)
    else forgetRun(s, first, end)
  }
}

function forgetRow({ object, bytesBeside, count, flags, mark, referenceCount, spanSize }: RefcountState, row: number): void {
  object[row] = NO_ID
  bytesBeside[row] = 0
  count[row] = 0
  flags[row] = 0
  mark[row] = 0
  referenceCount[row] = 0
  spanSize[row] = 0
}

function forgetRun({ object, bytesBeside, count, flags, mark, referenceCount, spanSize }: RefcountState, first: number, end: number): void {
  object.fill(NO_ID, first, end)
  for (const column of [bytesBeside, count, flags, mark, referenceCount, spanSize]) column.fill(0, first, end)
}
