/**
 * In which order garbage dies that is sure to die as a whole, while nobody listens: as in `cascade.ts`, but what a death
 * needs lies together, and is asked for before it is needed: it is somewhere in memory, and a near cache holds little.
 *
 * Counts that fit are single bytes: most references that are dropped end nothing. The rest of what a death needs is a
 * record of 16 bytes, one line of the cache and not one of each column. When the death has ended, the record remembers
 * which row and which span went back before.
 *
 * All of it stands in arrays and in the state, not in an object made for the purpose: V8 drops optimized code that knows a
 * shape of objects of which none is left.
 */
import { NONE, type RefcountState } from './state.ts'

/** log2 of the words of a record, or of an entry of the work-list. */
export const WORDS_SHIFT = 2
const WORDS = 1 << WORDS_SHIFT
/** The target to drop next; the complement of the cell that it stands in, if there are more than two. At last the row that went back before this one. */
export const NEXT = 0
/** The target after that; the complement of the cell behind the last one. At last the span that went back before this one. */
export const LAST = 1
export const BITS = 2
/** First cell of the span. In an entry of the work-list: its row. */
export const SPAN = 3
const ROW = 3
export const TARGETS_MAX = 2

/** Bits: the references are gone through from the last one. */
export const IS_BACKWARDS = 1
/** The death counts for the trashcan. */
export const NESTS = 2
/** Size of the span. */
export const SIZE_AT = 2
const SIZES = 32
/** Layout, by which memory goes to a free list: tuples, which have more than one, are never cleared and so never here. */
export const LAYOUT_AT = 7

/** In place of a row: what was put aside follows; the row that is being cleared, which lives on. */
const ASIDE = NONE
const CLEARED = -1
/** In the column of bytes: the count is this or more, and stands in the other column. */
export const MANY = 255
/** Rows that are announced before the one that is cleared. */
const AHEAD = 6

/**
 * Clears the rows in order, and all of them die. All that the trashcan puts aside must follow before the last has ended.
 *
 * @param records what the deaths need of each row @shape [rows * 4]
 * @param few counts below {@link MANY} @shape [rows]
 */
export function endInOrder(s: RefcountState, rows: Int32Array, length: number, records: Int32Array, few: Uint8Array): void {
  // Not more entries than deaths that have begun, and the row that is cleared. Memory that is not written is not asked for.
  const stack = new Int32Array((length + 2) << WORDS_SHIFT)
  const aside: number[] = []
  for (let at = 0; at < length; at++) {
    if (at + AHEAD < length) announce(records, few, stack, rows[at + AHEAD])
    const row = rows[at]
    if (few[row] > 0) clear(s, records, few, stack, aside, row)
  }
}

/** The row will be cleared soon. */
function announce(records: Int32Array, few: Uint8Array, stack: Int32Array, row: number): void {
  const record = row << WORDS_SHIFT
  if (few[row] > 0 && records[record + NEXT] > NONE) fetch(records, few, stack, 0, records[record + NEXT], records[record + LAST])
}

/** Drops what the row holds, and itself if nothing else holds it then: all that was put aside has followed by now. */
function clear(s: RefcountState, records: Int32Array, few: Uint8Array, stack: Int32Array, aside: number[], row: number): void {
  const record = row << WORDS_SHIFT
  gain(s, few, row)
  drop(s, records, few, stack, aside, record)
  giveSpan(s, records, record)
  records[record + NEXT] = NONE
  records[record + BITS] &= ~((SIZES - 1) << SIZE_AT)
  if (lose(s, few, row)) giveRow(s, records, row)
}

/** Drops what the row of a record holds, with the deaths that follow. The innermost of them is at hand, the others wait on the stack. */
function drop(s: RefcountState, records: Int32Array, few: Uint8Array, stack: Int32Array, aside: number[], record: number): void {
  const { nestingMax, resumesAt } = s.rules
  let { nesting } = s
  let depth = 0
  let row = CLEARED
  let next = records[record + NEXT]
  let last = records[record + LAST]
  let bits = records[record + BITS]
  for (;;) {
    let to = next
    if (next > NONE) {
      next = last
      last = NONE
    } else if (next < NONE) {
      to = s.target[~next]
      next += (bits & IS_BACKWARDS) !== 0 ? 1 : -1
      if (next === last) next = NONE
    } else if (row === ASIDE && aside.length > 0) to = aside.pop() as number
    else if (row === CLEARED) return
    else {
      if (row !== ASIDE) end(s, records, row)
      if ((bits & NESTS) !== 0) nesting--
      if (row !== ASIDE && aside.length > 0 && nesting <= resumesAt) {
        nesting++
        row = ASIDE
        bits = NESTS
        continue
      }
      depth -= WORDS
      next = stack[depth + NEXT]
      last = stack[depth + LAST]
      bits = stack[depth + BITS]
      row = stack[depth + ROW]
      continue
    }
    if (!lose(s, few, to)) continue
    const begun = to << WORDS_SHIFT
    const nests = (records[begun + BITS] & NESTS) !== 0
    if (nests && nesting >= nestingMax) {
      // Whoever puts it aside holds it until then.
      gain(s, few, to)
      aside.push(to)
      continue
    }
    if (nests) nesting++
    stack[depth + NEXT] = next
    stack[depth + LAST] = last
    stack[depth + BITS] = bits
    stack[depth + ROW] = row
    depth += WORDS
    row = to
    next = records[begun + NEXT]
    last = records[begun + LAST]
    bits = records[begun + BITS]
    if (next > NONE) fetch(records, few, stack, depth, next, last)
  }
}

/**
 * Reads the records of the targets that nothing else holds: they are sure to die soon, and until then memory sends their
 * lines of the cache. What is read goes where the next entry will stand. No branch, as it would be guessed wrong often.
 */
function fetch(records: Int32Array, few: Uint8Array, stack: Int32Array, depth: number, next: number, last: number): void {
  const first = (next & onlyOnce(few[next])) << WORDS_SHIFT
  const second = (last & onlyOnce(few[last])) << WORDS_SHIFT
  stack[depth] = records[first] ^ records[second]
}

/** All bits for a count of 1, none for a larger one or for 0. */
const onlyOnce = (count: number): number => ((count ^ 1) - 1) >> 31

function gain({ count }: RefcountState, few: Uint8Array, row: number): void {
  if (few[row] === MANY) count[row]++
  else if (++few[row] === MANY) count[row] = MANY
}

/** @returns was it the last reference? */
function lose({ count }: RefcountState, few: Uint8Array, row: number): boolean {
  const before = few[row]
  if (before === MANY) {
    few[row] = Math.min(--count[row], MANY)
    return false
  }
  few[row] = before - 1
  return before === 1
}

/** A death has dropped all. */
function end(s: RefcountState, records: Int32Array, row: number): void {
  giveSpan(s, records, row << WORDS_SHIFT)
  giveRow(s, records, row)
}

function giveSpan({ freeSpans }: RefcountState, records: Int32Array, record: number): void {
  const size = (records[record + BITS] >> SIZE_AT) & (SIZES - 1)
  if (size === 0) return
  records[record + LAST] = freeSpans[size]
  freeSpans[size] = records[record + SPAN]
}

function giveRow(s: RefcountState, records: Int32Array, row: number): void {
  const record = row << WORDS_SHIFT
  const list = records[record + BITS] >> LAYOUT_AT
  const { listHead, listLength } = s
  if (listLength[list] < s.rules.listMax[list]) {
    records[record + NEXT] = listHead[list]
    listHead[list] = row
    listLength[list]++
  } else {
    records[record + NEXT] = s.unusedRow
    s.unusedRow = row
  }
}
