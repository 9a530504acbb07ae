import { REQUEST_OPCODES } from '@reheap/cycle-gc'
import { ANY_LAYER_OPCODES, NO_ID, NOT_GIVEN } from '@reheap/kernel'
import type { CollectorFigures, GenerationFigures } from './collector-figures.ts'
import type { Deaths } from './deaths.ts'
import type { EventWriter } from './event-writer.ts'
import type { FrameStack } from './frame-stack.ts'
import type { ObjectBook } from './object-book.ts'
import type { ObjectReader } from './object-reader.ts'
import { STATE } from './object-table.ts'

const GENERATIONS = [0, 1, 2] as const

/** What stands in the log before the facts of a collection: the request, or the look at the eval breaker at which it was due. */
interface Cause {
  readonly generation: number | null
}

interface Finding {
  readonly generation: number
  readonly collected: number
  readonly uncollectable: number
}

/** An increment that owes no work ends before it is counted; `gc.callbacks` is told of it all the same. */
const INCREMENT: Finding = { generation: 1, collected: 0, uncollectable: 0 }

export interface WatchParts {
  readonly figures: CollectorFigures
  readonly writer: EventWriter
  readonly book: ObjectBook
  readonly deaths: Deaths
  readonly reader: ObjectReader
  readonly frames: FrameStack
  /** Writes how the graph stands. */
  readonly syncAll: (generation: number) => void
}

/**
 * Sees collections begin and end, and writes them: what caused it, what was observed, and then what happened inside it. Objects that a
 * collection destroys have no drops of their own: whoever replays the log runs a collection there.
 */
export class CollectorWatch {
  isRunning = false
  private readonly parts: WatchParts
  private figures: readonly GenerationFigures[] = []
  private cause: Cause | null = null
  private counts: readonly [number, number, number] = [0, 0, 0]
  private readonly destroyed: number[] = []
  private bornBefore = 0
  /** Where the program was when it began. */
  private frame = 0

  constructor(parts: WatchParts) {
    this.parts = parts
  }

  start(): void {
    this.figures = this.currentFigures()
  }

  /** To be called first at every event: has a collection begun or ended? */
  look(objectsMade: number): void {
    const { figures } = this.parts
    const isCollecting = figures.isCollecting
    if (isCollecting === this.isRunning && this.cause === null) return
    if (isCollecting) {
      if (!this.isRunning && !this.isStarting()) this.begin(objectsMade)
    } else if (this.isRunning) this.end()
    // It began and ended unseen: nothing died in it.
    else if (this.cause?.generation === null) this.endUnseen()
  }

  /** Somebody asked for a collection, which is about to begin. */
  requested(generation: number): void {
    this.parts.syncAll(generation)
    this.setCause(generation)
  }

  /** The requested collection is over, or there was none. */
  answered(): void {
    if (this.isRunning) this.end()
    else if (this.cause !== null) this.endUnseen()
  }

  /** The interpreter looks at its eval breaker. A due collection comes right after. */
  checked(isDue: boolean): void {
    if (this.parts.figures.isCollecting) return
    if (isDue) {
      this.parts.syncAll(0)
      this.setCause(null)
    } else this.writeCheck()
  }

  /** Was this the end of an object that the running collection destroys? Functions that it calls may end others. */
  takes(row: number): boolean {
    const { book, frames } = this.parts
    if (!this.isBefore(row)) return false
    const isCalling = frames.current !== this.frame
    if (isCalling && !this.isGarbage(row) && !this.isHeldByGarbage(row)) return false
    book.table.leaveAlone(row, STATE.buried)
    this.destroyed.push(row)
    return true
  }

  /** Is it older than the collection that runs? Until that is over nothing is said of such an object but its end. */
  isBefore(row: number): boolean {
    return this.isRunning && (this.parts.book.table.id[row] ?? 0) < this.bornBefore
  }

  private isGarbage(row: number): boolean {
    const { book, reader } = this.parts
    const { table } = book
    return table.has(row, STATE.buried) || (table.has(row, STATE.gc) && reader.isBeingCollected(table.address[row] ?? 0))
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
    if (!this.isRunning && this.cause === null && this.changed() !== null) {
      this.setCause(null)
      this.endUnseen()
    }
  }

