import { NO_ID, NOT_GIVEN } from '@reheap/kernel'
import { REQUEST_OPCODES } from '@reheap/refcount'
import type { ContentSync } from './content-sync.ts'
import type { EventWriter } from './event-writer.ts'
import type { ObjectBook } from './object-book.ts'
import type { ObjectReader } from './object-reader.ts'
import { STATE } from './object-table.ts'

const FEW = 8

/** Makes the counts of the log equal to the interpreter's: what no object and no name explains is held from outside. */
export class Settling {
  private readonly book: ObjectBook
  private readonly content: ContentSync
  private readonly reader: ObjectReader
  private readonly writer: EventWriter
  /** Looks anew at the scopes whose names hold an object. */
  refreshNames: (row: number) => void = () => undefined
  /** Times that a reference had to be taken from a holder that could not be asked. */
  forced = 0

  constructor(book: ObjectBook, content: ContentSync, reader: ObjectReader, writer: EventWriter) {
    this.book = book
    this.content = content
    this.reader = reader
    this.writer = writer
  }

  /** Settles all that was touched. */
  settleTouched(): void {
    const { touched, table } = this.book
    // More may be touched while others are settled.
    for (let at = 0; at < touched.length; at++) {
      const row = touched[at] ?? 0
      if ((table.count[row] ?? 0) > 0) this.settle(row)
    }
    touched.length = 0
  }

  /** @param lent references that the interpreter counts and the log is not to hold */
  settle(row: number, lent = 0): void {
    const { table } = this.book
    if ((table.count[row] ?? 0) <= 0 || table.has(row, STATE.immortal | STATE.buried)) return
    if (this.book.isFixed(row)) return
    const count = this.reader.word(table.address[row] ?? 0)
    if (this.reader.isImmortalCount(count)) {
      this.makeImmortal(row)
      return
    }
    const real = count - lent
    // It is ending, or dead and not announced.
    if (real <= 0) return
    table.seen[row] = count
    let wanted = this.outsideWanted(row, real)
    if (wanted < 0) wanted = this.askHolders(row, real)
    while ((table.outside[row] ?? 0) < wanted) this.book.addOutside(row)
    while ((table.outside[row] ?? 0) > wanted) this.book.dropOutside(row)
  }

  /** Has it more references than objects and names have that the log knows of? */
  isUnexplained(row: number): boolean {
    const { table } = this.book
    return (table.count[row] ?? 0) > 0 && this.outsideWanted(row, this.reader.word(table.address[row] ?? 0)) > 0
  }

  /** Looks into whoever the log says holds it, if these are few and one of them may have let go. */
  askFewHolders(row: number): void {
    const { table } = this.book
    const count = this.reader.word(table.address[row] ?? 0)
    if (count < (table.count[row] ?? 0)) this.askAllHolders(row, FEW)
  }

  /** Looks into whoever the log says holds it, unless these are more than so many. */
  private askAllHolders(row: number, max: number): void {
    const { edges, table } = this.book
    const holders: number[] = []
    for (let edge = table.firstIn[row] ?? 0; edge !== 0; edge = edges.next[edge] ?? 0) {
      holders.push(edges.from[edge] ?? 0)
      if (holders.length > max) return
    }
    for (const holder of holders) if ((table.count[holder] ?? 0) > 0) this.content.scan(holder)
  }

  private outsideWanted(row: number, real: number): number {
    const { table } = this.book
    return real - ((table.count[row] ?? 0) - (table.outside[row] ?? 0))
  }

  /** The log has more holders than there are references: some have let go. */
  private askHolders(row: number, real: number): number {
    const { edges, table } = this.book
    this.askAllHolders(row, Number.POSITIVE_INFINITY)
    this.refreshNames(row)
    let wanted = this.outsideWanted(row, real)
    while (wanted < 0) {
      const edge = table.firstIn[row] ?? 0
      if (edge === 0) return 0
      this.forced++
      this.book.protect(edges.to[edge] ?? 0)
      this.book.dropPlacedEdge(edge)
      wanted = this.outsideWanted(row, real)
    }
    return wanted
  }

  private makeImmortal(row: number): void {
    const { table } = this.book
    table.leaveAlone(row, STATE.immortal)
    this.writer.push(REQUEST_OPCODES.MakeImmortal, 0, table.id[row] ?? 0, NO_ID, NOT_GIVEN, NOT_GIVEN)
  }
}
