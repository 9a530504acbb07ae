/** What the pools of a heap map are coloured by, beside what the heap itself knows: all live blocks are gone through by their ids. */
import { type PoolBlocks, type PoolMap, poolBlocks, poolMap } from '@reheap/allocator'
import type { Sealed } from '@reheap/kernel'
import { heapOf, type MachineState } from '@reheap/machine'
import type { BlockOrigins } from './block-origins.ts'
import { BEFORE_LOG, EMPTY, type Facet, NO_OBJECT, type PoolFacets } from './explore-messages.ts'

/** What the log knows of the origin of blocks. */
interface Known {
  readonly origins: BlockOrigins
  /** Thread of an event. */
  readonly threadOf: (born: number) => number
  readonly typeName: (type: number) => string
}

/** For each pool of the map what most of its live blocks have in common, or how old they are. */
export function poolFacets(state: Sealed<MachineState>, at: number, by: Facet, known: Known): PoolFacets {
  const map = poolMap(heapOf(state))
  const blocks = poolBlocks(heapOf(state), map)
  if (by === 'age') return { at, by, types: [], column: new Int32Array(0), born: meanBirths(map, blocks, known.origins) }
  if (by === 'thread') return { at, by, types: [], column: sharedByMost(map, blocks, threadsOf(blocks, known)), born: new Float64Array(0) }
  const types = new Map<string, number>()
  const column = sharedByMost(map, blocks, typesOf(blocks, known, types))
  return { at, by, types: [...types.keys()], column, born: new Float64Array(0) }
}

/** NaN: of no block of a pool the log tells the beginning. */
function meanBirths({ used }: PoolMap, { block, pool }: PoolBlocks, origins: BlockOrigins): Float64Array {
  const sum = new Float64Array(used.length)
  const many = new Uint32Array(used.length)
  for (let row = 0; row < block.length; row++) {
    const born = origins.born(block[row])
    if (born < 0) continue
    sum[pool[row]] += born
    many[pool[row]]++
  }
  return sum.map((all, place) => all / many[place])
}

/** Thread that made each block. @shape [live blocks] */
function threadsOf({ block }: PoolBlocks, { origins, threadOf }: Known): Int32Array {
  const threads = new Int32Array(block.length)
  for (let row = 0; row < block.length; row++) {
    const born = origins.born(block[row])
    threads[row] = born < 0 ? BEFORE_LOG : threadOf(born)
  }
  return threads
}

/** Type that each block was made for, as its place in `names`, which are those that are met. @shape [live blocks] */
function typesOf({ block }: PoolBlocks, { origins, typeName }: Known, names: Map<string, number>): Int32Array {
  const places = new Map<number, number>()
  const placeOf = (type: number): number => {
    const name = typeName(type)
    const place = names.get(name) ?? names.size
    names.set(name, place)
    places.set(type, place)
    return place
  }
  const types = new Int32Array(block.length)
  for (let row = 0; row < block.length; row++) {
    const born = origins.born(block[row])
    const owner = born < 0 ? null : origins.owner(block[row], born)
    types[row] = born < 0 ? BEFORE_LOG : owner === null ? NO_OBJECT : (places.get(owner.type) ?? placeOf(owner.type))
  }
  return types
}

/** The value that most blocks of each pool have, the first of several; those from before the log count only where there are no others. @param values of the blocks */
function sharedByMost({ used }: PoolMap, { pool }: PoolBlocks, values: Int32Array): Int32Array {
  const rows = rowsByPool(used, pool)
  const counts = new Uint32Array(values.reduce((largest, each) => Math.max(largest, each), 0) + 1 - BEFORE_LOG)
  let first = 0
  return Int32Array.from(used, (many) => {
    const own = rows.subarray(first, first + many)
    first += many
    for (const row of own) if (values[row] !== BEFORE_LOG) counts[values[row] - BEFORE_LOG]++
    let [shared, most] = [own.length === 0 ? EMPTY : BEFORE_LOG, 0]
    for (const row of own) {
      const count = counts[values[row] - BEFORE_LOG]
      if (count > most) [shared, most] = [values[row], count]
      counts[values[row] - BEFORE_LOG] = 0
    }
    return shared
  })
}

/** Rows of the blocks, pool by pool, of each in their order. @shape [live blocks] */
function rowsByPool(used: Uint16Array, pool: Uint32Array): Uint32Array {
  const next = new Uint32Array(used.length)
  for (let place = 1; place < used.length; place++) next[place] = next[place - 1] + used[place - 1]
  const rows = new Uint32Array(pool.length)
  for (let row = 0; row < pool.length; row++) rows[next[pool[row]]++] = row
  return rows
}
