const PAGE_BITS = 16
/** Whatever lies in the table begins at a multiple of this many bytes. */
const STEP_BITS = 3
const PAGE_ENTRIES = 1 << (PAGE_BITS - STEP_BITS)

/** A number for each address of a 32-bit memory; 0 where none was set. Pages come into being when first written. */
export class AddressTable {
  private readonly pages: (Int32Array | undefined)[] = []

  get(address: number): number {
    return this.pages[address >>> PAGE_BITS]?.[(address & 0xffff) >>> STEP_BITS] ?? 0
  }

  set(address: number, value: number): void {
    const index = address >>> PAGE_BITS
    let page = this.pages[index]
    if (page === undefined) {
      page = new Int32Array(PAGE_ENTRIES)
      this.pages[index] = page
    }
    page[(address & 0xffff) >>> STEP_BITS] = value
  }
}
