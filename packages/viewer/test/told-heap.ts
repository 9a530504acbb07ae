/** How the views of an interpreter must read: figures of the command, and of each block what the recording says of it. */
import { formatBytes, formatCount } from '@reheap/kernel'
import type { Shown } from './shown.ts'
import { counted, hex, type PinnedBlock, type SizeClass, type Stats, type Told } from './told.ts'

/** An event as its line has it. */
export type Recorded = Readonly<Record<string, never>>

/** A pool of the heap map, as `reheap stats --pins` has it. */
interface Pool {
  readonly arena: number
  readonly address: number
  readonly blocks: readonly PinnedBlock[]
}

export const sizeClassesTold = ({ sizeClasses }: Stats): Shown => ({
  tables: {
    'size classes': sizeClasses.map(({ blockBytes, pools, usedBlocks, availableBlocks, wastedBytes }) => [
      `${blockBytes} B`,
      ...[pools, usedBlocks, availableBlocks].map(formatCount),
      formatBytes(usedBlocks * blockBytes),
      formatBytes(wastedBytes),
    ]),
  },
  texts: [],
})

/** The legend of size classes: of each its name and what it stands for. */
export const legendTold = (sizeClasses: readonly SizeClass[]): readonly (readonly [name: string, title: string])[] =>
  sizeClasses.map(({ blockBytes, pools, usedBlocks }) => [
    `${blockBytes} B`,
    `${counted(pools, 'pool')}, ${formatBytes(usedBlocks * blockBytes)} live`,
  ])

/** The heap at one moment. */
export class HeapTold {
  readonly #stats: Stats
  /** A power of 2: an arena that is not aligned to it has one less. */
  readonly #poolBytes: number
  readonly pools: readonly Pool[]

