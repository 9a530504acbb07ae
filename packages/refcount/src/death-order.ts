/**
 * In which order garbage dies that is sure to die as a whole, while nobody listens: as in `cascade.ts`, but with records of
 * what a death needs, which are asked for before they are needed: they are somewhere in memory, and a near cache is small.
 *
 * All of it stands in arrays and in the state, not in an object made for the purpose: V8 drops optimized code that knows a
 * shape of objects of which none is left.
 */
import { RECORD, RECORD_BITS } from './death-record.ts'
import type { RefcountState } from './state.ts'

const { shift: SHIFT, next: NEXT, last: LAST, bits: BITS, span: SPAN, none: NONE } = RECORD
const { isBackwards: IS_BACKWARDS, nests: NESTS, sizeAt: SIZE_AT, sizeMask: SIZE_MASK, layoutAt: LAYOUT_AT, many: MANY } = RECORD_BITS

/** An entry of the work-list is a record of as many words, with the row in place of the span. */
const WORDS = 1 << SHIFT
const ROW = SPAN
/** In place of a row: what was put aside follows; the row that is being cleared, which lives on. */
const ASIDE = 0
const CLEARED = -1
/** Rows that are announced before the one that is cleared. */
const AHEAD = 6

/**
 * Clears the rows in order, and all of them die. All that the trashcan puts aside must follow before the last has ended.
 *
 * @param records what the deaths need of each row @shape [rows * 4]
 * @param few counts that fit @shape [rows]
 */
export function endInOrder(s: RefcountState, rows: Int32Array, length: number, records: Int32Array, few: Uint8Array): void {
  // Not more entries than deaths that have begun, and the row that is cleared. Memory that is not written is not asked for.
  const stack = new Int32Array((length + 2) << SHIFT)
  const aside: number[] = []
  for (let at = 0; at < length; at++) {
    if (at + AHEAD < length) announce(records, few, stack, rows[at + AHEAD])
    const row = rows[at]
    if (few[row] > 0) clear(s, records, few, stack, aside, row)
  }
}

/** The row will be cleared soon. */
function announce(records: Int32Array, few: Uint8Array, stack: Int32Array, row: number): void {
  const record = row << SHIFT
  if (few[row] > 0 && records[record + NEXT] > NONE) fetch(records, few, stack, 0, records[record + NEXT], records[record + LAST])
}

/** Drops what the row holds, and itself if nothing else holds it then: all that was put aside has followed by now. */
function clear(s: RefcountState, records: Int32Array, few: Uint8Array, stack: Int32Array, aside: number[], row: number): void {
  const record = row << SHIFT
  gain(s, few, row)
  drop(s, records, few, stack, aside, record)
  const bits = records[record + BITS]
  giveSpan(s, records, record, bits)
  records[record + NEXT] = NONE
  records[record + BITS] = bits & ~(SIZE_MASK << SIZE_AT)
  if (lose(s, few, row)) giveRow(s, records, row, bits)
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
      if (row !== ASIDE) {
        giveSpan(s, records, row << SHIFT, bits)
        giveRow(s, records, row, bits)
      }
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
    const begun = to << SHIFT
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
  const first = (next & onlyOnce(few[next])) << SHIFT
  const second = (last & onlyOnce(few[last])) << SHIFT
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

function giveSpan({ freeSpans }: RefcountState, records: Int32Array, record: number, bits: number): void {
  const size = (bits >> SIZE_AT) & SIZE_MASK
  if (size === 0) return
  records[record + LAST] = freeSpans[size]
  freeSpans[size] = records[record + SPAN]
}

function giveRow(s: RefcountState, records: Int32Array, row: number, bits: number): void {
  const list = bits >> LAYOUT_AT
  const { listHead, listLength } = s
  if (listLength[list] < s.rules.listMax[list]) {
    records[(row << SHIFT) + NEXT] = listHead[list]
    listHead[list] = row
    listLength[list]++
  } else {
    records[(row << SHIFT) + NEXT] = s.unusedRow
    s.unusedRow = row
  }
}
