import { NO_ID, NOT_GIVEN } from '@reheap/kernel'
import { REQUEST_OPCODES } from '@reheap/refcount'
import type { ContentSync } from './content-sync.ts'
import type { Deaths } from './deaths.ts'
import type { EventWriter } from './event-writer.ts'
import type { ObjectBook } from './object-book.ts'
import type { ObjectReader } from './object-reader.ts'
import { STATE } from './object-table.ts'

export interface DeedParts {
  readonly writer: EventWriter
  readonly book: ObjectBook
  readonly content: ContentSync
  readonly reader: ObjectReader
  readonly deaths: Deaths
}

interface Saved {
  readonly row: number
  readonly id: number
  readonly container: number
}

/**
 * What finalizers and the functions of weak references did in a collection, as far as it decides who lives: known when the collection is over,
 * and told before it, so that a replay does it inside.
 */
export class FunctionDeeds {
  private readonly parts: DeedParts
  /** Weak references that their own function let go of. */
  private readonly letGo = new Set<number>()
  /** The reference that each of them lost in its call. */
  private readonly lost: number[] = []
  private saved: readonly Saved[] = []

  constructor(parts: DeedParts) {
    this.parts = parts
  }

  /** A collection is about to run: finalizers that have run by now are none of it. */
  begin(): void {
    const { table } = this.parts.book
    for (const row of this.finalized(Number.POSITIVE_INFINITY)) table.state[row] = (table.state[row] ?? 0) | STATE.kept
  }

  /** A weak reference died while the object was ending that it referred to. */
  noteLetGo(row: number): void {
    this.letGo.add(row)
  }

  /** @returns false: no function let go of it */
  tellLetGo(row: number): boolean {
    if (!this.letGo.delete(row)) return false
    const { book, writer } = this.parts
    const { table, edges } = book
    let kept = 0
    for (let edge = table.firstIn[row] ?? 0; edge !== 0 && kept === 0; edge = edges.next[edge] ?? 0)
      if (!table.has(edges.from[edge] ?? 0, STATE.buried)) kept = edge
    if (kept !== 0) this.lost.push(kept)
    else if (table.outside[row] === 0) return false
    const from = kept === 0 ? NO_ID : (table.id[edges.from[kept] ?? 0] ?? NO_ID)
    writer.push(REQUEST_OPCODES.SetCallback, 0, table.id[row] ?? 0, from, NOT_GIVEN, NOT_GIVEN)
    for (const binding of [...(table.names[row] ?? [])]) book.unbind(binding)
    for (let edge = table.firstIn[row] ?? 0; edge !== 0; ) {
      const next = edges.next[edge] ?? 0
      if (edge !== kept && !table.has(edges.from[edge] ?? 0, STATE.buried)) book.dropPlacedEdge(edge)
      edge = next
    }
    while ((table.outside[row] ?? 0) > (kept === 0 ? 1 : 0)) book.dropOutside(row)
    return true
  }

  /** A finalizer may have saved an object: where is it now? @param bornBefore objects with lower numbers are older than the collection */
  tellSaved(bornBefore: number): void {
    const { book, writer } = this.parts
    const { table } = book
    const rows = this.finalized(bornBefore)
    if (rows.length === 0) return
    const containers = this.containersOf(rows)
    this.saved = this.savedOf(rows, containers)
    for (const row of rows) table.state[row] = (table.state[row] ?? 0) | STATE.kept
    for (const { id, container } of this.saved) {
      writer.push(REQUEST_OPCODES.SetFinalizer, 0, id, table.id[container] ?? 0, NOT_GIVEN, NOT_GIVEN)
    }
  }

  /** The collection stands in the log: what its functions did is part of the graph. */
  settle(): void {
    const { book, content } = this.parts
    const { table } = book
    for (const edge of this.lost) book.forgetPlacedEdge(edge)
    this.lost.length = 0
    this.letGo.clear()
    const stored = this.saved.filter(({ row, id }) => table.id[row] === id)
    this.saved = []
    if (stored.length === 0) return
    for (const { row, container } of stored) book.expectEdge(container, row)
    content.now++
    for (const { container } of stored) content.scan(container)
    book.dropExpected()
  }

  /** Objects that live and whose finalizers have run since the last time. */
  private finalized(bornBefore: number): number[] {
    const { book, deaths } = this.parts
    const { table } = book
    const rows: number[] = []
    for (let row = 1; row < table.rows; row++) {
      if (!table.has(row, STATE.finalizer) || table.has(row, STATE.buried | STATE.kept) || (table.id[row] ?? 0) >= bornBefore) continue
      if ((table.count[row] ?? 0) > 0 && !deaths.isToBeFinalized(row)) rows.push(row)
    }
    return rows
  }

  /** What a saved one leads to lives by that: its own finalizer need not have saved it. */
  private savedOf(rows: readonly number[], containers: ReadonlyMap<number, number>): readonly Saved[] {
    const { table, edges, standIn } = this.parts.book
    const reached = new Set<number>()
    const saved: Saved[] = []
    for (const row of [...rows.filter((one) => containers.has(one)), ...rows.filter((one) => !containers.has(one))]) {
      if (reached.has(row) && !containers.has(row)) continue
      saved.push({ row, id: table.id[row] ?? 0, container: containers.get(row) ?? standIn })
      const waiting = [row]
      for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
        if (reached.has(next)) continue
        reached.add(next)
        for (const edge of table.edges[next] ?? []) if (edge !== 0) waiting.push(edges.to[edge] ?? 0)
      }
    }
    return saved
  }

  /** By row: an object that refers to it by now and did not before. A name, or what is not recorded, is none: the first object stands in. */
  private containersOf(rows: readonly number[]): ReadonlyMap<number, number> {
    const { book, reader } = this.parts
    const { table } = book
    const wanted = new Map(rows.map((row) => [table.address[row] ?? 0, row]))
    const containers = new Map<number, number>()
    for (let holder = 1; holder < table.rows; holder++) {
      if ((table.count[holder] ?? 0) === 0 || table.has(holder, STATE.buried) || table.edges[holder] === null) continue
      if (!reader.look(table.address[holder] ?? 0, table.layout[holder] ?? 0)) continue
      for (const address of reader.found) {
        const row = wanted.get(address)
        if (row !== undefined && !book.refers(holder, row)) containers.set(row, containers.get(row) ?? holder)
      }
    }
    return containers
  }
}
