/**
 * Columns of events: what a log stores, what a mechanism reads, what a mechanism answers.
 *
 * Every layer shares the same six operand columns, so that a batch read from disk is handed to a
 * mechanism as it lies in memory. What a column means for one kind of event stands in that
 * package's `events.ts`. An operand that a kind does not use holds the column's "none".
 */

/** "None" in an id column. The largest dense id is therefore 2^32 - 2. */
export const NO_ID = 0xffff_ffff

/** "Not given" in an address or size column. Test it with `Number.isNaN` or `x !== x`. */
export const NOT_GIVEN = Number.NaN

/**
 * A run of events as columns.
 *
 * @shape every column holds at least `length` rows; rows from `length` on are undefined
 */
export interface Batch<Code extends number = number> {
  /** Phantom: the opcodes that may stand in `code`. */
  readonly _code?: Code
  readonly length: number
  /** Index in the log of row 0. Row `i` is event `firstIndex + i`. */
  readonly firstIndex: number
  /** Opcode of the event; see `opcodes.ts` for the range of each layer. */
  readonly code: Uint8Array
  /** A small operand: the domain of an allocation, a flag, a size class. */
  readonly tag: Uint8Array
  /** The thing that the event is about, a dense id. */
  readonly id: Uint32Array
  /** A second id or a count. */
  readonly other: Uint32Array
  /** Bytes, unless the kind says otherwise; exact up to 2^53. */
  readonly size: Float64Array
  /** Address in bytes, exact up to 2^53. */
  readonly address: Float64Array
}

/** Facts: a batch whose every row knows the event that caused it. */
export interface FactBatch<Code extends number = number> extends Batch<Code> {
  /** Index in the log of the request that caused the fact. */
  readonly cause: Float64Array
}

/**
 * Events as they are stored: a batch, plus what only some events carry.
 *
 * A column that is null is absent from the whole batch: every row holds the default named there.
 */
export interface EventBatch extends Batch {
  /** Nanoseconds since the start of the recording; NaN where not given. */
  readonly time: Float64Array | null
  /** Dense thread number; default 0. */
  readonly thread: Uint16Array | null
  /** Dense number of the allocator state that answered (a sub-interpreter's own from CPython 3.12); default 0. */
  readonly heap: Uint16Array | null
  /** Id of a `Stack` event; default {@link NO_ID}. */
  readonly stack: Uint32Array | null
  /** What does not fit into columns, as one JSON object: a label, observed values, frames. */
  detail(row: number): string | null
  /** Can an observation be what the driver of a device did? For batches that know it before they put it into words. */
  mayBeOfDriver?(row: number): boolean
  /** The stack that a `Stack` row defines, for batches that know it before they put it into words. */
  stackAt?(row: number): StackInWaiting
}

/** A stack whose detail is put into words when somebody asks for it. It does not keep its batch. */
export interface StackInWaiting {
  readonly stack: number
  detail(): string
}

/** The stack that a `Stack` row defines. */
export function stackAt(batch: EventBatch, row: number): StackInWaiting {
  if (batch.stackAt !== undefined) return batch.stackAt(row)
  const detail = batch.detail(row) ?? '{}'
  const { stack = NO_ID } = JSON.parse(detail) as { readonly stack?: number }
  return { stack, detail: () => detail }
}

/** Rows `from` to `to` of a batch as views on the same memory: no copy. */
export function sliceBatch<Code extends number>(batch: Batch<Code>, from: number, to: number): Batch<Code> {
  return {
    length: to - from,
    firstIndex: batch.firstIndex + from,
    code: batch.code.subarray(from, to),
    tag: batch.tag.subarray(from, to),
    id: batch.id.subarray(from, to),
    other: batch.other.subarray(from, to),
    size: batch.size.subarray(from, to),
    address: batch.address.subarray(from, to),
  }
}

/** The same of events, with what only some of them carry. */
export function sliceEvents(batch: EventBatch, from: number, to: number): EventBatch {
  return {
    ...sliceBatch(batch, from, to),
    time: batch.time?.subarray(from, to) ?? null,
    thread: batch.thread?.subarray(from, to) ?? null,
    heap: batch.heap?.subarray(from, to) ?? null,
    stack: batch.stack?.subarray(from, to) ?? null,
    detail: (row) => batch.detail(from + row),
  }
}
