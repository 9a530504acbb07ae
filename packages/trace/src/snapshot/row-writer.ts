import { ANY_LAYER_OPCODES, NO_ID, NOT_GIVEN } from '@reheap/kernel'
import type { Plan } from './plan.ts'
import { stackOf } from './request-groups.ts'
import { BatchSink } from './snapshot-batch.ts'
import { streamNumbers } from './stream-numbers.ts'

/** Microseconds whose nanoseconds a double holds exactly. */
const TIME_MAX = Math.floor(Number.MAX_SAFE_INTEGER / 1000)

/** Writes the rows of a snapshot's log: with when and where they were, and each stack before the first row that names it. */
export class RowWriter {
  readonly sink: BatchSink
  /** Dense numbers of streams by their pointers. */
  readonly streams: ReadonlyMap<number, number>
  readonly #plan: Plan
  /** Number of every stack in the log, by its first use; {@link NO_ID}: it has no row yet. */
  readonly #stackNumber: Uint32Array
  #nextStack = 0

  constructor(plan: Plan) {
    const { records } = plan.snapshot
    this.#plan = plan
    this.streams = streamNumbers(plan.snapshot)
    this.sink = new BatchSink(records, this.streams)
    this.#stackNumber = new Uint32Array(records.stacks.length).fill(NO_ID)
  }

  /** The number of a stream. */
  stream(pointer: number): number {
    return this.streams.get(pointer) ?? 0
  }

  /** Appends a row. @param stack row of the table of stacks @param time microseconds */
  push(code: number, tag: number, id: number, other: number, size: number, address: number, stack = NO_ID, time = Number.NaN): void {
    this.#stackRow(stack)
    this.sink.rows.push(code, tag, id, other, size, address)
    this.#context(stack, time)
  }

  /** Appends a row with the stack and time of an entry. */
  pushEntry(entry: number, code: number, tag: number, id: number, other: number, size: number, address: number): void {
    const { records } = this.#plan.snapshot
    this.push(code, tag, id, other, size, address, stackOf(records, entry), records.entries.time[entry])
  }

  /** Appends what an entry says as an observation. */
  fact(entry: number, device: number): void {
    const { records } = this.#plan.snapshot
    const stack = stackOf(records, entry)
    this.#stackRow(stack)
    this.sink.rows.pushFact(entry, device)
    this.#context(stack, records.entries.time[entry])
  }

  /** Appends a row of any layer. */
  tell(code: number, detail: object, time = Number.NaN): void {
    this.push(code, 0, NO_ID, NO_ID, NOT_GIVEN, NOT_GIVEN, NO_ID, time)
    this.detail(detail)
  }

  mark(label: string, time: number): void {
    this.tell(ANY_LAYER_OPCODES.Mark, { label }, time)
  }

  /** Gives the last row its detail. */
  detail(value: object): void {
    this.sink.last.setDetail(this.sink.last.length - 1, JSON.stringify(value))
  }

  #stackRow(stack: number): void {
    if (stack === NO_ID || this.#stackNumber[stack] !== NO_ID) return
    this.#stackNumber[stack] = this.#nextStack++
    this.sink.rows.pushStack(stack, this.#stackNumber[stack])
  }

  #context(stack: number, time: number): void {
    const rows = this.sink.last
    // A moment more than a hundred days away is none.
    const hasTime = time - this.#plan.start <= TIME_MAX
    if (stack === NO_ID && !hasTime) return
    const nanoseconds = hasTime ? (time - this.#plan.start) * 1000 : undefined
    rows.setContext(rows.length - 1, { stack: stack === NO_ID ? undefined : this.#stackNumber[stack], time: nanoseconds })
  }
}
