import { NO_ID, NOT_GIVEN } from '@reheap/kernel'
import { CHUNK_ROWS, ChunkColumns, type EventChunk, newChunk } from './event-chunk.ts'
import { HeldRows } from './held-rows.ts'

/** A chunk with fewer free rows is left at the next commit, so that what belongs together lies in one chunk. */
const ROWS_KEPT = 256
const ENCODER = new TextEncoder()

/** Writes events as rows where another thread can read them, even if this one is stopped at any moment. */
export class EventWriter {
  /** Stack that the next rows name. */
  stack = NO_ID
  private readonly announce: (chunk: EventChunk) => void
  private columns: ChunkColumns
  private rows = 0
  private textEnd = 0
  private committed = 0
  private held: HeldRows | null = null

  /** The other thread has to hear of a chunk before anything is written into it. */
  constructor(announce: (chunk: EventChunk) => void) {
    this.announce = announce
    this.columns = this.opened(0)
  }

  /** Appends a row; while rows are held, behind those. */
  push(code: number, tag: number, id: number, other: number, size: number, address: number): void {
    if (this.held !== null) this.held.push(code, tag, id, other, size, address, this.stack, null)
    else this.put(code, tag, id, other, size, address, this.stack, null)
  }

  /** Appends a row that has a detail, one JSON object. */
  pushDetail(code: number, tag: number, id: number, detail: string): void {
    if (this.held !== null) this.held.push(code, tag, id, NO_ID, NOT_GIVEN, NOT_GIVEN, this.stack, detail)
    else this.put(code, tag, id, NO_ID, NOT_GIVEN, NOT_GIVEN, this.stack, detail)
  }

  /** A definition may stand before rows that are held. */
  define(code: number, tag: number, id: number, detail: string): void {
    this.put(code, tag, id, NO_ID, NOT_GIVEN, NOT_GIVEN, NO_ID, detail)
  }

  /** All rows so far may be read. */
  commit(): void {
    if (this.held !== null) return
    Atomics.store(this.columns.whole, 0, this.rows)
    this.committed = this.rows
    if (CHUNK_ROWS - this.rows < ROWS_KEPT) this.columns = this.opened(0)
  }

  /** Takes the last rows back, if they can have been read by nobody and are those expected. */
  withdraw(codes: readonly number[]): boolean {
    const first = this.rows - codes.length
    if (this.held !== null || first < this.committed) return false
    for (const [index, code] of codes.entries()) if (this.columns.code[first + index] !== code) return false
    this.rows = first
    return true
  }

  /** A place to which {@link amend} can come back. */
  get place(): { readonly columns: ChunkColumns; readonly row: number } {
    return { columns: this.columns, row: this.rows }
  }

  /** Changes size and tag of a row that nobody can have read; false: it is too late. */
  amend(place: EventWriter['place'], tag: number, size: number): boolean {
    if (place.columns !== this.columns || place.row < this.committed || place.row >= this.rows) return false
    this.columns.tag[place.row] = tag
    this.columns.size[place.row] = size
    return true
  }

  get isHeld(): boolean {
    return this.held !== null
  }

  /** From now on rows are kept aside, so that others can come before them. */
  hold(): void {
    this.held = new HeldRows()
  }

  /** Ends the hold; what was kept aside is to be appended by {@link append}. */
  unhold(): HeldRows {
    const held = this.held ?? new HeldRows()
    this.held = null
    return held
  }

  append(held: HeldRows): void {
    const { rows } = held
    for (let row = 0; row < rows.length; row++) {
      const [stack, detail] = [held.stacks[row] ?? NO_ID, held.details.get(row) ?? null]
      const { code, tag, id, other, size, address } = rows
      this.put(code[row] ?? 0, tag[row] ?? 0, id[row] ?? 0, other[row] ?? 0, size[row] ?? 0, address[row] ?? 0, stack, detail)
    }
  }

  private put(
    code: number,
    tag: number,
    id: number,
    other: number,
    size: number,
    address: number,
    stack: number,
    detail: string | null,
  ): void {
    // A UTF-16 unit takes at most three bytes.
    const detailBytes = detail === null ? 0 : detail.length * 3
    if (this.rows === CHUNK_ROWS || this.columns.text.length - this.textEnd < detailBytes) {
      Atomics.store(this.columns.whole, 0, this.rows)
      this.columns = this.opened(detailBytes)
    }
    const { columns } = this
    const row = this.rows
    columns.code[row] = code
    columns.tag[row] = tag
    columns.id[row] = id
    columns.other[row] = other
    columns.size[row] = size
    columns.address[row] = address
    columns.stack[row] = stack
    if (detail !== null) {
      // Browsers encode into memory of one thread only.
      const text = ENCODER.encode(detail)
      columns.text.set(text, this.textEnd)
      this.textEnd += text.length
    }
    columns.detailEnd[row] = this.textEnd
    this.rows = row + 1
  }

  private opened(detailBytes: number): ChunkColumns {
    const chunk = newChunk(detailBytes)
    this.rows = 0
    this.textEnd = 0
    this.committed = 0
    this.announce(chunk)
    return new ChunkColumns(chunk)
  }
}
