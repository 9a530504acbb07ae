/** The blocks of an interpreter's heap at one moment: who made them, what shares a pool or pins an arena. */
import { type PinnedArena, pinnedArenas, poolBlocks, poolMap } from '@reheap/allocator'
import { heapOf } from '@reheap/machine'
import type { BlockBirths } from './block-births.ts'
import type { Facet, MappedBlock, PoolAnswer, PoolFacets } from './explore-messages.ts'
import type { PythonSession } from './python-session.ts'
import { frameText } from './stacks.ts'

export class BlockQuestions {
  readonly #session: PythonSession
  readonly #births: BlockBirths
  #near: { readonly at: number; readonly arenas: readonly PinnedArena[] } | null = null

  constructor(session: PythonSession) {
    this.#session = session
    this.#births = session.births
  }

  /** For each pool of the map what most of its live blocks have in common, or how old they are. */
  facets(at: number, by: Facet): PoolFacets {
    const { map, start, block } = this.#session.read(at, (state) => {
      const pools = poolMap(heapOf(state))
      return { map: pools, ...poolBlocks(heapOf(state), pools) }
    })
    const pools = Array.from(map.used, (_, pool) => block.subarray(start[pool], start[pool + 1]))
    if (by === 'age')
      return { at, by, types: [], column: new Int16Array(0), born: Float64Array.from(pools, (blocks) => this.#meanBirth(blocks, at)) }
    const names: string[] = []
    const column = Int16Array.from(pools, (blocks) => {
      const values = this.#valuesOf(blocks, at, by)
      if (values.length === 0) return -1
      const value = most(values)
      if (by === 'thread') return value
      const name = this.#typeName(value)
      if (name !== '' && !names.includes(name)) names.push(name)
      return names.indexOf(name)
    })
    return { at, by, types: names, column, born: new Float64Array(0) }
  }

  /** NaN: of no block the log tells the beginning. */
  #meanBirth(blocks: Uint32Array, at: number): number {
    let sum = 0
    let known = 0
    for (const block of blocks) {
      const born = this.#births.born(block, at)
      if (born < 0) continue
      sum += born
      known++
    }
    return sum / known
  }

  /** Types or threads of the blocks whose beginning the log tells; a block of no object has type -1. */
  #valuesOf(blocks: Uint32Array, at: number, by: 'type' | 'thread'): readonly number[] {
    const values: number[] = []
    for (const block of blocks) {
      const born = this.#births.born(block, at)
      if (born < 0) continue
      values.push(by === 'thread' ? this.#births.thread(born) : (this.#births.owner(block, born, at)?.type ?? -1))
    }
    return values
  }

  /** The live blocks of a pool, and what keeps its arena mapped. */
  pool(at: number, address: number, bytes: number): PoolAnswer {
    const arena = this.#arenasAt(at).findLast((each) => each.address <= address)
    const inside = arena?.blocks ?? []
    const blocks = inside.filter((block) => block.address >= address && block.address < address + bytes)
    const births = inside.map(({ block }) => this.#births.born(block, at)).filter((born) => born >= 0)
    return {
      blocks: blocks.map((block) => this.#mapped(block, at)),
      arena:
        arena === undefined
          ? null
          : {
              address: arena.address,
              pools: arena.pools,
              freePools: arena.freePools,
              liveBytes: arena.liveBytes,
              blocks: inside.length,
              oldest: births.length === 0 ? null : births.reduce((first, born) => Math.min(first, born)),
            },
    }
  }

  #mapped({ block, address, bytes }: PinnedArena['blocks'][number], at: number): MappedBlock {
    const born = this.#births.born(block, at)
    if (born < 0) return { block, address, bytes, born: null, thread: null, object: null, type: null, frames: [] }
    const owner = this.#births.owner(block, born, at)
    return {
      block,
      address,
      bytes,
      born,
      thread: this.#births.thread(born),
      object: owner?.object ?? null,
      type: owner && this.#typeName(owner.type),
      frames: this.#session.stacks.framesOf(this.#births.stack(born)).map(frameText),
    }
  }

  /** Empty: no type of the log. */
  #typeName(type: number): string {
    return type < 0 ? '' : this.#session.names.typeName(type)
  }

  #arenasAt(at: number): readonly PinnedArena[] {
    if (this.#near?.at !== at) this.#near = { at, arenas: this.#session.read(at, (state) => pinnedArenas(heapOf(state))) }
    return this.#near.arenas
  }
}

/** The number that is there most often, the first of several. */
function most(values: readonly number[]): number {
  const counts = new Map<number, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return [...counts].reduce((best, each) => (each[1] > best[1] ? each : best))[0]
}
