/** The port to the collector, and which objects it is told of. */
import { FACT_OPCODES } from './events.ts'
import { FLAGS, MARKS, type RefcountState } from './state.ts'

const { ObjectTracked, ObjectUntracked } = FACT_OPCODES

/**
 * What the heap tells the collector. The machine connects the real one; without, nothing is told.
 *
 * Each call but `track`, `untrack` and `freed` may run a whole collection, which comes back through the heap's editor.
 */
export interface Tracking {
  /** So many bytes for an object with a collector's header were asked of the allocator, not of a free list; 0: unknown. */
  allocated(bytes: number): void
  /** Such memory was given back to the allocator. */
  freed(): void
  /** The object goes behind the youngest. */
  track(row: number): void
  untrack(row: number): void
  /** A function of the program begins to run inside a death: a finalizer, or the callback of a weak reference. */
  entered(): void
}

export function track(s: RefcountState, row: number): void {
  if ((s.mark[row] & MARKS.tracked) !== 0) return
  noteTracked(s, row)
  if (s.tracking !== null) s.tracking.track(row)
}

/** The collector tracks it. */
export function noteTracked(s: RefcountState, row: number): void {
  s.mark[row] |= MARKS.tracked
  if (!s.emit.muted) s.emit.push(ObjectTracked, s.cause, 0, s.object[row], row, 0, 0)
}

export function untrack(s: RefcountState, row: number): void {
  if ((s.mark[row] & MARKS.tracked) === 0) return
  forgetTracked(s, row)
  if (s.tracking !== null && (s.mark[row] & MARKS.doomed) === 0) s.tracking.untrack(row)
}

/** The collector tracks it no longer. */
export function forgetTracked(s: RefcountState, row: number): void {
  s.mark[row] &= ~MARKS.tracked
  if (!s.emit.muted) s.emit.push(ObjectUntracked, s.cause, 0, s.object[row], row, 0, 0)
}

/**
 * Could what the holder now holds be part of a cycle, as far as a container asks that is tracked only when needed? A dict
 * passes over tuples that are not tracked, a tuple asks for the type alone.
 *
 * @source `MAINTAIN_TRACKING` of dictobject.c, `maybe_tracked` of tupleobject.c
 */
export function mayBeTracked(s: RefcountState, holder: number, row: number): boolean {
  const flags = s.flags[row]
  if ((flags & FLAGS.gc) === 0) return false
  return (flags & FLAGS.tuple) === 0 || (s.flags[holder] & FLAGS.tuple) !== 0 || (s.mark[row] & MARKS.tracked) !== 0
}