  /** Functions in `gc.callbacks` are called before the counts are set back: what they do comes before the collection. */
  private isStarting(): boolean {
    const { figures } = this.parts
    if (!figures.hasCallbacks) return false
    const [count0, count1, count2] = figures.counts
    const [before0, before1, before2] = this.counts
    this.counts = [count0, count1, count2]
    return count1 === before1 && count2 === before2 && (count0 > 0 || before0 === 0)
  }

  private setCause(generation: number | null): void {
    this.cause = { generation }
    this.counts = this.parts.figures.counts
  }

  private begin(objectsMade: number): void {
    if (this.cause === null) {
      this.parts.syncAll(0)
      this.setCause(null)
    }
    this.isRunning = true
    this.bornBefore = objectsMade
    this.frame = this.parts.frames.current
    this.parts.writer.hold()
  }

  private endUnseen(): void {
    const isDue = this.cause?.generation === null
    const isSeen = this.changed() !== null
    if (isDue || isSeen) this.writeCause()
    this.cause = null
    if (isDue || isSeen) this.writeFinding(isDue)
  }

  private end(): void {
    const { writer, book } = this.parts
    this.isRunning = false
    const held = writer.unhold()
    this.releaseFromOutside()
    this.keepResurrected()
    const isDue = this.cause?.generation === null
    this.writeCause()
    this.cause = null
    this.writeFinding(isDue)
    for (const row of this.destroyed) if (book.table.has(row, STATE.buried)) book.bury(row)
    this.destroyed.length = 0
    writer.append(held)
    writer.commit()
  }

  /** Garbage is held by garbage alone; and what lives on is held by something else. */
  private releaseFromOutside(): void {
    const { book } = this.parts
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
      if (!table.has(row, STATE.buried)) continue
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

  /** A finalizer may have saved an object: in the log something holds it from before the collection. */
  private keepResurrected(): void {
    const { book, deaths } = this.parts
    const { table } = book
    for (let row = 1; row < table.rows; row++) {
      if (!table.has(row, STATE.finalizer) || table.has(row, STATE.buried | STATE.kept) || (table.id[row] ?? 0) >= this.bornBefore) continue
      if ((table.count[row] ?? 0) === 0 || deaths.endsLater(row)) continue
      table.state[row] = (table.state[row] ?? 0) | STATE.kept
      book.addOutside(row)
    }
  }

  private writeCause(): void {
    const generation = this.cause?.generation ?? null
    if (generation === null) this.writeCheck()
    else this.parts.writer.push(REQUEST_OPCODES.Collect, generation, 0, NO_ID, NOT_GIVEN, NOT_GIVEN)
  }

  private writeCheck(): void {
    this.parts.writer.push(REQUEST_OPCODES.CheckEvalBreaker, 0, 0, NO_ID, NOT_GIVEN, NOT_GIVEN)
  }

  /** Which generation was it, and what did it find? */
  private writeFinding(isDue: boolean): void {
    const generation = this.changed()
    const now = this.currentFigures()
    if (generation !== null) {
      const [before, after] = [this.figures[generation], now[generation]]
      const values = {
        generation,
        collected: (after?.collected ?? 0) - (before?.collected ?? 0),
        uncollectable: (after?.uncollectable ?? 0) - (before?.uncollectable ?? 0),
      }
      this.observe(values)
    } else if (isDue && this.parts.figures.isIncremental) this.observe(INCREMENT)
    this.figures = now
  }

  private observe(values: Finding): void {
    this.parts.writer.pushDetail(ANY_LAYER_OPCODES.Observe, 0, 0, JSON.stringify({ of: 'collection', values }))
  }

  /** The generation whose figures changed. */
  private changed(): number | null {
    const { figures } = this.parts
    return GENERATIONS.find((generation) => figures.figures(generation).collections !== this.figures[generation]?.collections) ?? null
  }

  private currentFigures(): GenerationFigures[] {
    return GENERATIONS.map((generation) => this.parts.figures.figures(generation))
  }
}
