/** Who holds an object: the count goes up here, and down in `cascade.ts`. */
import { dictOfInstance, makeInstanceDict } from './memory.ts'
import { insertReference, NO_SLOT } from './references.ts'
import { TRACKED } from './rules.ts'
import { gain, MARKS, NONE, type RefcountState } from './state.ts'
import { mayBeTracked, track } from './tracking.ts'

/** Row whose references are the object's: itself, or the dict of an instance up to 3.10; {@link NONE} if it has no dict yet. */
export function holderOf(s: RefcountState, row: number): number {
  return s.layout[row] === s.rules.dictOwner ? dictOfInstance(s, row) : row
}

/** An object refers to another one more time. Columns may be replaced, and a collection may run first. */
export function addReference(s: RefcountState, from: number, to: number, slot: number): void {
  let holder = holderOf(s, from)
  if (holder === NONE) {
    holder = makeInstanceDict(s)
    insertReference(s, from, holder, NO_SLOT)
    s.mark[from] |= MARKS.dictOwner
  }
  gain(s, to)
  insertReference(s, holder, to, slot)
  const isAsked = (s.mark[holder] & MARKS.tracked) === 0 && s.rules.tracked[s.layout[holder]] === TRACKED.whenNeeded
  if (isAsked && mayBeTracked(s, holder, to)) track(s, holder)
}