  private constructor(stats: Stats, arenaBytes: number) {
    this.#stats = stats
    const most = stats.pins.reduce((largest, { pools }) => Math.max(largest, pools), 1)
    this.#poolBytes = 2 ** Math.floor(Math.log2(arenaBytes / Math.max(1, stats.allocatorStats.arenas) / most))
    this.pools = stats.pins
      .toSorted((a, b) => a.address - b.address)
      .flatMap(({ address, pools, blocks }, arena) => {
        const first = Math.ceil(address / this.#poolBytes) * this.#poolBytes
        return Array.from({ length: pools }, (_, place) => this.#pool(arena, first + place * this.#poolBytes, blocks))
      })
  }

  static of = async (told: Told, at: number): Promise<HeapTold> =>
    new HeapTold(await told.stats(at), (await told.final(at)).arenaBytes ?? 0)

  #pool(arena: number, address: number, all: readonly PinnedBlock[]): Pool {
    const blocks = all.filter((block) => block.address >= address && block.address < address + this.#poolBytes)
    return { arena, address, blocks: blocks.toSorted((a, b) => a.address - b.address) }
  }

  /** The map with nothing pointed at. */
  map(): Shown {
    const arenas = this.#stats.allocatorStats.arenas
    return {
      tables: {},
      texts: [
        `${counted(arenas, 'arena')}, one a row; each square is a pool of ${formatBytes(this.#poolBytes)}`,
        ...legendTold(this.#stats.sizeClasses.filter(({ usedBlocks }) => usedBlocks > 0)).map(([name]) => name),
        `${arenas} arenas of ${this.pools.length} pools; arrow keys point at a pool, Enter shows its blocks`,
      ].sort(),
    }
  }

  /** Keys that lead through every pool, and what is told at each. */
  walk(): { readonly keys: readonly string[]; readonly texts: readonly string[] } {
    const keys: string[] = []
    const texts: string[] = []
    const step = (key: string, pool: Pool | undefined): void => {
      keys.push(key)
      texts.push(pool === undefined ? '' : this.textOf(pool))
    }
    this.#stats.pins.forEach((_, arena) => {
      const own = this.pools.filter((pool) => pool.arena === arena)
      if (arena > 0) step('ArrowDown', own[0])
      for (const pool of arena === 0 ? own : own.slice(1)) step('ArrowRight', pool)
      if (arena < this.#stats.pins.length - 1) for (const pool of own.slice(0, -1).reverse()) step('ArrowLeft', pool)
    })
    return { keys, texts }
  }

  textOf({ arena, address, blocks }: Pool): string {
    const where = `pool ${hex(address)} of arena ${arena}`
    const size = this.#classOf(blocks[0])?.blockBytes
    return size === undefined ? `${where}: free` : `${where}: ${counted(blocks.length, 'live block')} of ${size} bytes`
  }

  #classOf = (block: PinnedBlock | undefined): SizeClass | undefined =>
    this.#stats.sizeClasses.find(({ sizeClass }) => sizeClass === block?.sizeClass)

  /** A pool that was picked. @param made up to the cursor */
  picked(pool: Pool, made: Births): Shown {
    const arena = this.#stats.pins.toSorted((a, b) => a.address - b.address)[pool.arena]
    const births = (arena?.blocks ?? []).map(({ block }) => made.born(block)).filter((born) => born >= 0)
    const oldest = births.length === 0 ? '' : `, the oldest made by event ${formatCount(Math.min(...births))}`
    const { pools = 0, freePools = 0, liveBytes = 0, blocks = [] } = arena ?? {}
    const rows = pool.blocks.map((block) => made.row(block))
    return {
      tables: { 'blocks of the pool': rows.slice(0, 300) },
      texts: [
        ...this.map().texts,
        this.textOf(pool),
        `pool ${hex(pool.address)}`,
        `Arena ${pool.arena} at ${hex(arena?.address ?? 0)} stays mapped as long as one of these lives: ${formatCount(blocks.length)} blocks, ${formatBytes(liveBytes)}, in ${formatCount(pools - freePools)} of ${formatCount(pools)} pools${oldest}.`,
        `${rows.length} live blocks as they lie in the pool`,
        ...pool.blocks.map(({ block }) => `block ${block}: ${made.owner(block)?.type ?? 'no object of the log'}`),
        ...(rows.length > 300 ? [`‹rows 1 – 300 of ${formatCount(rows.length)}›`] : []),
      ].sort(),
    }
  }
}

interface Owner {
  readonly object: number
  readonly type: string
}

/** What a recording says of the blocks that were made in a part of it from its beginning. */
export class Births {
  readonly #events: readonly Recorded[]
  /** Events that made each block, in their order; likewise those that made an object in it. */
  readonly #made = new Map<number, number[]>()
  readonly #created = new Map<number, number[]>()

  constructor(events: readonly Recorded[]) {
    this.#events = events
    events.forEach(({ kind, block, newBlock }, index) => {
      const [all, own] = kind === 'CreateObject' ? [this.#created, block] : [this.#made, kind === 'Realloc' ? newBlock : block]
      if (own === undefined || own === null || !/^([MC]alloc|Realloc|CreateObject)$/.test(kind ?? '')) return
      all.set(own, [...(all.get(own) ?? []), index])
    })
  }

  /** The last event that made a block before another; -1: none. */
  born = (block: number, before = Number.POSITIVE_INFINITY): number =>
    (this.#made.get(block) ?? []).findLast((index) => index < before) ?? -1

  thread = (block: number): number => this.#events[this.born(block)]?.thread ?? 0

  /** The object that a block was made for, or the one that it was resized from; null: none of the log. */
  owner(block: number, before = Number.POSITIVE_INFINITY): Owner | null {
    const born = this.born(block, before)
    if (born < 0) return null
    const created = (this.#created.get(block) ?? []).findLast((index) => index > born && index < before)
    if (created !== undefined) {
      const { object, type } = this.#events[created] as never as { readonly object: number; readonly type: number }
      return { object, type: String(this.#events.find((event) => event.kind === 'DefineType' && event.type === type)?.name) }
    }
    const made = this.#events[born]
    return made?.kind === 'Realloc' && made.block !== null ? this.owner(made.block ?? -1, born) : null
  }

  /** Its row in a pool's table. */
  row({ block, address, bytes }: PinnedBlock): readonly string[] {
    const born = this.born(block)
    const name = [String(block), hex(address), formatCount(bytes)]
    const made = this.#events[born]
    if (made === undefined) return [...name, 'before the log', '', '', '']
    const owner = this.owner(block)
    const frames = made.stack === undefined ? [] : framesOf(this.#events, made.stack)
    return [...name, formatCount(born), String(made.thread ?? 0), owner === null ? '' : `${owner.type} ${owner.object}`, frames[0] ?? '']
  }
}

/** Frames of a stack, innermost first. */
export function framesOf(events: readonly Recorded[], stack: number): readonly string[] {
  const found = events.findLast((event) => event.kind === 'Stack' && event.stack === stack)
  const frames = (found?.frames ?? []) as readonly { readonly file: string; readonly line: number; readonly function: string }[]
  return frames.map(({ file, line, function: name }) => `${name} (${file}:${line})`)
}
