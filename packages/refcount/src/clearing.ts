/**
 * Garbage that a collection clears as a whole. Deaths come in the same order and mean the same as one by one; but what
 * follows from a death and depends on no order waits until all have ended, and is then done row by row: a death touches
 * a few columns at a place of its own in memory, and not all.
 *
 * @source `delete_garbage`
 */
import { clearRow, forgetObject } from './memory.ts'
import { FLAGS, MARKS, NONE, type RefcountState } from './state.ts'

/**
 * The collector's lists follow.
 *
 * @param cleared rows that were cleared so far; those with a count of 0 are dead
 * @param freed blocks of memory that were given back
 */
export type Settle = (cleared: number, freed: number) => void

export class Clearing {
  readonly rows: Int32Array
  readonly length: number
  /** Does nothing outside of the garbage lose a reference, and does all of it die? Then nobody will ask when. */
  readonly isClosed: boolean
  readonly settle: Settle
  /** Place of the row that is being cleared. */
  at = 0
  freed = 0

  constructor(rows: Int32Array, length: number, isClosed: boolean, settle: Settle) {
    this.rows = rows
    this.length = length
    this.isClosed = isClosed
    this.settle = settle
  }
}

/** Marks the rows whose deaths run nothing. */
export function openClearing(s: RefcountState, rows: Int32Array, length: number, isClosed: boolean, settle: Settle): Clearing {
  for (let at = 0; at < length; at++) {
    const row = rows[at]
    const isPlain = s.annex[row] === NONE && (s.flags[row] & (FLAGS.finalizer | FLAGS.weaklyReferenced)) === 0
    if (isPlain) s.mark[row] |= MARKS.doomed
  }
  s.clearing = new Clearing(rows, length, isClosed, settle)
  return s.clearing
}

/** Before anything else looks at the heap, what waited is done. */
export function settleClearing(s: RefcountState): void {
  const { clearing } = s
  if (clearing === null) return
  s.clearing = null
  for (let at = 0; at < clearing.length; at++) {
    const row = clearing.rows[at]
    const mark = s.mark[row]
    if ((mark & MARKS.doomed) === 0) continue
    s.mark[row] = mark & ~(MARKS.doomed | MARKS.begun | MARKS.ended)
    if ((mark & MARKS.begun) !== 0) forgetObject(s, row)
    if ((mark & MARKS.ended) !== 0) clearRow(s, row)
  }
  clearing.settle(clearing.at, clearing.freed)
}
