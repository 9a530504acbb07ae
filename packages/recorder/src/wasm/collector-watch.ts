import type { CollectionWriter } from './collection-writer.ts'
import type { CollectorFigures } from './collector-figures.ts'
import type { EventWriter } from './event-writer.ts'
import type { FrameStack } from './frame-stack.ts'
import type { FunctionDeeds } from './function-deeds.ts'
import type { ObjectBook } from './object-book.ts'
import type { ObjectReader } from './object-reader.ts'
import { STATE } from './object-table.ts'

export interface WatchParts {
  readonly figures: CollectorFigures
  readonly collections: CollectionWriter
  readonly writer: EventWriter
  readonly book: ObjectBook
  readonly deeds: FunctionDeeds
  readonly reader: ObjectReader
  readonly frames: FrameStack
  /** Writes how the graph stands. */
  readonly syncAll: () => void
}

/**
 * Sees collections begin and end, and writes them: what caused it, what was observed, and then what happened inside it. Objects that a
 * collection destroys have no drops of their own: whoever replays the log runs a collection there.
 */
export class CollectorWatch {
  isRunning = false
  private readonly parts: WatchParts
  /** Of a collection that is about to run or runs; its generation, where somebody named it. */
  private cause: { readonly generation: number | null } | null = null
  private counts: readonly [number, number, number] = [0, 0, 0]
  private readonly destroyed: number[] = []
  private bornBefore = 0
  /** Where the program was when it began. */
  private frame = 0

  constructor(parts: WatchParts) {
    this.parts = parts
  }

  start(): void {
    this.parts.collections.start()
  }

  /** To be called first at every event: has a collection begun or ended? */
  look(objectsMade: number): void {
    const { figures } = this.parts
    const isCollecting = figures.isCollecting
    if (isCollecting === this.isRunning && this.cause === null) return
    if (isCollecting) {
      if (!this.isRunning && !this.isStarting()) this.begin(objectsMade)
    } else if (this.isRunning) this.end()
    // Nothing died in it.
    else if (this.cause?.generation === null) this.endUnseen()
  }

  /** Somebody asked for a collection, which is about to begin. */
  requested(generation: number): void {
    this.prepare(generation)
  }

  /** The requested collection is over, or there was none. */
  answered(): void {
    if (this.isRunning) this.end()
    else if (this.cause !== null) this.endUnseen()
  }

  /** The interpreter looks at its eval breaker. A due collection comes right after. */
  checked(isDue: boolean): void {
    if (this.parts.figures.isCollecting) return
    if (isDue) this.prepare(null)
    else this.parts.collections.writeCheck()
  }

  /** Was this the end of an object that the running collection destroys? Functions that it calls may end others. */
  takes(row: number): boolean {
    const { book, frames } = this.parts
    if (!this.isBefore(row)) return false
    const isCalling = frames.current !== this.frame
    if (isCalling && !this.isGarbage(row) && !this.isHeldByGarbage(row)) return false
    if (!this.isGarbage(row) && this.isGarbage(book.calledFor(row))) this.parts.deeds.noteLetGo(row)
    book.table.leaveAlone(row, STATE.buried)
    this.destroyed.push(row)
    return true
  }

  /** Is it older than the collection that runs? Until that is over nothing is said of such an object but its end. */
  isBefore(row: number): boolean {
    return this.isRunning && (this.parts.book.table.id[row] ?? 0) < this.bornBefore
  }

  private isGarbage(row: number): boolean {
    const { table } = this.parts.book
    return table.has(row, STATE.buried) || (table.has(row, STATE.gc) && this.parts.reader.isBeingCollected(table.address[row] ?? 0))
  }

  private isHeldByGarbage(row: number): boolean {
    const { table, edges } = this.parts.book
    if ((table.outside[row] ?? 0) > 0 || (table.names[row]?.length ?? 0) > 0 || table.firstIn[row] === 0) return false
    for (let edge = table.firstIn[row] ?? 0; edge !== 0; edge = edges.next[edge] ?? 0)
      if (!this.isGarbage(edges.from[edge] ?? 0)) return false
    return true
  }

  /** At the end of a line: a collection at a place where nobody looked shows in the figures alone. */
  findUnseen(): void {
    if (!this.isRunning && this.cause === null && this.parts.collections.changed() !== null) {
      this.cause = { generation: null }
      this.endUnseen()
    }
  }

  /** Functions in `gc.callbacks` are called before the counts are set back: what they do comes before the collection. */
  private isStarting(): boolean {
    const { figures } = this.parts
    if (!figures.hasCallbacks) return false
    const before = this.counts
    this.counts = figures.counts
    const [count0, count1, count2] = this.counts
    return count1 === before[1] && count2 === before[2] && (count0 > 0 || before[0] === 0)
  }

  private prepare(generation: number | null): void {
    this.parts.syncAll()
    this.parts.deeds.begin()
    this.cause = { generation }
    this.counts = this.parts.figures.counts
  }

  private begin(objectsMade: number): void {
    if (this.cause === null) this.prepare(null)
    this.isRunning = true
    this.bornBefore = objectsMade
    this.frame = this.parts.frames.current
    this.parts.writer.hold()
  }

  private endUnseen(): void {
    const { collections } = this.parts
    const generation = this.cause?.generation ?? null
    this.cause = null
    const isIncrement = generation === 1 && this.parts.figures.isIncremental
    if (generation !== null && !isIncrement && collections.changed() === null) return
    collections.writeCause(generation)
    collections.writeFinding(generation === null || isIncrement)
  }

  private end(): void {
    const { writer, book, deeds } = this.parts
    this.isRunning = false
    const held = writer.unhold()
    this.releaseFromOutside()
    deeds.tellSaved(this.bornBefore)
    const isDue = this.cause?.generation !== 0 && this.cause?.generation !== 2
    this.parts.collections.writeCause(this.cause?.generation ?? null)
    this.cause = null
    this.parts.collections.writeFinding(isDue)
    for (const row of this.destroyed) if (book.table.has(row, STATE.buried)) book.bury(row)
    this.destroyed.length = 0
    writer.append(held)
    deeds.settle()
    writer.commit()
  }

  /** Garbage is held by garbage alone; and what lives on is held by something else. */
  private releaseFromOutside(): void {
    const { book, deeds } = this.parts
    const { table, edges } = book
    const lost = new Map<number, number>()
    for (const row of this.destroyed) {
      for (const edge of table.edges[row] ?? []) {
        const to = edge === 0 ? 0 : (edges.to[edge] ?? 0)
        if (to === 0 || table.has(to, STATE.buried)) continue
        const times = (lost.get(to) ?? 0) + 1
        lost.set(to, times)
        if (times === table.count[to] && book.isAlive(to)) book.addOutside(to)
      }
    }
    for (const row of this.destroyed) {
      if (!table.has(row, STATE.buried) || deeds.tellLetGo(row)) continue
      const id = table.id[row]
      for (const binding of [...(table.names[row] ?? [])]) if (table.id[row] === id) book.unbind(binding)
      for (let edge = table.firstIn[row] ?? 0; edge !== 0 && table.id[row] === id; ) {
        const next = edges.next[edge] ?? 0
        if (!table.has(edges.from[edge] ?? 0, STATE.buried)) book.dropPlacedEdge(edge)
        edge = next
      }
      while (table.id[row] === id && (table.outside[row] ?? 0) > 0) book.dropOutside(row)
    }
  }
}
