/** Where pools stand on the heap map: an arena is a row, its pools stand in it by address. */
import type { PoolMap } from '@reheap/allocator'

const STEP_MAX = 16
const STEP_MIN = 7

export interface HeapLayout {
  readonly map: PoolMap
  /** Place of each arena's first pool in the columns of pools. @shape [arenas] */
  readonly firsts: Uint32Array
  /** Pools of the longest row. */
  readonly columns: number
  /** From one pool to the next, and from one row to the next. @unit pixels */
  readonly step: number
}

/** A pool with where it stands. */
export interface PlacedPool {
  readonly place: number
  readonly address: number
  readonly arena: number
  readonly column: number
}

/** Every arena fits into the width, where pools stay large enough to be pointed at. @unit pixels */
export function heapLayout(map: PoolMap, width: number): HeapLayout {
  const firsts = new Uint32Array(map.pools.length)
  for (let arena = 1; arena < firsts.length; arena++) firsts[arena] = firsts[arena - 1] + map.pools[arena - 1]
  const columns = map.pools.reduce((largest, each) => Math.max(largest, each), 1)
  return { map, firsts, columns, step: Math.max(STEP_MIN, Math.min(STEP_MAX, Math.floor(width / columns))) }
}

/** The pool in a column of an arena; null: there is none. */
export function poolAt({ map, firsts }: HeapLayout, arena: number, column: number): PlacedPool | null {
  const address = map.arenas[arena]
  if (address === undefined || column < 0 || column >= (map.pools[arena] ?? 0)) return null
  return { place: (firsts[arena] ?? 0) + column, address: address + column * map.poolBytes, arena, column }
}

/** The pool that an address lies in; null: none. */
export function poolOf(layout: HeapLayout, address: number): PlacedPool | null {
  const { arenas, poolBytes } = layout.map
  const arena = arenas.findLastIndex((first) => first <= address)
  return poolAt(layout, arena, Math.floor((address - (arenas[arena] ?? 0)) / poolBytes))
}
