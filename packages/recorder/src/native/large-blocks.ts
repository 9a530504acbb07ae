/** Live blocks that are large enough for the log to say which of their pages are touched. */
import { TouchedPages } from './touched-pages.ts'

/** Just below the size from which malloc may give a block a mapping of its own. @unit bytes */
export const LARGE_BYTES = 131_000
const HEADER_BYTES = 16

export interface LargeBlock {
  readonly id: number
  readonly pages: TouchedPages
}

export class LargeBlocks {
  readonly #blocks = new Map<number, LargeBlock>()

  born(id: number, address: number, bytes: number): void {
    this.#blocks.set(address, { id, pages: new TouchedPages(address, address + bytes) })
  }

  died(address: number): void {
    this.#blocks.delete(address)
  }

  at(address: number): LargeBlock | undefined {
    return this.#blocks.get(address)
  }

  /** The block that holds an address. */
  holding(address: number): LargeBlock | undefined {
    for (const block of this.#blocks.values()) if (block.pages.start <= address && address < block.pages.end) return block
    return undefined
  }

  all(): Iterable<LargeBlock> {
    return this.#blocks.values()
  }

  /** What the blocks take of the address space, with their headers, in whole pages. */
  *areas(pageBytes: number): Iterable<{ readonly start: number; readonly end: number }> {
    for (const { pages } of this.#blocks.values())
      yield {
        start: Math.floor((pages.start - HEADER_BYTES) / pageBytes) * pageBytes,
        end: Math.ceil((pages.end + HEADER_BYTES / 2) / pageBytes) * pageBytes,
      }
  }
}
