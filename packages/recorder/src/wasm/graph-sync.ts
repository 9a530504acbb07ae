import type { ContentSync } from './content-sync.ts'
import type { Deaths } from './deaths.ts'
import type { FrameStack } from './frame-stack.ts'
import type { NewTuples } from './new-tuples.ts'
import type { ObjectBook } from './object-book.ts'
import { STATE } from './object-table.ts'
import type { ScopeBook } from './scope-book.ts'
import type { Settling } from './settling.ts'
import { LAYOUT } from './type-reader.ts'
import type { WasmModule } from './wasm-module.ts'

/** Counts compared at one sync: all, up to so many live objects; beyond that a window that goes round. */
const WINDOW = { line: 8192, check: 2048 } as const
/** So many syncs long an object that was new or changed is looked into again. */
const WARM_SYNCS = 8
const WARM_MAX = 512
/** Words that a sync may spend on looking through all contents; they are saved until they suffice. */
const WORDS_A_SYNC = 200
/** What looking into one object costs beside its words. */
const WORDS_AN_OBJECT = 12
/** A content longer than this is looked into now and then only. */
const LONG = 1024

export interface GraphParts {
  readonly module: WasmModule
  readonly book: ObjectBook
  readonly content: ContentSync
  readonly tuples: NewTuples
  readonly settling: Settling
  readonly deaths: Deaths
  readonly scopes: ScopeBook
  readonly frames: FrameStack
}

/** Brings the log's graph up to the interpreter's: looks at names, at what is new, at what changed its count, and round by round at the rest. */
export class GraphSync {
  private readonly parts: GraphParts
  private fresh: number[] = []
  private warm: { readonly row: number; readonly id: number; until: number }[] = []
  private syncs = 0
  private window = 0
  private wordsSaved = 0
  private readonly changed: number[] = []

  constructor(parts: GraphParts) {
    this.parts = parts
  }

  born(row: number): void {
    this.fresh.push(row)
    if (this.parts.book.table.layout[row] === LAYOUT.tuple) this.parts.tuples.born(row)
  }

  /** The newest object is none of the script's. */
  unborn(row: number): void {
    if (this.fresh.at(-1) === row) this.fresh.pop()
  }

  /** After each line, and wherever the interpreter looks at its eval breaker. */
  sync(where: keyof typeof WINDOW): void {
    this.begin()
    this.compareCounts(WINDOW[where])
    const made = this.fresh.slice()
    this.look()
    // Within a line it may be no more than on its way.
    if (where === 'line') this.lookForHolders([...this.changed, ...made])
    this.lookThroughAllIfCheap()
    this.parts.settling.settleTouched()
  }

  /** Before a collection: all counts and all contents. */
  syncAll(): void {
    this.begin()
    this.compareCounts(Number.POSITIVE_INFINITY)
    this.look()
    this.lookThroughAll()
    this.parts.settling.settleTouched()
  }

  private begin(): void {
    this.syncs++
    this.parts.content.now++
    this.changed.length = 0
  }

  private look(): void {
    const { scopes, frames, book, settling } = this.parts
    scopes.sync(frames.current, (row) => this.lookIntoNamed(row))
    this.lookIntoFresh()
    this.lookIntoWarm()
    for (const row of this.changed) {
      if ((book.table.count[row] ?? 0) === 0) continue
      settling.askFewHolders(row)
      book.touched.push(row)
      this.lookInto(row)
    }
    settling.settleTouched()
  }

  /** Whatever nobody is known to hold may be where the last objects of its type went. */
  private lookForHolders(rows: readonly number[]): void {
    const { book, content, settling } = this.parts
    for (const row of rows) {
      if (!settling.isUnexplained(row)) continue
      for (const holder of content.usual.of(book.table.type[row] ?? 0)) if ((book.table.count[holder] ?? 0) > 0) this.lookInto(holder)
    }
  }

  /** Whose count is another than when last looked at? */
  private compareCounts(windowMax: number): void {
    const { book, module } = this.parts
    const { table } = book
    const heap = module.HEAP32
    const { at, seen, rows } = table
    const isWhole = rows <= windowMax
    const from = isWhole ? 1 : this.window
    const to = isWhole ? rows : Math.min(rows, from + windowMax)
    for (let row = from; row < to; row++) if (heap[at[row] as number] !== seen[row]) this.changed.push(row)
    this.window = isWhole || to === rows ? 1 : to
    let kept = 0
    for (const row of this.changed) {
      if (book.isAlive(row)) this.changed[kept++] = row
      else this.dead(row)
    }
    this.changed.length = kept
  }

  /** Its end was not announced. */
  private dead(row: number): void {
    const { book, deaths } = this.parts
    const { table } = book
    if (table.has(row, STATE.ending) || (table.count[row] ?? 0) === 0) return
    if (deaths.endsLater(row)) deaths.beginEnd(row)
    else deaths.foundDead(row)
  }

  private lookIntoNamed(row: number): void {
    const { table } = this.parts.book
    if (table.layout[row] === LAYOUT.cell) {
      this.parts.content.scan(row)
      for (const edge of table.edges[row] ?? []) if (edge !== 0) this.lookInto(this.parts.book.edges.to[edge] ?? 0)
    } else this.lookInto(row)
  }

  private lookInto(row: number): void {
    const length = this.parts.book.table.content[row]?.length ?? 0
    if (length > LONG && this.syncs % Math.ceil(length / LONG) !== 0) return
    if (this.parts.content.scan(row)) this.keepWarm(row)
  }

  private lookIntoFresh(): void {
    const { table } = this.parts.book
    // Before a dictionary is looked into: are its keys attributes? That is known of whom it belongs to.
    for (const row of this.fresh) if ((table.count[row] ?? 0) > 0) this.parts.content.noteAttributes(row)
    for (const row of this.fresh) {
      if ((table.count[row] ?? 0) === 0) continue
      this.parts.content.scan(row)
      this.parts.book.touched.push(row)
      this.keepWarm(row)
    }
    this.fresh.length = 0
    this.parts.tuples.forget()
  }

  private keepWarm(row: number): void {
    const { table } = this.parts.book
    const layout = table.layout[row] ?? 0
    if (layout === LAYOUT.plain || layout === LAYOUT.float || layout === LAYOUT.tuple) return
    if (this.warm.length >= WARM_MAX) this.warm.splice(0, WARM_MAX >> 1)
    this.warm.push({ row, id: table.id[row] ?? 0, until: this.syncs + WARM_SYNCS })
  }

  private lookIntoWarm(): void {
    const { table } = this.parts.book
    const before = this.warm
    this.warm = []
    for (const one of before) {
      if (table.id[one.row] !== one.id || one.until < this.syncs) continue
      // Nobody named holds it: somewhere it is still being made.
      if ((table.outside[one.row] ?? 0) > 0) one.until = this.syncs + WARM_SYNCS
      this.warm.push(one)
      this.lookInto(one.row)
    }
  }

  private lookThroughAllIfCheap(): void {
    const { book } = this.parts
    const cost = book.table.contentWords + WORDS_AN_OBJECT * book.table.alive
    this.wordsSaved = Math.min(this.wordsSaved + WORDS_A_SYNC, 2 * cost + WORDS_A_SYNC)
    if (this.wordsSaved < cost) return
    this.wordsSaved -= cost
    this.lookThroughAll()
  }

  private lookThroughAll(): void {
    const { book, content } = this.parts
    for (let row = 1; row < book.table.rows; row++) if ((book.table.count[row] ?? 0) > 0 && content.scan(row)) this.keepWarm(row)
  }
}
