import { type EventBatch, NO_ID, NOT_GIVEN } from './batch.ts'
import { grown } from './columns.ts'

/** What may stand on any event, as in {@link EventBatch}'s columns. A field left out keeps its default. */
export interface RowContext {
  readonly time?: number | undefined
  readonly thread?: number | undefined
  readonly heap?: number | undefined
  readonly stack?: number | undefined
}

/**
 * Events in the making, as they will be stored: what an importer and a recorder fill. Grows by
 * doubling. A context column exists from the first row that needs it; rows without hold its default.
 */
export class EventColumns implements EventBatch {
  length = 0
  firstIndex: number
  code: Uint8Array
  tag: Uint8Array
  id: Uint32Array
  other: Uint32Array
  size: Float64Array
  address: Float64Array
  time: Float64Array | null = null
  thread: Uint16Array | null = null
  heap: Uint16Array | null = null
  stack: Uint32Array | null = null
  readonly #details = new Map<number, string>()

  constructor(capacity = 1024, firstIndex = 0) {
    const room = Math.max(1, capacity)
    this.firstIndex = firstIndex
    this.code = new Uint8Array(room)
    this.tag = new Uint8Array(room)
    this.id = new Uint32Array(room)
    this.other = new Uint32Array(room)
    this.size = new Float64Array(room)
    this.address = new Float64Array(room)
  }

  detail(row: number): string | null {
    return this.#details.get(row) ?? null
  }

  /** Appends one row, without context or detail. */
  push(code: number, tag: number, id: number, other: number, size: number, address: number): void {
    const row = this.length
    if (row === this.code.length) this.grow()
    this.code[row] = code
    this.tag[row] = tag
    this.id[row] = id
    this.other[row] = other
    this.size[row] = size
    this.address[row] = address
    this.length = row + 1
  }

  /** Gives an appended row its detail. @param json one JSON object */
  setDetail(row: number, json: string): void {
    this.#details.set(row, json)
  }

  /** Gives an appended row its context. */
  setContext(row: number, context: RowContext): void {
    const capacity = this.code.length
    if (context.time !== undefined) {
      this.time ??= new Float64Array(capacity).fill(NOT_GIVEN)
      this.time[row] = context.time
    }
    if (context.thread !== undefined) {
      this.thread ??= new Uint16Array(capacity)
      this.thread[row] = context.thread
    }
    if (context.heap !== undefined) {
      this.heap ??= new Uint16Array(capacity)
      this.heap[row] = context.heap
    }
    if (context.stack !== undefined) {
      this.stack ??= new Uint32Array(capacity).fill(NO_ID)
      this.stack[row] = context.stack
    }
  }

  /** Forgets every row, with its context and detail, and keeps the memory of the operand columns. */
  clear(): void {
    this.length = 0
    this.time = null
    this.thread = null
    this.heap = null
    this.stack = null
    this.#details.clear()
  }

  private grow(): void {
    const old = this.code.length
    const capacity = old * 2
    this.code = grown(this.code, capacity)
    this.tag = grown(this.tag, capacity)
    this.id = grown(this.id, capacity)
    this.other = grown(this.other, capacity)
    this.size = grown(this.size, capacity)
    this.address = grown(this.address, capacity)
    this.time = this.time && grown(this.time, capacity).fill(NOT_GIVEN, old)
    this.thread = this.thread && grown(this.thread, capacity)
    this.heap = this.heap && grown(this.heap, capacity)
    this.stack = this.stack && grown(this.stack, capacity).fill(NO_ID, old)
  }
}
