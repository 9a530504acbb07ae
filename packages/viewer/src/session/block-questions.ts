/** Who made the blocks of an interpreter's heap: when, on which thread, for an object of which type, and what shares a pool or pins an arena. */
import { type PinnedArena, pinnedArenas, poolMap, REQUEST_OPCODES } from '@reheap/allocator'
import { NO_ID } from '@reheap/kernel'
import { heapOf } from '@reheap/machine'
import { REQUEST_OPCODES as OBJECTS } from '@reheap/refcount'
import type { MappedBlock, PoolAnswer, PoolFacets } from './explore-messages.ts'
import type { PythonSession } from './python-session.ts'
import { frameText } from './stacks.ts'

const { Malloc, Calloc, Realloc } = REQUEST_OPCODES
const { CreateObject } = OBJECTS

/** What is known of a live block's beginning. */
interface Birth {
  index: number
  thread: number
  stack: number
  object: number | null
  type: number | null
}

/** The heap at one moment, and who made what lives in it. */
interface Near {
  readonly at: number
  readonly arenas: readonly PinnedArena[]
  readonly births: ReadonlyMap<number, Birth>
}

export class BlockQuestions {
  readonly #session: PythonSession
  #near: Near | null = null

  constructor(session: PythonSession) {
    this.#session = session
  }

  /** For each pool of the map what most of its live blocks have in common. */
  facets(at: number): PoolFacets {
    const { arenas, births } = this.#at(at)
    const map = poolMap(heapOf(this.#session.stateAt(at)))
    const pools = map.blockBytes.length
    const types: string[] = []
    const type = new Int16Array(pools).fill(-1)
    const thread = new Int16Array(pools).fill(-1)
    const born = new Float64Array(pools).fill(Number.NaN)
    let first = 0
    map.arenas.forEach((address, row) => {
      const inPool = new Map<number, Birth[]>()
      for (const { block, address: place } of arenas[row]?.blocks ?? []) {
        const pool = first + Math.floor((place - address) / map.poolBytes)
        const birth = births.get(block)
        if (birth === undefined) continue
        const all = inPool.get(pool)
        if (all === undefined) inPool.set(pool, [birth])
        else all.push(birth)
      }
      for (const [pool, all] of inPool) {
        const named = most(all.map((birth) => (birth.type === null ? '' : this.#session.names.typeName(birth.type))))
        if (named !== '' && !types.includes(named)) types.push(named)
        type[pool] = types.indexOf(named)
        thread[pool] = most(all.map((birth) => birth.thread))
        born[pool] = all.reduce((sum, { index }) => sum + index, 0) / all.length
      }
      first += map.pools[row] ?? 0
    })
    return { types, type, thread, born }
  }

  /** The live blocks of a pool, and what keeps its arena mapped. */
  pool(at: number, address: number, bytes: number): PoolAnswer {
    const { arenas, births } = this.#at(at)
    const arena = arenas.findLast((each) => each.address <= address)
    const inside = arena?.blocks ?? []
    const blocks = inside.filter((block) => block.address >= address && block.address < address + bytes)
    const oldest = inside.reduce<number | null>((best, { block }) => {
      const index = births.get(block)?.index
      return index === undefined ? best : Math.min(index, best ?? index)
    }, null)
    return {
      blocks: blocks.map((block) => this.#mapped(block, births.get(block.block))),
      arena:
        arena === undefined
          ? null
          : {
              address: arena.address,
              pools: arena.pools,
              freePools: arena.freePools,
              liveBytes: arena.liveBytes,
              blocks: inside.length,
              oldest,
            },
    }
  }

  #mapped({ block, address, bytes }: PinnedArena['blocks'][number], birth: Birth | undefined): MappedBlock {
    const frames = birth === undefined ? [] : this.#session.stacks.framesOf(birth.stack).map(frameText)
    const type = birth === undefined || birth.type === null ? null : this.#session.names.typeName(birth.type)
    return { block, address, bytes, born: birth?.index ?? null, thread: birth?.thread ?? null, object: birth?.object ?? null, type, frames }
  }

  #at(at: number): Near {
    if (this.#near?.at !== at) {
      const arenas = pinnedArenas(heapOf(this.#session.stateAt(at)))
      this.#near = { at, arenas, births: this.#birthsOf(new Set(arenas.flatMap(({ blocks }) => blocks.map(({ block }) => block))), at) }
    }
    return this.#near
  }

  /** The last event before `at` that made each of these blocks, and the object that it was made for. */
  #birthsOf(wanted: ReadonlySet<number>, at: number): ReadonlyMap<number, Birth> {
    const births = new Map<number, Birth>()
    for (const { firstIndex, length, code, id, other, address, thread, stack } of this.#session.log.batches) {
      const end = Math.min(length, at - firstIndex)
      for (let row = 0; row < end; row++) {
        const kind = code[row]
        if (kind === CreateObject) {
          const birth = births.get(address[row] ?? Number.NaN)
          if (birth === undefined) continue
          birth.object = id[row] ?? null
          birth.type = other[row] ?? null
          continue
        }
        const block = kind === Realloc ? other[row] : kind === Malloc || kind === Calloc ? id[row] : undefined
        if (block === undefined || !wanted.has(block)) continue
        const kept = kind === Realloc ? births.get(id[row] ?? NO_ID) : undefined
        births.set(block, {
          index: firstIndex + row,
          thread: thread?.[row] ?? 0,
          stack: stack?.[row] ?? NO_ID,
          object: kept?.object ?? null,
          type: kept?.type ?? null,
        })
      }
    }
    return births
  }
}

/** The value that is there most often, the first of several. */
function most<T>(values: readonly T[]): T {
  const counts = new Map<T, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return [...counts].reduce((best, each) => (each[1] > best[1] ? each : best))[0]
}
