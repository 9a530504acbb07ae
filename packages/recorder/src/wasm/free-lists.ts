import { AddressTable } from './address-table.ts'
import { LAYOUT } from './object-reader.ts'

/**
 * Follows the free lists of lists and dictionaries by their blocks: one that outlives its object lies in the list, until an object has it again or
 * it is freed. `list(x)` asks the allocator even when the list holds some, `[x]` does not: that is what the log has to say.
 */
export class FreeLists {
  /** By block: the layout of the objects that it served, plus 1. */
  private readonly served = new AddressTable()
  private readonly blocks = new Map<number, number>([
    [LAYOUT.list, 0],
    [LAYOUT.dict, 0],
  ])

  /** Returns whether an object got new memory although the free list holds some. @param alive objects of its layout beside it */
  born(block: number, layout: number, alive: number): boolean {
    const blocks = this.blocks.get(layout)
    if (blocks === undefined || this.served.get(block) !== 0) return false
    this.served.set(block, layout + 1)
    this.blocks.set(layout, blocks + 1)
    return blocks > alive
  }

  freed(block: number): void {
    const served = this.served.get(block)
    if (served === 0) return
    this.served.set(block, 0)
    this.blocks.set(served - 1, (this.blocks.get(served - 1) ?? 0) - 1)
  }
}
