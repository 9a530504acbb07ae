/**
 * What the death of a row needs, in one line of the cache and not one of each column: counts that fit as single bytes,
 * since most references that are dropped end nothing, and the rest as a record of 16 bytes. When the death has ended, the
 * record remembers which row and which span went back before.
 */
import { spanOf } from './references.ts'
import { FLAGS, type RefcountState } from './state.ts'

/** Words of a record and what stands in them. */
export const RECORD = {
  /** log2 of the words. */
  shift: 2,
  /** The target to drop next; the complement of the cell that it stands in, if there are more than two. At last the row that went back before this one. */
  next: 0,
  /** The target after that; the complement of the cell behind the last one. At last the span that went back before this one. */
  last: 1,
  bits: 2,
  /** First cell of the span. */
  span: 3,
  targetsMax: 2,
  /** No target is left: row 0 is nobody's. */
  none: 0,
} as const

/** What stands in its bits. */
export const RECORD_BITS = {
  /** The references are gone through from the last one. */
  isBackwards: 1,
  /** The death counts for the trashcan. */
  nests: 2,
  /** Size of the span. */
  sizeAt: 2,
  sizeMask: 31,
  /** Layout, by which memory goes to a free list: tuples, which have more than one, are never cleared and so never here. */
  layoutAt: 7,
  /** In the column of bytes: the count is this or more, and stands in the other column. */
  many: 255,
} as const

// Constants of the module itself stand in the optimized code as numbers, imported ones are read each time.
const { shift: SHIFT, next: NEXT, last: LAST, bits: BITS, span: SPAN, targetsMax: TARGETS_MAX } = RECORD
const { isBackwards: IS_BACKWARDS, nests: NESTS, sizeAt: SIZE_AT, layoutAt: LAYOUT_AT, many: MANY } = RECORD_BITS

/**
 * @param records written for the rows @shape [rows * 4]
 * @param few counts, written for the rows @shape [rows]
 */
export function gather(s: RefcountState, rows: Int32Array, length: number, records: Int32Array, few: Uint8Array): void {
  const { count, firstReference, referenceCount, spanSize, layout, target } = s
  const kinds = Int32Array.from(s.rules.flags, (flags, kind) => {
    const isBackwards = (flags & FLAGS.visitsBackwards) !== 0
    return (isBackwards ? IS_BACKWARDS : 0) | (s.rules.trashcan[kind] !== 0 ? NESTS : 0) | (kind << LAYOUT_AT)
  })
  for (let at = 0; at < length; at++) {
    const row = rows[at]
    const record = row << SHIFT
    const left = referenceCount[row]
    const size = spanSize[row]
    const first = firstReference[row]
    const bits = kinds[layout[row]] | (size << SIZE_AT)
    const isBackwards = (bits & IS_BACKWARDS) !== 0
    const cell = isBackwards ? first + left - 1 : first
    few[row] = Math.min(count[row], MANY)
    records[record + BITS] = bits
    if (size > 0) records[record + SPAN] = spanOf(first, size)
    if (left > TARGETS_MAX) {
      records[record + NEXT] = ~cell
      records[record + LAST] = ~(isBackwards ? cell - left : cell + left)
    } else {
      if (left > 0) records[record + NEXT] = target[cell]
      if (left > 1) records[record + LAST] = target[isBackwards ? cell - 1 : cell + 1]
    }
  }
}

/** Links the unused rows and the free spans in the order in which they went back. */
export function chain({ firstReference, spanSize, target }: RefcountState, records: Int32Array, rows: Int32Array, length: number): void {
  for (let at = 0; at < length; at++) {
    const row = rows[at]
    const record = row << SHIFT
    firstReference[row] = records[record + NEXT]
    if (spanSize[row] > 0) target[records[record + SPAN]] = records[record + LAST]
  }
}
