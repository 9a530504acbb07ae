import type { EventBatch } from '@reheap/kernel'
import { BATCH_EVENTS, type BodyLayout, bodyLayout, CONTEXT_FIELDS, type StoredColumn, storedColumns } from './columns.ts'
import { wrapDetail } from './context.ts'

/** Text of details after which a batch is closed although it has room for more events. */
const TEXT_BYTES_MAX = 1 << 24

const encoder = new TextEncoder()

/** Events that wait to become a batch, as the bytes that will be written. */
export class RowBuffer {
  length = 0
  rowsWithDetail = 0
  readonly #stored: readonly StoredColumn[]
  readonly #columns: readonly { readonly column: StoredColumn; readonly values: InstanceType<StoredColumn['array']> }[]
  /** Context that the file has no column for. */
  readonly #spilled: readonly StoredColumn[]
  readonly #validity = new Uint8Array(BATCH_EVENTS >> 3)
  readonly #offsets = new Int32Array(BATCH_EVENTS + 1)
  #text = new Uint8Array(4096)

  constructor(columns: readonly StoredColumn[]) {
    this.#stored = columns
    this.#columns = columns.map((column) => ({ column, values: new column.array(BATCH_EVENTS) }))
    this.#spilled = storedColumns(CONTEXT_FIELDS).filter(({ name }) => columns.every((column) => column.name !== name))
  }

  get isFull(): boolean {
    return this.length === BATCH_EVENTS || this.#textBytes > TEXT_BYTES_MAX
  }

  get #textBytes(): number {
    return this.#offsets[this.length] ?? 0
  }

  /** Takes rows of `batch` from row `from` on while there is room. @returns the first row that was not taken */
  take(batch: EventBatch, from: number): number {
    const start = this.length
    const spilled = this.#spilled.filter(({ of }) => of(batch) !== null)
    const rows = Math.min(batch.length - from, BATCH_EVENTS - start)
    let taken = 0
    while (taken < rows && !this.isFull) {
      this.#putDetail(storedDetail(batch, from + taken, spilled))
      taken += 1
    }
    for (const { column, values } of this.#columns) {
      const given = column.of(batch)
      if (given === null) values.fill(column.none, start, start + taken)
      else values.set(given.subarray(from, from + taken), start)
    }
    return from + taken
  }

  /** Writes the rows as the body of a batch. */
  writeTo(body: Uint8Array, layout: BodyLayout): void {
    const put = (bytes: Uint8Array, at: number): void => {
      body.set(bytes, at)
      body.fill(0, at + bytes.length, (at + bytes.length + 7) & ~7)
    }
    for (const [i, { column, values }] of this.#columns.entries()) {
      put(new Uint8Array(values.buffer, 0, this.length * column.width), layout.columns[i] ?? 0)
    }
    put(this.#validity.subarray(0, (this.length + 7) >> 3), layout.detailValidity)
    put(new Uint8Array(this.#offsets.buffer, 0, (this.length + 1) * 4), layout.detailOffsets)
    put(this.#text.subarray(0, this.#textBytes), layout.detailText)
  }

  /** Where the rows' columns will lie in the body of a batch. */
  layout(): BodyLayout {
    return bodyLayout(this.#stored, this.length, this.#textBytes)
  }

  clear(): void {
    this.length = 0
    this.rowsWithDetail = 0
    this.#validity.fill(0)
  }

  #putDetail(detail: string | null): void {
    const row = this.length
    const start = this.#textBytes
    this.length = row + 1
    if (detail === null) {
      this.#offsets[row + 1] = start
      return
    }
    const most = start + detail.length * 3
    if (most > this.#text.length) {
      const wider = new Uint8Array(Math.max(most, this.#text.length * 2))
      wider.set(this.#text.subarray(0, start))
      this.#text = wider
    }
    this.#offsets[row + 1] = start + encoder.encodeInto(detail, this.#text.subarray(start)).written
    this.#validity[row >> 3] = (this.#validity[row >> 3] ?? 0) | (1 << (row & 7))
    this.rowsWithDetail += 1
  }
}

/** What is stored for a row: its detail, and the context that has no column. */
function storedDetail(batch: EventBatch, row: number, spilled: readonly StoredColumn[]): string | null {
  let context: Record<string, number> | null = null
  for (const { name, of, none } of spilled) {
    const value = of(batch)?.[row]
    if (value === undefined || value === none || !Number.isFinite(value)) continue
    context ??= {}
    context[name] = value
  }
  return wrapDetail(batch.detail(row), context)
}
