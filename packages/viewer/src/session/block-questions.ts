/** The blocks of an interpreter's heap at one moment: who made them, what shares a pool or pins an arena. */
import { type PinnedArena, pinnedArenas } from '@reheap/allocator'
import { NO_ID, type Sealed } from '@reheap/kernel'
import { heapOf, type MachineState } from '@reheap/machine'
import { BlockOrigins } from './block-origins.ts'
import type { Facet, MappedBlock, PoolAnswer, PoolFacets } from './explore-messages.ts'
import { poolFacets } from './pool-facets.ts'
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
    const { births } = this.#session
    return this.#session.read(at, (state) =>
      poolFacets(state, at, by, {
        origins: this.#origins(state, at),
        threadOf: (born) => births.thread(born),
        typeName: (type) => this.#typeName(type),
      }),
    )
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
