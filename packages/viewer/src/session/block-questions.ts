/** The blocks of an interpreter's heap at one moment: who made them, what shares a pool or pins an arena. */
import { type PinnedArena, pinnedArenas, poolBlocks, poolMap } from '@reheap/allocator'
import { NO_ID, type Sealed } from '@reheap/kernel'
import { heapOf, type MachineState } from '@reheap/machine'
import { BlockOrigins } from './block-origins.ts'
import { BEFORE_LOG, EMPTY, type Facet, type MappedBlock, NO_OBJECT, type PoolAnswer, type PoolFacets } from './explore-messages.ts'
import type { PythonSession } from './python-session.ts'
import { frameText } from './stacks.ts'

export class BlockQuestions {
  readonly #session: PythonSession
  #near: { readonly at: number; readonly arenas: readonly PinnedArena[] } | null = null

  constructor(session: PythonSession) {
    this.#session = session
  }

  /** For each pool of the map what most of its live blocks have in common, or how old they are. */
  facets(at: number, by: Facet): PoolFacets {
    return this.#session.read(at, (state) => {
      const map = poolMap(heapOf(state))
      const { start, block } = poolBlocks(heapOf(state), map)
      const origins = this.#origins(state, at)
      const pools = Array.from(map.used, (_, pool) => block.subarray(start[pool], start[pool + 1]))
      if (by === 'age')
        return { at, by, types: [], column: new Int32Array(0), born: Float64Array.from(pools, (blocks) => meanBirth(blocks, origins)) }
      const types = new Map<string, number>()
      const sharedBy = (each: number, born: number): number => {
        if (by === 'thread') return this.#session.births.thread(born)
        const owner = origins.owner(each, born)
        return owner === null ? NO_OBJECT : placeIn(types, this.#typeName(owner.type))
      }
      const column = Int32Array.from(pools, (blocks) => shared(blocks, origins, sharedBy))
      return { at, by, types: [...types.keys()], column, born: new Float64Array(0) }
    })
  }

  /** The live blocks of a pool, and what keeps its arena mapped. */
  pool(at: number, address: number, bytes: number): PoolAnswer {
    const arena = this.#arenasAt(at).findLast((each) => each.address <= address)
    const inside = arena?.blocks ?? []
    const blocks = inside.filter((block) => block.address >= address && block.address < address + bytes)
    return this.#session.read(at, (state) => {
      const origins = this.#origins(state, at)
      const births = inside.map(({ block }) => origins.born(block)).filter((born) => born >= 0)
      return {
        blocks: blocks.map((block) => this.#mapped(block, origins)),
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
    })
  }

  #mapped({ block, address, bytes }: PinnedArena['blocks'][number], origins: BlockOrigins): MappedBlock {
    const born = origins.born(block)
    if (born < 0) return { block, address, bytes, born: null, thread: null, object: null, type: null, frames: [] }
    const owner = origins.owner(block, born)
    const { births, stacks } = this.#session
    return {
      block,
      address,
      bytes,
      born,
      thread: births.thread(born),
      object: owner?.object ?? null,
      type: owner && this.#typeName(owner.type),
      frames: stacks.framesOf(births.stack(born)).map(frameText),
    }
  }

  #origins(state: Sealed<MachineState>, at: number): BlockOrigins {
    return new BlockOrigins(this.#session.births, this.#session.objectBirths, state, at)
  }

  #typeName(type: number): string {
    return this.#session.names.typeName(type === NO_ID ? null : type)
  }

  #arenasAt(at: number): readonly PinnedArena[] {
    if (this.#near?.at !== at) this.#near = { at, arenas: this.#session.read(at, (state) => pinnedArenas(heapOf(state))) }
    return this.#near.arenas
  }
}

/** NaN: of no block the log tells the beginning. */
function meanBirth(blocks: Uint32Array, origins: BlockOrigins): number {
  let sum = 0
  let known = 0
  for (const block of blocks) {
    const born = origins.born(block)
    if (born < 0) continue
    sum += born
    known++
  }
  return sum / known
}

/** What most blocks have in common, of those whose beginning the log tells. */
function shared(blocks: Uint32Array, origins: BlockOrigins, sharedBy: (block: number, born: number) => number): number {
  const values: number[] = []
  for (const block of blocks) {
    const born = origins.born(block)
    if (born >= 0) values.push(sharedBy(block, born))
  }
  if (values.length > 0) return most(values)
  return blocks.length === 0 ? EMPTY : BEFORE_LOG
}

/** Place of a name among those met so far. */
function placeIn(names: Map<string, number>, name: string): number {
  const place = names.get(name) ?? names.size
  names.set(name, place)
  return place
}

/** The number that is there most often, the first of several. */
function most(values: readonly number[]): number {
  const counts = new Map<number, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return [...counts].reduce((best, each) => (each[1] > best[1] ? each : best))[0]
}
