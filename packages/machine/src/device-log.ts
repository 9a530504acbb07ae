/** A device's log in memory: what replays under many settings need of it. */
import { type ACTION_FACTS, type DriverAnswer, REQUEST_OPCODES } from '@reheap/device-memory'
import { ANY_LAYER_OPCODES, type EventBatch, EventColumns, NO_ID, OPCODE_RANGES } from '@reheap/kernel'
import type { Observation } from './observation.ts'
import { type Frame, LoggedStacks } from './stacks.ts'

const { Mark, Stack, Observe } = ANY_LAYER_OPCODES
const { from: FIRST, to: LAST } = OPCODE_RANGES.deviceMemory

/** What the driver was seen to do for a request. */
export interface RecordedAnswer {
  /** Index of the request. */
  readonly index: number
  readonly answer: DriverAnswer
}

/** Everything of it can be sent to another thread. */
export interface DeviceLogParts {
  readonly rows: Pick<EventColumns, 'length' | 'code' | 'tag' | 'id' | 'other' | 'size' | 'address'>
  readonly details: readonly (readonly [row: number, json: string])[]
}

/** Feed it every batch in order. Rows keep their index in the log; of observations at most the driver's answers are kept. */
export class DeviceLog {
  readonly rows: EventColumns
  readonly answers: RecordedAnswer[] = []
  readonly marks: { readonly index: number; readonly label: string }[] = []
  readonly #stacks = new LoggedStacks()
  readonly #details: (readonly [row: number, json: string])[] = []
  readonly #keepsAnswers: boolean
  #request = -1

  /** @param keepsAnswers are the driver's answers wanted? They cost more than all else @param capacity rows, where it is known how many come */
  constructor(keepsAnswers = true, capacity = 1024) {
    this.#keepsAnswers = keepsAnswers
    this.rows = new EventColumns(capacity)
  }

  /** Takes the rows before row `to`. */
  feed(batch: EventBatch, to: number = batch.length): void {
    const { rows } = this
    this.#stacks.feed(batch, to)
    for (let row = 0; row < to; row++) {
      const code = batch.code[row]
      const index = rows.length
      rows.push(code, batch.tag[row], batch.id[row], batch.other[row], batch.size[row], batch.address[row])
      if (code >= FIRST && code <= LAST) {
        this.#request = index
        if (batch.stack !== null && batch.stack[row] !== NO_ID) rows.setContext(index, { stack: batch.stack[row] })
        const detail = code === REQUEST_OPCODES.Configure || code === REQUEST_OPCODES.RestoreSegment ? batch.detail(row) : null
        if (detail !== null) {
          rows.setDetail(index, detail)
          this.#details.push([index, detail])
        }
      } else if (code >= Mark) this.#feedOther(batch, row, index)
    }
  }

  get length(): number {
    return this.rows.length
  }

  /** Frames of the stack that a row names, innermost first; empty where it names none. */
  frames(row: number): readonly Frame[] {
    const stack = this.rows.stack?.[row] ?? NO_ID
    return this.framesOf(stack)
  }

  framesOf(stack: number): readonly Frame[] {
    return this.#stacks.framesOf(stack)
  }

  parts(): DeviceLogParts {
    const { length, code, tag, id, other, size, address } = this.rows
    return { rows: { length, code, tag, id, other, size, address }, details: this.#details }
  }

  #feedOther(batch: EventBatch, row: number, index: number): void {
    const code = batch.code[row]
    if (code === Observe && (!this.#keepsAnswers || batch.mayBeOfDriver?.(row) === false)) return
    if (code === Stack) return
    const detail = batch.detail(row) ?? '{}'
    if (code === Mark) {
      const { label } = JSON.parse(detail) as { readonly label?: unknown }
      this.marks.push({ index, label: typeof label === 'string' ? label : '' })
    } else if (code === Observe && this.#request >= 0 && OF_DRIVER.test(detail)) {
      const { values } = JSON.parse(detail) as Observation
      const answer = driverAnswer(values)
      if (answer !== null) this.answers.push({ index: this.#request, answer })
    }
  }
}

const ANSWERS: readonly string[] = [
  'segment_alloc',
  'segment_free',
  'segment_map',
  'segment_unmap',
  'oom',
] satisfies (keyof typeof ACTION_FACTS)[]
/** Most facts are not the driver's: those are not parsed. */
const OF_DRIVER = /"action":"(?:segment_|oom")/
const whole = (value: unknown): number => (typeof value === 'number' ? value : 0)

/** A recorded fact as the driver's answer; null: the driver had no part in it. */
export function driverAnswer({ action, device, address, bytes, deviceFreeBytes }: Observation['values']): DriverAnswer | null {
  if (typeof action !== 'string' || !ANSWERS.includes(action)) return null
  return {
    action: action as DriverAnswer['action'],
    device: whole(device),
    address: whole(action === 'oom' ? deviceFreeBytes : address),
    bytes: whole(bytes),
  }
}
