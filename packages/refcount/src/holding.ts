/** Who holds an object: the count goes up here, and down in `cascade.ts`. */
import { NO_ID } from '@reheap/kernel'
import { dictOfInstance, makeInstanceDict } from './memory.ts'
import { findReference, insertReference, NO_SLOT } from './references.ts'
import { TRACKED } from './rules.ts'
import { gain, MARKS, NO_CELL, NONE, type RefcountState } from './state.ts'
import { mayBeTracked, track } from './tracking.ts'

/** Row whose references are the object's: itself, or the dict of an instance up to 3.10; {@link NONE} if it has no dict yet. */
export function holderOf(s: RefcountState, row: number): number {
  return s.layout[row] === s.rules.dictOwner ? dictOfInstance(s, row) : row
}

/** An object refers to another one more time. Columns may be replaced, and a collection may run first. */
export function addReference(s: RefcountState, from: number, to: number, slot: number, name: number): void {
  let holder = holderOf(s, from)
  if (holder === NONE) {
    holder = makeInstanceDict(s)
    insertReference(s, from, holder, NO_SLOT, NO_ID)
    s.mark[from] |= MARKS.dictOwner
  }
  gain(s, to)
  insertReference(s, holder, to, slot, name)
  trackIfNeeded(s, holder, to)
}

function trackIfNeeded(s: RefcountState, holder: number, to: number): void {
  if ((s.mark[holder] & MARKS.tracked) === 0 && s.rules.tracked[s.layout[holder]] === TRACKED.whenNeeded && mayBeTracked(s, holder, to))
    track(s, holder)
}

/** With fewer references moving them costs less than looking for the one. */
const LONG = 16

/**
 * An object refers to another in place of the only one that it has at a slot, which the program drops next: nothing moves
 * up and down again in a long list. @returns whether it could be done
 */
export function replaceReference(s: RefcountState, from: number, to: number, slot: number, name: number, old: number): boolean {
  const holder = holderOf(s, from)
  if (holder === NONE || s.referenceCount[holder] < LONG) return false
  const cell = findReference(s, holder, old, slot)
  if (cell === NO_CELL) return false
  const first = s.firstReference[holder]
  const last = first + s.referenceCount[holder] - 1
  if ((cell > first && s.slot[cell - 1] === slot) || (cell < last && s.slot[cell + 1] === slot)) return false
  gain(s, to)
  s.target[cell] = to
  s.name[cell] = name
  trackIfNeeded(s, holder, to)
  return true
}
