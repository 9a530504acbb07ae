import { NOT_GIVEN } from '@reheap/kernel'
import { REQUEST_OPCODES } from '@reheap/refcount'
import { EdgePool } from './edge-pool.ts'
import type { EventWriter } from './event-writer.ts'
import type { ObjectTable } from './object-table.ts'

interface Expected {
  readonly from: number
  readonly slot: number
}

/** References between recorded objects, as a replay of the log would hold them. */
export abstract class ReferenceBook {
  readonly table: ObjectTable
  readonly edges = new EdgePool()
  /** Rows whose references changed since somebody last emptied it. */
  readonly touched: number[] = []
  protected readonly writer: EventWriter
  /** By the object that it leads to. */
  private readonly expected = new Map<number, Expected>()

  constructor(table: ObjectTable, writer: EventWriter) {
    this.table = table
    this.writer = writer
  }

  /** If the log holds one last reference and the interpreter another, that one is written too. */
  abstract protect(row: number): void
  /** One reference less. */
  protected abstract decrease(row: number): void

  /** @param name of the attribute or key @returns the reference, to be kept beside the holder's content */
  addEdge(from: number, to: number, slot: number, position: number, name: number): number {
    const { table } = this
    this.touched.push(to)
    if (this.expected.get(to)?.from === from) return this.placeExpected(to, position)
    // Two to the same object are told apart by their slots.
    this.edges.place(from, to)
    table.count[to] = (table.count[to] ?? 0) + 1
    this.writer.push(REQUEST_OPCODES.AddReference, 0, table.id[to] ?? 0, table.id[from] ?? 0, name, slot)
    return this.edges.add(from, to, slot, position, table.firstIn)
  }

  /** A finalizer, in the replay too, has stored an object behind all that the container held. */
  expectEdge(from: number, to: number): void {
    let last = -1
    for (const edge of this.table.edges[from] ?? []) if (edge !== 0) last = Math.max(last, this.edges.slot[edge] ?? 0)
    for (const expected of this.expected.values()) if (expected.from === from) last = Math.max(last, expected.slot)
    this.table.count[to] = (this.table.count[to] ?? 0) + 1
    this.expected.set(to, { from, slot: last + 1 })
  }

  /** What is not where it was expected is taken out again. */
  dropExpected(): void {
    for (const to of this.expected.keys()) {
      this.protect(to)
      this.dropEdge(this.placeExpected(to, 0))
    }
  }

  private placeExpected(to: number, position: number): number {
    const { from = 0, slot = 0 } = this.expected.get(to) ?? {}
    this.expected.delete(to)
    const edge = this.edges.add(from, to, slot, position, this.table.firstIn)
    this.edges.unplaced.set(to, edge)
    return edge
  }

  refers(from: number, to: number): boolean {
    return this.table.edges[from]?.some((edge) => edge !== 0 && this.edges.to[edge] === to) ?? false
  }

  /** Takes a reference out of the pool and the log, and not out of the holder's content. */
  dropEdge(edge: number): void {
    const { table, edges } = this
    const to = edges.to[edge] ?? 0
    this.writer.push(
      REQUEST_OPCODES.DropReference,
      0,
      table.id[to] ?? 0,
      table.id[edges.from[edge] ?? 0] ?? 0,
      NOT_GIVEN,
      edges.unplaced.get(to) === edge ? NOT_GIVEN : (edges.slot[edge] ?? 0),
    )
    edges.remove(edge, table.firstIn)
    this.touched.push(to)
    this.decrease(to)
  }

  /** Takes a reference out everywhere, so that its place is looked at anew. */
  dropPlacedEdge(edge: number): void {
    this.displace(edge)
    this.dropEdge(edge)
  }

  /** A replay has dropped the reference by itself, and what it led to is gone. */
  forgetPlacedEdge(edge: number): void {
    this.displace(edge)
    this.edges.remove(edge, this.table.firstIn)
  }

  private displace(edge: number): void {
    const from = this.edges.from[edge] ?? 0
    const held = this.table.edges[from]
    const hint = this.edges.position[edge] ?? 0
    const position = held?.[hint] === edge ? hint : (held?.lastIndexOf(edge) ?? -1)
    if (position >= 0) {
      const content = this.table.content[from]
      if (held) held[position] = 0
      if (content) content[position] = 0
    }
  }
}
