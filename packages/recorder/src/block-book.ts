/** Ids per page of addresses. */
const PAGE_BITS = 14
const PAGE_SLOTS = 1 << PAGE_BITS
/** Direct-mapped memory of the pages looked up last. */
const RECENT = 1 << 10

/**
 * Turns addresses into the dense ids of the blocks that lie there now.
 *
 * A table indexed by address, in pages: neighbouring blocks have neighbouring entries, as in the
 * recorded program itself, so it is as kind to caches as that is. Costs 4 bytes per 16 bytes of
 * address space in use (8 with 32-bit pointers).
 */
export class BlockBook {
  /** Bits of an address below a slot, and below a page. */
  readonly #shift: number
  readonly #pageShift: number
  /** Pages in the 4 GiB that the low word spans. */
  readonly #pagesPerHigh: number
  readonly #pages = new Map<number, Uint32Array>()
  readonly #recentKeys = new Float64Array(RECENT).fill(-1)
  readonly #recentPages: (Uint32Array | undefined)[] = new Array(RECENT).fill(undefined)
  /** Blocks at addresses between the slots, which some C libraries give. */
  readonly #unaligned = new Map<number, number>()
  #next = 1

  constructor(pointerBits: 32 | 64) {
    this.#shift = pointerBits === 64 ? 4 : 3
    this.#pageShift = this.#shift + PAGE_BITS
    this.#pagesPerHigh = 2 ** (32 - this.#pageShift)
  }

  /** Id that the next block will get. */
  get nextId(): number {
    return this.#next
  }

  /** Gives a new block its id. @returns whether another block was thought to lie there */
  born(low: number, high: number): boolean {
    const id = this.#next++
    const shift = this.#shift
    if ((low & ((1 << shift) - 1)) !== 0) {
      const address = high * 0x1_0000_0000 + low
      const occupied = this.#unaligned.has(address)
      this.#unaligned.set(address, id)
      return occupied
    }
    const page = this.#page(low, high)
    const slot = (low >>> shift) & (PAGE_SLOTS - 1)
    const occupied = page[slot] !== 0
    page[slot] = id
    return occupied
  }

  /** Forgets the block at an address. @returns its id, 0 if none is known there */
  died(low: number, high: number): number {
    const shift = this.#shift
    if ((low & ((1 << shift) - 1)) !== 0) {
      const address = high * 0x1_0000_0000 + low
      const id = this.#unaligned.get(address) ?? 0
      this.#unaligned.delete(address)
      return id
    }
    const page = this.#page(low, high)
    const slot = (low >>> shift) & (PAGE_SLOTS - 1)
    const id = page[slot] ?? 0
    page[slot] = 0
    return id
  }

  #page(low: number, high: number): Uint32Array {
    const key = high * this.#pagesPerHigh + (low >>> this.#pageShift)
    const recent = key & (RECENT - 1)
    const known = this.#recentPages[recent]
    if (known !== undefined && this.#recentKeys[recent] === key) return known
    let page = this.#pages.get(key)
    if (page === undefined) {
      page = new Uint32Array(PAGE_SLOTS)
      this.#pages.set(key, page)
    }
    this.#recentKeys[recent] = key
    this.#recentPages[recent] = page
    return page
  }
}
