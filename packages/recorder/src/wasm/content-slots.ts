/** Slots for what an object refers to, so that references stand in its own order, with room for more between them. */
import type { ObjectBook } from './object-book.ts'
import { LAYOUT } from './type-reader.ts'

/** What changed in the middle of an object's content is given slots this far apart, so that more fits between them. */
const STRIDE = 256
/** Between the attributes of an instance and the type that it names last, room for later attributes. */
const ATTRIBUTES = 1024

/** Where new references go. */
export interface Room {
  /** The references that were there, and how many at the beginning and at the end stay. */
  readonly edges: readonly number[]
  readonly head: number
  readonly tail: number
  readonly layout: number
  /** How many are new, and how many places the object has. */
  readonly added: number
  readonly length: number
}

/** The slot of each new reference by its place. `isTight`: there is no room before what follows, which is to be written anew, further apart. */
export function slotsIn(
  book: ObjectBook,
  { edges, head, tail, layout, added, length }: Room,
): { isTight: boolean; slots: (at: number) => number } {
  const low = lastSlot(book, edges, head)
  const high = firstSlot(book, edges, edges.length - tail)
  if (high - low - 1 < added) return { isTight: true, slots: spaced(low, STRIDE) }
  return { isTight: false, slots: high === Number.POSITIVE_INFINITY ? natural(low, layout, length) : between(low, high, added) }
}

function lastSlot(book: ObjectBook, edges: readonly number[], end: number): number {
  for (let at = end - 1; at >= 0; at--) if (edges[at] !== 0) return book.edges.slot[edges[at] ?? 0] ?? -1
  return -1
}

function firstSlot(book: ObjectBook, edges: readonly number[], from: number): number {
  for (let at = from; at < edges.length; at++) if (edges[at] !== 0) return book.edges.slot[edges[at] ?? 0] ?? 0
  return Number.POSITIVE_INFINITY
}

function spaced(low: number, stride: number): (at: number) => number {
  let last = low
  return () => {
    last += stride
    return last
  }
}

/** The place itself is the slot, as long as that is behind the last one. */
function natural(low: number, layout: number, length: number): (at: number) => number {
  let last = low
  return (at) => {
    const isType = layout === LAYOUT.instance && at === length - 1
    last = Math.max(last + 1, isType ? last + ATTRIBUTES : at)
    return last
  }
}

const between = (low: number, high: number, added: number): ((at: number) => number) => spaced(low, Math.floor((high - low) / (added + 1)))
