/**
 * Garbage that is sure to die as a whole, while nobody listens: nothing outside of it loses a reference, nothing of the
 * program runs, no fact is wanted. All that is left to be seen is in which order memory goes back, to free lists, to
 * unused rows and to free spans.
 *
 * So what a death needs is gathered, in the order of the rows, into records of 16 bytes: one line of the cache a death
 * and not one of each column. The deaths follow each other as in `cascade.ts`, and a record that has served remembers
 * which row and which span went back before its own. Then the columns are written, again in the order of the rows.
 */
import { NO_ID, removeId } from '@reheap/kernel'
import type { Clearing } from './clearing.ts'
import { spanOf } from './references.ts'
import { FLAGS, NONE, type RefcountState } from './state.ts'

/** log2 of the words of a record. Its first one is the count. */
const SHIFT = 2
const BITS = 1
/** The target to drop next, or the cell of it. At last the row that went back before this one. */
const NEXT = 2
/** The target after that, or the cell at which to stop. At last the row whose span went back before this one's. */
const LAST = 3
const TARGETS_MAX = 2

/** Bits: more references than a record has room for, so that it holds cells; they are gone through backwards. */
const HAS_CELLS = 1
const IS_BACKWARDS = 2
/** The death counts for the trashcan. */
const NESTS = 4
/** Size of the span. */
const SIZE_AT = 3
const SIZES = 32
/** Layout, by which memory goes to a free list: tuples, which have more than one, are never cleared and so never here. */
const LAYOUT_AT = 8

/** Entry of the work-list: what was put aside follows. A death is its row, the clearing of a row that lives on the complement. */
const ASIDE = NONE
/** There is a record for every row of the heap, so garbage must be a good part of them. */
const SHARE_LEAST = 0.5

export function isWholeSuited(s: RefcountState, { isClosed, length }: Clearing): boolean {
  return isClosed && s.emit.muted && s.asideLength === 0 && length >= s.rows * SHARE_LEAST
}

/** Clears all rows in order, as if each were held, cleared and released. */
export function endWhole(s: RefcountState, { rows, length, settle }: Clearing): void {
  const records = gathered(s, rows, length)
  const deaths = new Deaths(s, records, length)
  for (let at = 0; deaths.ended < length; at++) deaths.clear(rows[at])
  s.unusedRow = deaths.unusedRow
  giveSpans(s, records, deaths.lastGiven, rows, length)
  forget(s, records, rows, length)
  settle(length, length - deaths.kept)
}

function gathered(s: RefcountState, rows: Int32Array, length: number): Int32Array {
  const { count, firstReference, referenceCount, spanSize, layout, target } = s
  const { trashcan, flags } = s.rules
  const records = new Int32Array(s.rows << SHIFT)
  for (let at = 0; at < length; at++) {
    const row = rows[at]
    const record = row << SHIFT
    const left = referenceCount[row]
    const kind = layout[row]
    const isBackwards = (flags[kind] & FLAGS.visitsBackwards) !== 0
    const step = isBackwards ? -1 : 1
    const cell = firstReference[row] + (isBackwards ? left - 1 : 0)
    const hasCells = left > TARGETS_MAX
    records[record] = count[row]
    records[record + BITS] =
      (hasCells ? HAS_CELLS : 0) |
      (isBackwards ? IS_BACKWARDS : 0) |
      (trashcan[kind] !== 0 ? NESTS : 0) |
      (spanSize[row] << SIZE_AT) |
      (kind << LAYOUT_AT)
    if (hasCells) {
      records[record + NEXT] = cell
      records[record + LAST] = cell + left * step
    } else {
      if (left > 0) records[record + NEXT] = target[cell]
      if (left > 1) records[record + LAST] = target[cell + step]
    }
  }
  return records
}

class Deaths {
  ended = 0
  /** Rows whose memory free lists keep. */
  kept = 0
  unusedRow: number
  /** Row whose span went back last, by size. @shape [sizes] */
  readonly lastGiven = new Int32Array(SIZES)
  readonly #records: Int32Array
  readonly #target: Int32Array
  readonly #listHead: Int32Array
  readonly #listLength: Int32Array
  readonly #listMax: Int32Array
  readonly #nestingMax: number
  readonly #resumesAt: number
  readonly #stack: Int32Array
  #depth = 0
  readonly #aside: Int32Array
  #asideLength = 0
  #nesting: number

  constructor(s: RefcountState, records: Int32Array, length: number) {
    this.unusedRow = s.unusedRow
    this.#records = records
    this.#target = s.target
    this.#listHead = s.listHead
    this.#listLength = s.listLength
    this.#listMax = s.rules.listMax
    this.#nestingMax = s.rules.nestingMax
    this.#resumesAt = s.rules.resumesAt
    this.#stack = new Int32Array(2 * length + 1)
    this.#aside = new Int32Array(length)
    this.#nesting = s.nesting
  }

