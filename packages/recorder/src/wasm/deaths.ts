import type { ContentSync } from './content-sync.ts'
import type { ObjectBook } from './object-book.ts'
import type { ObjectReader } from './object-reader.ts'
import { STATE } from './object-table.ts'
import type { Settling } from './settling.ts'

/** Writes the ends of objects at the moment when they happen. */
export class Deaths {
  private readonly book: ObjectBook
  private readonly content: ContentSync
  private readonly settling: Settling
  private readonly reader: ObjectReader
  /** How many references each object loses in the cascade that is being foreseen. */
  private readonly lost = new Map<number, number>()
  private readonly waiting: number[] = []
  /** Objects that end, and whose weak references are about to be called. */
  private readonly uncalled = new Set<number>()

  constructor(book: ObjectBook, content: ContentSync, settling: Settling, reader: ObjectReader) {
    this.book = book
    this.content = content
    this.settling = settling
    this.reader = reader
  }

  /** The interpreter says that an object's end begins; its content is still whole. */
  announced(row: number): void {
    this.killDeadHolders(row)
    if (!this.isThere(row)) return
    this.book.foreseen = row
    this.foresee([row])
    this.book.foreseen = 0
    this.release(row)
  }

  /** An object turned out to be dead: what it held, it has let go already. */
  foundDead(row: number): void {
    const { book } = this
    this.keepCallbacks(row)
    const lost = new Map<number, number>()
    for (const edge of book.table.edges[row] ?? []) {
      if (edge === 0) continue
      const to = book.edges.to[edge] ?? 0
      const times = (lost.get(to) ?? 0) + 1
      lost.set(to, times)
      if (times === book.table.count[to] && to !== row && book.isAlive(to)) book.addOutside(to)
    }
    this.release(row)
  }

  /** A scope is about to end: what its names hold loses a reference each. */
  foreseeScope(rows: readonly number[], kept: number): void {
    this.lost.clear()
    for (const row of rows) this.settling.settle(row)
    // What is returned is held by the caller, from 3.14 on only after this.
    if (kept !== 0) this.book.addOutside(kept)
    for (const row of rows) if (this.isThere(row)) this.lose(row)
    this.follow()
  }

  /** Drops whatever holds an object in the log: names, objects, and holders outside. */
  release(row: number): void {
    const { table, edges } = this.book
    const id = table.id[row]
    const isThere = (): boolean => table.id[row] === id
    this.uncalled.delete(row)
    if (this.book.callbacksOf(row).length > 0) this.book.clearWeakReferences(row)
    for (const binding of [...(table.names[row] ?? [])]) if (isThere()) this.book.unbind(binding)
    for (let edge = table.firstIn[row] ?? 0; edge !== 0 && isThere(); ) {
      const next = edges.next[edge] ?? 0
      const holder = edges.from[edge] ?? 0
      if (holder !== row && !table.has(holder, STATE.buried)) this.book.dropPlacedEdge(edge)
      edge = next
    }
    while (isThere() && (table.outside[row] ?? 0) > 0) this.book.dropOutside(row)
    // What ends with the collection that runs holds it in the log until then.
    if (isThere() && this.isHeldByOthers(row)) {
      table.leaveAlone(row, STATE.buried)
      return
    }
    // Nothing but references from itself is left where an object clears itself while it dies.
    for (let edge = isThere() ? (table.firstIn[row] ?? 0) : 0; edge !== 0 && isThere(); edge = table.firstIn[row] ?? 0) {
      this.book.dropPlacedEdge(edge)
    }
  }

  private isHeldByOthers(row: number): boolean {
    const { table, edges } = this.book
    for (let edge = table.firstIn[row] ?? 0; edge !== 0; edge = edges.next[edge] ?? 0) if (edges.from[edge] !== row) return true
    return false
  }

  /** What dies unannounced (in 3.13 what the bytecode itself lets go) shows when what it held dies. */
  private killDeadHolders(row: number): void {
    const { table, edges } = this.book
    for (let edge = table.firstIn[row] ?? 0; edge !== 0; ) {
      const holder = edges.from[edge] ?? 0
      const next = edges.next[edge] ?? 0
      if (holder !== row && !this.book.isAlive(holder) && !this.book.isFixed(holder) && !table.has(holder, STATE.buried)) {
        this.foundDead(holder)
        if (!this.isThere(row)) return
        edge = table.firstIn[row] ?? 0
      } else edge = next
    }
  }

  /** Who dies with the first of them? Each must be as it really is, or the replay's cascade goes another way. */
  private foresee(first: readonly number[]): void {
    this.lost.clear()
    this.waiting.push(...first)
    this.follow()
  }

  private follow(): void {
    const { waiting, book } = this
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      this.content.now++
      this.content.scan(next)
      const targets: number[] = []
      for (const edge of book.table.edges[next] ?? []) if (edge !== 0) targets.push(book.edges.to[edge] ?? 0)
      for (const to of targets) if (to !== next) this.settling.settle(to)
      for (const to of targets) if (to !== next && this.isThere(to)) this.lose(to)
    }
  }

  /** A function that was called at the object's end may live on. */
  private keepCallbacks(row: number): void {
    const { table, edges } = this.book
    for (const weak of [...this.book.callbacksOf(row)]) {
      for (const edge of table.edges[weak] ?? []) {
        const called = edge === 0 ? 0 : (edges.to[edge] ?? 0)
        if (called === 0) continue
        this.settling.settle(called)
        this.book.protect(called)
      }
    }
  }

  private lose(row: number): void {
    const { table } = this.book
    const lost = (this.lost.get(row) ?? 0) + 1
    this.lost.set(row, lost)
    if (lost !== table.count[row]) return
    if (this.endsLater(row)) {
      // Its `__del__` or a callback runs first: it dies when its memory goes.
      this.book.addOutside(row)
      this.content.now++
      this.content.scan(row)
      for (const edge of table.edges[row] ?? []) if (edge !== 0) this.settling.settle(this.book.edges.to[edge] ?? 0)
    } else this.waiting.push(row)
  }

  /** Do functions run between the beginning of its end and the moment when its memory goes? It counts until then. */
  endsLater(row: number): boolean {
    return this.isToBeFinalized(row) || this.book.callbacksOf(row).length > 0
  }

  /** Its end has begun: it goes when its memory goes. Callbacks find it untracked already. */
  beginEnd(row: number): void {
    const { table } = this.book
    table.state[row] = (table.state[row] ?? 0) | STATE.ending
    if (this.book.callbacksOf(row).length > 0) this.uncalled.add(row)
    if (table.has(row, STATE.gc) && !this.isToBeFinalized(row)) this.book.untrack(row)
  }

  /** To be called at every event: are weak references to an object that ends cleared by now? Their functions come next. */
  tellCleared(): void {
    const { table } = this.book
    for (const row of this.uncalled) {
      const [weak = 0] = this.book.callbacksOf(row)
      if (weak !== 0 && this.reader.weakObjectOf(table.address[weak] ?? 0) === table.address[row]) continue
      this.uncalled.delete(row)
      if (weak !== 0) this.book.clearWeakReferences(row)
    }
  }

  /** Has it a finalizer that has still to run? */
  isToBeFinalized(row: number): boolean {
    const { table } = this.book
    const address = table.address[row] ?? 0
    return (table.has(row, STATE.finalizer) || this.reader.isPaused(address)) && !this.reader.isFinalized(address)
  }

  private isThere(row: number): boolean {
    return (this.book.table.count[row] ?? 0) > 0
  }
}
