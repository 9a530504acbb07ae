import type { EdgePool } from './edge-pool.ts'
import type { ObjectTable } from './object-table.ts'
import type { WeakLinks } from './weak-links.ts'

/** The end of an object drops what it held, and so on: a replay does that by itself, so nothing is written. */
export class Cascade {
  private readonly table: ObjectTable
  private readonly edges: EdgePool
  private readonly weakLinks: WeakLinks
  private readonly touched: number[]
  private readonly dying: number[] = []

  /** @param touched gets the rows whose counts change */
  constructor(table: ObjectTable, edges: EdgePool, weakLinks: WeakLinks, touched: number[]) {
    this.table = table
    this.edges = edges
    this.weakLinks = weakLinks
    this.touched = touched
  }

  fall(row: number): void {
    const { dying, table } = this
    dying.push(row)
    const drop = (to: number): void => {
      const count = (table.count[to] ?? 0) - 1
      table.count[to] = count
      this.touched.push(to)
      if (count === 0) dying.push(to)
    }
    for (let next = dying.pop(); next !== undefined; next = dying.pop()) {
      this.weakLinks.remove(next)
      this.dropAll(next, drop)
      table.remove(next)
    }
  }

  private dropAll(row: number, drop: (to: number) => void): void {
    const { table, edges } = this
    const held = table.edges[row]
    table.contentWords -= table.content[row]?.length ?? 0
    table.edges[row] = null
    table.content[row] = null
    table.keys[row] = null
    if (!held) return
    for (const edge of held) {
      if (edge === 0) continue
      const to = edges.to[edge] ?? 0
      edges.remove(edge, table.firstIn)
      if (to !== row) drop(to)
    }
  }
}