  /** Drops what the row holds, and itself if nothing else holds it then. */
  clear(row: number): void {
    const records = this.#records
    const stack = this.#stack
    if (records[row << SHIFT] === 0) return
    records[row << SHIFT]++
    stack[this.#depth++] = ~row
    while (this.#depth > 0) {
      const entry = stack[this.#depth - 1]
      if (entry === ASIDE) this.#resume()
      else {
        const to = this.#takeNext((entry < 0 ? ~entry : entry) << SHIFT)
        if (to === NONE) this.#end(entry)
        else if (--records[to << SHIFT] === 0) this.#begin(to)
      }
    }
  }

  #takeNext(record: number): number {
    const records = this.#records
    const bits = records[record + BITS]
    const next = records[record + NEXT]
    const last = records[record + LAST]
    if ((bits & HAS_CELLS) === 0) {
      records[record + NEXT] = last
      records[record + LAST] = NONE
      return next
    }
    if (next === last) return NONE
    records[record + NEXT] = (bits & IS_BACKWARDS) !== 0 ? next - 1 : next + 1
    return this.#target[next]
  }

  #begin(row: number): void {
    if ((this.#records[(row << SHIFT) + BITS] & NESTS) !== 0) {
      if (this.#nesting >= this.#nestingMax) {
        this.#aside[this.#asideLength++] = row
        return
      }
      this.#nesting++
    }
    this.#stack[this.#depth++] = row
  }

  /** All references are dropped: of a death, or of a row that lived on and may die now. */
  #end(entry: number): void {
    const records = this.#records
    const row = entry < 0 ? ~entry : entry
    const record = row << SHIFT
    const bits = records[record + BITS]
    this.#depth--
    const size = (bits >> SIZE_AT) & (SIZES - 1)
    if (size > 0) {
      records[record + LAST] = this.lastGiven[size]
      this.lastGiven[size] = row
    }
    if (entry < 0) {
      // No cell is left, and no span.
      records[record + NEXT] = records[record + LAST]
      records[record + BITS] = (bits & ~((SIZES - 1) << SIZE_AT)) | HAS_CELLS
      if (--records[record] === 0) this.#begin(row)
      return
    }
    this.ended++
    records[record + NEXT] = this.#give(row, bits >> LAYOUT_AT)
    if ((bits & NESTS) !== 0) this.#leaveNesting()
  }

  /** @returns the row that went there before */
  #give(row: number, list: number): number {
    let before = this.unusedRow
    if (this.#listLength[list] < this.#listMax[list]) {
      before = this.#listHead[list]
      this.#listHead[list] = row
      this.#listLength[list]++
      this.kept++
    } else this.unusedRow = row
    return before
  }

  #leaveNesting(): void {
    this.#nesting--
    if (this.#asideLength === 0 || this.#nesting > this.#resumesAt) return
    this.#nesting++
    this.#stack[this.#depth++] = ASIDE
  }

  #resume(): void {
    if (this.#asideLength > 0) this.#begin(this.#aside[--this.#asideLength])
    else {
      this.#depth--
      this.#nesting--
    }
  }
}

/** Chains the free spans in the order in which they went back. */
function giveSpans(s: RefcountState, records: Int32Array, lastGiven: Int32Array, rows: Int32Array, length: number): void {
  const { target, spanSize, firstReference, freeSpans } = s
  for (let at = 0; at < length; at++) {
    const row = rows[at]
    const size = spanSize[row]
    if (size === 0) continue
    const before = records[(row << SHIFT) + LAST]
    target[spanOf(firstReference[row], size)] = before === NONE ? freeSpans[size] : spanOf(firstReference[before], size)
  }
  for (let size = 0; size < SIZES; size++) if (lastGiven[size] !== NONE) freeSpans[size] = spanOf(firstReference[lastGiven[size]], size)
}

/** What follows from a death and depends on no order. */
function forget(s: RefcountState, records: Int32Array, rows: Int32Array, length: number): void {
  const { objects, object, typeOf, bytes, bytesBeside, count, flags, mark, firstReference, referenceCount, spanSize } = s
  let forgotten = 0
  let freed = 0
  for (let at = 0; at < length; at++) {
    const row = rows[at]
    if (typeOf[row] !== 0) {
      removeId(objects, object[row])
      forgotten++
      freed += bytes[row] + bytesBeside[row]
    }
    object[row] = NO_ID
    bytesBeside[row] = 0
    count[row] = 0
    flags[row] = 0
    mark[row] = 0
    firstReference[row] = records[(row << SHIFT) + NEXT]
    referenceCount[row] = 0
    spanSize[row] = 0
  }
  s.objectCount -= forgotten
  s.liveBytes -= freed
}
