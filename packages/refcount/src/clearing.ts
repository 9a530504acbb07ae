/**
 * Garbage that a collection clears as a whole. Deaths come in the same order and mean the same as one by one; but what
 * follows from a death and depends on no order waits until all have ended, and is then done row by row: a death touches
 * a few columns at a place of its own in memory, and not all.
 *
 * @source `delete_garbage`
 */
import { clearRow, forgetObject, giveRow } from './memory.ts'
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
  readonly settle: Settle
  /** Deaths around it: those on the work-list, and those that count for the trashcan. */
  readonly entries: number
  readonly nesting: number
  /** All of it is sure to die, and what it refers to beside itself to live on: see `closed-garbage.ts`. */
  isClosed = false
  /** Deaths that are still to be waited for, if no more than those matter. */
  awaited = Number.POSITIVE_INFINITY
  /** Place of the row that is being cleared. */
  at = 0
  freed = 0

  constructor({ stackLength, nesting }: RefcountState, rows: Int32Array, length: number, settle: Settle) {
    this.entries = stackLength
    this.nesting = nesting
    this.rows = rows
    this.length = length
    this.settle = settle
  }
}

/** Marks the rows whose deaths run nothing. */
export function openClearing(s: RefcountState, rows: Int32Array, length: number, settle: Settle): Clearing {
  const { annex, flags, mark } = s
  for (let at = 0; at < length; at++) {
    const row = rows[at]
    const isPlain = annex[row] === NONE && (flags[row] & (FLAGS.finalizer | FLAGS.weaklyReferenced)) === 0
    if (isPlain) mark[row] |= MARKS.doomed
  }
  s.clearing = new Clearing(s, rows, length, settle)
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
    if ((mark & MARKS.ended) === 0) continue
    clearRow(s, row)
    giveRow(s, row)
  }
  clearing.settle(clearing.at, clearing.freed)
}
