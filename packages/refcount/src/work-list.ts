/** The work-list of deaths: calls inside of calls in CPython, entries here, the innermost last. */
import { grown } from '@reheap/kernel'
import { detachReferences, giveSpan, spanOf } from './references.ts'
import { FLAGS, type RefcountState } from './state.ts'

/** Entries of the work-list: a death, the references of an object that lives on, what was put aside. */
export const DEATH = 0
export const CLEARING = 1
export const ASIDE = 2
/** The frame of a finalizer or callback that was put aside: what it was called with is dropped. */
export const FRAME = 3

/** The references of an object become an entry of the work-list. */
export function push(s: RefcountState, kind: number, row: number): void {
  const count = s.referenceCount[row]
  const size = s.spanSize[row]
  const first = s.firstReference[row]
  detachReferences(s, row)
  const isBackwards = (s.rules.flags[s.layout[row]] & FLAGS.visitsBackwards) !== 0
  pushEntry(s, kind, row, size === 0 ? 0 : spanOf(first, size), size, isBackwards ? first + count - 1 : first, isBackwards ? -1 : 1, count)
}

export function pushEntry(
  s: RefcountState,
  kind: number,
  row: number,
  span: number,
  size: number,
  cell: number,
  step: number,
  left: number,
): void {
  const top = s.stackLength
  if (top === s.stackKind.length) growStack(s)
  s.stackKind[top] = kind
  s.stackRow[top] = row
  s.stackSpan[top] = span
  s.stackSize[top] = size
  s.stackCell[top] = cell
  s.stackStep[top] = step
  s.stackLeft[top] = left
  s.stackLength = top + 1
}

/** Drops the innermost entries, down to so many: what they would have ended is ended otherwise. */
export function dropEntries(s: RefcountState, length: number): void {
  while (s.stackLength > length) {
    const top = --s.stackLength
    if (s.stackSize[top] > 0) giveSpan(s, s.stackSpan[top], s.stackSize[top])
  }
}

function growStack(s: RefcountState): void {
  const entries = s.stackKind.length * 2
  s.stackKind = grown(s.stackKind, entries)
  s.stackRow = grown(s.stackRow, entries)
  s.stackSpan = grown(s.stackSpan, entries)
  s.stackSize = grown(s.stackSize, entries)
  s.stackCell = grown(s.stackCell, entries)
  s.stackStep = grown(s.stackStep, entries)
  s.stackLeft = grown(s.stackLeft, entries)
}
