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
        '16 B 512 B',
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

  /** A pool that was picked. @param events those up to the cursor */
  picked(pool: Pool, events: readonly Recorded[]): Shown {
    const arena = this.#stats.pins.toSorted((a, b) => a.address - b.address)[pool.arena]
    const births = (arena?.blocks ?? []).map(({ block }) => bornOf(events, block)).filter((born) => born >= 0)
    const oldest = births.length === 0 ? '' : `, the oldest made by event ${formatCount(Math.min(...births))}`
    const { pools = 0, freePools = 0, liveBytes = 0, blocks = [] } = arena ?? {}
    const rows = pool.blocks.map((block) => blockRow(block, events))
    return {
      tables: { 'blocks of the pool': rows.slice(0, 300) },
      texts: [
        ...this.map().texts,
        this.textOf(pool),
        `pool ${hex(pool.address)}`,
        `Arena ${pool.arena} at ${hex(arena?.address ?? 0)} stays mapped as long as one of these lives: ${formatCount(blocks.length)} blocks, ${formatBytes(liveBytes)}, in ${formatCount(pools - freePools)} of ${formatCount(pools)} pools${oldest}.`,
        `${rows.length} live blocks as they lie in the pool`,
        ...pool.blocks.map(({ block }) => `block ${block}: ${ownerOf(events, block)?.type ?? 'no object of the log'}`),
        ...(rows.length > 300 ? [`and ${formatCount(rows.length - 300)} more`] : []),
      ].sort(),
    }
  }
}

/** The last event that made a block; -1: none. */
export const bornOf = (events: readonly Recorded[], block: number): number =>
  events.findLastIndex((event) =>
    event.kind === 'Realloc' ? event.newBlock === block : event.block === block && /^[MC]alloc$/.test(event.kind),
  )

interface Owner {
  readonly object: number
  readonly type: string
}

/** The object that a block was made for; null: none of the log. */
function ownerOf(events: readonly Recorded[], block: number): Owner | null {
  const born = bornOf(events, block)
  const created = events.findLast((event, index) => index > born && event.kind === 'CreateObject' && event.block === block)
  if (born < 0) return null
  if (created !== undefined) {
    const kind = events.find((event) => event.kind === 'DefineType' && event.type === created.type)
    return { object: created.object ?? -1, type: String(kind?.name) }
  }
  const made = events[born]
  return made?.kind === 'Realloc' && made.block !== null ? ownerOf(events.slice(0, born), made.block ?? -1) : null
}

function blockRow({ block, address, bytes }: PinnedBlock, events: readonly Recorded[]): readonly string[] {
  const born = bornOf(events, block)
  const name = [`block ${block}`, hex(address), formatCount(bytes)]
  const made = events[born]
  if (made === undefined) return [...name, 'before the log', '', '', '']
  const owner = ownerOf(events, block)
  const frames = made.stack === undefined ? [] : framesOf(events, made.stack)
  return [...name, formatCount(born), String(made.thread ?? 0), owner === null ? '' : `${owner.type} ${owner.object}`, frames[0] ?? '']
}

/** Frames of a stack, innermost first. */
export function framesOf(events: readonly Recorded[], stack: number): readonly string[] {
  const found = events.findLast((event) => event.kind === 'Stack' && event.stack === stack)
  const frames = (found?.frames ?? []) as readonly { readonly file: string; readonly line: number; readonly function: string }[]
  return frames.map(({ file, line, function: name }) => `${name} (${file}:${line})`)
}
