import type { RowContext } from '@reheap/kernel'
import type { BodyLayout } from './columns.ts'
import { isWrapped, type Unwrapped, unwrapDetail } from './context.ts'
import { Malformed } from './error.ts'

const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

/** The detail column of a batch: text stays bytes until somebody asks for it. */
export class Details {
  readonly #validity: Uint8Array
  readonly #offsets: Int32Array
  readonly #text: Uint8Array
  /** Rows whose stored text holds context. */
  readonly #wrapped = new Map<number, Unwrapped>()

  /** @throws Malformed if text lies outside the column or a context is impossible */
  constructor(body: Uint8Array, layout: BodyLayout, rows: number) {
    const { buffer, byteOffset } = body
    this.#validity = new Uint8Array(buffer, byteOffset + layout.detailValidity, (rows + 7) >> 3)
    this.#offsets = new Int32Array(buffer, byteOffset + layout.detailOffsets, rows + 1)
    this.#text = new Uint8Array(buffer, byteOffset + layout.detailText, layout.textBytes)
    for (let byte = 0; byte < this.#validity.length; byte++) {
      if (this.#validity[byte] === 0) continue
      for (let row = byte * 8; row < Math.min(rows, byte * 8 + 8); row++) if (this.#has(row)) this.#check(row)
    }
  }

  /** The event's own detail. */
  of(row: number): string | null {
    if (!this.#has(row)) return null
    const wrapped = this.#wrapped.get(row)
    return wrapped === undefined ? this.#stored(row) : wrapped.detail
  }

  /** Context of the rows that have some in their stored text. */
  *contexts(): Iterable<readonly [row: number, context: RowContext]> {
    for (const [row, { context }] of this.#wrapped) yield [row, context]
  }

  #has(row: number): boolean {
    return ((this.#validity[row >> 3] ?? 0) >> (row & 7)) % 2 === 1
  }

  #stored(row: number): string {
    return decoder.decode(this.#text.subarray(this.#offsets[row], this.#offsets[row + 1]))
  }

  #check(row: number): void {
    const start = this.#offsets[row] ?? 0
    const end = this.#offsets[row + 1] ?? 0
    if (start < 0 || end < start || end > this.#text.length) throw new Malformed('a detail lies outside its batch')
    if (isWrapped(this.#text, start, end)) this.#wrapped.set(row, unwrapDetail(this.#stored(row)))
  }
}
