/** Where addresses of a row stand on the GPU map. */
import type { SegmentRow } from '@reheap/device-memory'

/** What rows are wide in. */
export const WIDTHS = { own: 'each fills the width', same: 'all in one scale' } as const
export type Widths = keyof typeof WIDTHS

/** Room for the names of rows; for their sizes alone where the map is narrow. @unit pixels */
const LABEL = 240
const LABEL_NARROW = 74
const NARROW = 640

export class RowScale {
  /** Where rows begin, behind their names. @unit pixels */
  readonly left: number
  /** @unit pixels */
  readonly width: number
  readonly #largest: number
  readonly #shares: readonly [low: number, high: number]

  /** @param largest length of the longest row; null: each row fills the width @param shares of a row that are shown */
  constructor(width: number, largest: number | null, shares: readonly [low: number, high: number]) {
    this.left = width < NARROW ? LABEL_NARROW : LABEL
    this.width = Math.max(1, width - this.left)
    this.#largest = largest ?? Number.NaN
    this.#shares = shares
  }

  get isNarrow(): boolean {
    return this.left === LABEL_NARROW
  }

  /** Share of a row at a pixel. */
  shareAt(x: number): number {
    const [low, high] = this.#shares
    return low + ((x - this.left) / this.width) * (high - low)
  }

  /** Share of a row at an address. */
  shareOf(row: SegmentRow, address: number): number {
    return (address - row.address) / this.#span(row)
  }

  /** May lie outside of the map. */
  pixelOf(row: SegmentRow, address: number): number {
    const [low, high] = this.#shares
    return this.left + ((this.shareOf(row, address) - low) / (high - low)) * this.width
  }

  /** Null: it lies beside the row. */
  addressAt(row: SegmentRow, x: number): number | null {
    const address = Math.floor(row.address + this.shareAt(x) * this.#span(row))
    return x < this.left || address >= row.address + row.bytes ? null : address
  }

  #span({ bytes }: SegmentRow): number {
    return Number.isNaN(this.#largest) ? bytes : this.#largest
  }
}
