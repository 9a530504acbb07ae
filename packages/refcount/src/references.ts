/** References of an object: a span of cells, in the order of their slots. */
import { grown } from '@reheap/kernel'
import { NO_CELL, type RefcountState } from './state.ts'

/** Cells of a first span: log2, plus 1. */
const FIRST_SIZE = 2
/** No slot is given. */
export const NO_SLOT = -1
const LAST_SLOT = 0xffff_ffff

const cellsOf = (size: number): number => 1 << (size - 1)

/** A span of 2^(size-1) cells. Columns may be replaced. */
function takeSpan(s: RefcountState, size: number): number {
  const span = s.freeSpans[size]
  if (span !== NO_CELL) {
    s.freeSpans[size] = s.target[span]
    return span
  }
  const cells = cellsOf(size)
  const from = (s.cells + cells - 1) & -cells
  if (from + cells > s.target.length) {
    s.target = grown(s.target, from + cells)
    s.slot = grown(s.slot, from + cells)
    s.name = grown(s.name, from + cells)
  }
  // Cells that alignment leaves over are spans too.
  for (let cell = s.cells; cell < from; ) {
    const left = 31 - Math.clz32(cell & -cell)
    giveSpan(s, cell, left + 1)
    cell += 1 << left
  }
  s.cells = from + cells
  return from
}

export function giveSpan(s: RefcountState, span: number, size: number): void {
  s.target[span] = s.freeSpans[size]
  s.freeSpans[size] = span
}

/** Makes room behind the last reference. @returns the cell there */
function roomBehind(s: RefcountState, row: number): number {
  const size = s.spanSize[row]
  const first = s.firstReference[row]
  const count = s.referenceCount[row]
  if (size === 0) {
    s.firstReference[row] = takeSpan(s, FIRST_SIZE)
    s.spanSize[row] = FIRST_SIZE
    return s.firstReference[row]
  }
  const cells = cellsOf(size)
  const span = first & -cells
  if (first + count < span + cells) return first + count
  let to = span
  if (2 * count > cells) {
    to = takeSpan(s, size + 1)
    s.spanSize[row] = size + 1
  }
  moveCells(s, to, first, first + count)
  if (to !== span) giveSpan(s, span, size)
  s.firstReference[row] = to
  return to + count
}

/** References of the cells from `from` to before `end` stand from `to` on. */
function moveCells(s: RefcountState, to: number, from: number, end: number): void {
  s.target.copyWithin(to, from, end)
  s.slot.copyWithin(to, from, end)
  s.name.copyWithin(to, from, end)
}

/** Adds a reference behind all with the same or a smaller slot. The count of its target is left to the caller. */
export function insertReference(s: RefcountState, row: number, to: number, slot: number, name: number): void {
  let cell = roomBehind(s, row)
  const first = s.firstReference[row]
  const last = cell > first ? s.slot[cell - 1] : NO_SLOT
  let at = slot
  if (slot === NO_SLOT) at = last === LAST_SLOT ? LAST_SLOT : last + 1
  else if (slot < last) {
    const place = firstAbove(s, first, cell, slot)
    moveCells(s, place + 1, place, cell)
    cell = place
  }
  s.target[cell] = to
  s.slot[cell] = at
  s.name[cell] = name
  s.referenceCount[row]++
}

/** First cell whose slot is above. */
function firstAbove(s: RefcountState, from: number, end: number, slot: number): number {
  let low = from
  let high = end
  while (low < high) {
    const middle = (low + high) >>> 1
    if (s.slot[middle] > slot) high = middle
    else low = middle + 1
  }
  return low
}

/** First cell whose slot is this one or above. Where no slot is left out it lies as far behind the first one as its slot does. */
function firstAt(s: RefcountState, from: number, end: number, slot: number): number {
  const near = from + slot - s.slot[from]
  if (near > from && near < end && s.slot[near] === slot && s.slot[near - 1] < slot) return near
  return slot === 0 ? from : firstAbove(s, from, end, slot - 1)
}

/** Cell of the object's reference to another, the oldest of those with that slot or else the last of all; {@link NO_CELL} if there is none. */
export function findReference(s: RefcountState, row: number, to: number, slot: number): number {
  const first = s.firstReference[row]
  const end = first + s.referenceCount[row]
  if (slot === NO_SLOT) {
    for (let cell = end - 1; cell >= first; cell--) if (s.target[cell] === to) return cell
    return NO_CELL
  }
  if (end > first && s.slot[end - 1] === slot && s.target[end - 1] === to && (end - 1 === first || s.slot[end - 2] < slot)) return end - 1
  for (let cell = firstAt(s, first, end, slot); cell < end && s.slot[cell] === slot; cell++) if (s.target[cell] === to) return cell
  return NO_CELL
}

/** Takes a reference out. The count of its target is left to the caller. */
export function removeReference(s: RefcountState, row: number, cell: number): void {
  const first = s.firstReference[row]
  const count = s.referenceCount[row] - 1
  const last = first + count
  s.referenceCount[row] = count
  if (count === 0) {
    const size = s.spanSize[row]
    giveSpan(s, first & -cellsOf(size), size)
    s.spanSize[row] = 0
  } else if (cell === first) s.firstReference[row] = first + 1
  else if (cell !== last) {
    // The shorter side moves up.
    if (cell - first < last - cell) {
      moveCells(s, first + 1, first, cell)
      s.firstReference[row] = first + 1
    } else {
      moveCells(s, cell, cell + 1, last + 1)
    }
  }
}

/** Takes all references from an object; their span is given back by whoever goes through them. */
export function detachReferences(s: RefcountState, row: number): void {
  s.referenceCount[row] = 0
  s.spanSize[row] = 0
}

/** First cell of the span that holds a cell. */
export const spanOf = (cell: number, size: number): number => cell & -cellsOf(size)

/** All references of one object become another's, at one slot. */
export function moveReferences(s: RefcountState, from: number, to: number, slot: number): void {
  const first = s.firstReference[from]
  const size = s.spanSize[from]
  const count = s.referenceCount[from]
  for (let cell = first; cell < first + count; cell++) insertReference(s, to, s.target[cell], slot, s.name[cell])
  if (size > 0) giveSpan(s, spanOf(first, size), size)
  detachReferences(s, from)
}
