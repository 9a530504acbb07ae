/** Types: which layout the objects of each have. */
import { enterId, grown, handleOfId } from '@reheap/kernel'
import { LAYOUTS } from './layout.ts'
import { ACCEPTED, REASONS } from './rejected.ts'
import { NONE, type RefcountState } from './state.ts'

/** Rows, and cells of references, are numbered in 30 bits, so that no arithmetic on them leaves 31. */
const PLACES_MAX = 2 ** 30

/** Is there no room for one more object or reference? */
export const isFull = (s: RefcountState): boolean => s.rows >= PLACES_MAX || s.cells >= PLACES_MAX

/** @returns ACCEPTED, or why not */
export function defineType(s: RefcountState, id: number, layout: number): number {
  if (layout >= LAYOUTS.length) return REASONS.UnknownLayout
  const known = handleOfId(s.types, id)
  if (known !== NONE) return s.typeLayout[known] === layout ? ACCEPTED : REASONS.TypeRedefined
  const type = s.typeCount++
  s.typeId = grown(s.typeId, s.typeCount)
  s.typeLayout = grown(s.typeLayout, s.typeCount)
  s.typeId[type] = id
  s.typeLayout[type] = layout
  enterId(s.types, id, type)
  return ACCEPTED
}
