import type { EventBatch } from '@reheap/kernel'

/** Rows of a chunk, and bytes of text for their details. */
export const CHUNK_ROWS = 16_384
const TEXT_BYTES = 1 << 19
const HEADER_BYTES = 16
const DECODER = new TextDecoder()

/** A piece of memory that both threads see: how many rows are whole, then the columns, then the text of details. */
export type EventChunk = SharedArrayBuffer

/** Room for so many rows, with text for at least one detail of so many bytes. */
export const newChunk = (detailBytes: number): EventChunk =>
  new SharedArrayBuffer(HEADER_BYTES + CHUNK_ROWS * ROW_BYTES + Math.max(TEXT_BYTES, detailBytes))

const ROW_BYTES = 8 + 8 + 4 + 4 + 4 + 4 + 1 + 1

/** The columns of a chunk as views on its memory. */
export class ChunkColumns {
  readonly whole: Int32Array
  readonly size: Float64Array
  readonly address: Float64Array
  readonly id: Uint32Array
  readonly other: Uint32Array
  readonly stack: Uint32Array
  /** Where the text of a row's detail ends; it begins where that of the row before ends. */
  readonly detailEnd: Int32Array
  readonly code: Uint8Array
  readonly tag: Uint8Array
  readonly text: Uint8Array

  constructor(chunk: EventChunk) {
    let at = HEADER_BYTES
    const next = (bytesEach: number): number => {
      const from = at
      at += bytesEach * CHUNK_ROWS
      return from
    }
    this.whole = new Int32Array(chunk, 0, 1)
    this.size = new Float64Array(chunk, next(8), CHUNK_ROWS)
    this.address = new Float64Array(chunk, next(8), CHUNK_ROWS)
    this.id = new Uint32Array(chunk, next(4), CHUNK_ROWS)
    this.other = new Uint32Array(chunk, next(4), CHUNK_ROWS)
    this.stack = new Uint32Array(chunk, next(4), CHUNK_ROWS)
    this.detailEnd = new Int32Array(chunk, next(4), CHUNK_ROWS)
    this.code = new Uint8Array(chunk, next(1), CHUNK_ROWS)
    this.tag = new Uint8Array(chunk, next(1), CHUNK_ROWS)
    this.text = new Uint8Array(chunk, at)
  }

  detail(row: number): string | null {
    const from = row === 0 ? 0 : (this.detailEnd[row - 1] ?? 0)
    const to = this.detailEnd[row] ?? 0
    return from === to ? null : DECODER.decode(this.text.slice(from, to))
  }
}

/** Reads the rows of a chunk that are whole, each once. */
export class ChunkReader {
  private readonly columns: ChunkColumns
  private read = 0

  constructor(chunk: EventChunk) {
    this.columns = new ChunkColumns(chunk)
  }

  /** The rows that became whole since it was last asked, as views on the chunk; null: none. */
  take(firstIndex: number): EventBatch | null {
    const from = this.read
    const to = Atomics.load(this.columns.whole, 0)
    if (to === from) return null
    this.read = to
    const { columns } = this
    return {
      length: to - from,
      firstIndex,
      code: columns.code.subarray(from, to),
      tag: columns.tag.subarray(from, to),
      id: columns.id.subarray(from, to),
      other: columns.other.subarray(from, to),
      size: columns.size.subarray(from, to),
      address: columns.address.subarray(from, to),
      time: null,
      thread: null,
      heap: null,
      stack: columns.stack.subarray(from, to),
      detail: (row) => columns.detail(from + row),
    }
  }
}
