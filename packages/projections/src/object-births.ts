/** Which event made an object, and which gave it what it holds beside its own block. */
import { REQUEST_OPCODES } from '@reheap/refcount'
import { LastEvents } from './last-events.ts'
import type { PastEvents } from './past-events.ts'

const { CreateObject, ResizeObject } = REQUEST_OPCODES

/** Which event made each object; looked up when somebody asks first. */
export class ObjectBirths {
  readonly #log: PastEvents
  /** By object; null: nobody has asked so far. */
  #created: LastEvents | null = null
  #resized: LastEvents | null = null

  constructor(log: PastEvents) {
    this.#log = log
  }

  /** The last event before `at` that made an object; -1: none. */
  created(object: number, at: number): number {
    this.#created ??= eventsOf(this.#log, CreateObject)
    return this.#created.before(object, at)
  }

  /** The last event before `at` that changed what it holds beside its own block; -1: none. */
  resized(object: number, at: number): number {
    this.#resized ??= eventsOf(this.#log, ResizeObject)
    return this.#resized.before(object, at)
  }
}

function eventsOf({ batches, length }: PastEvents, kind: number): LastEvents {
  const events = new LastEvents(length)
  for (const { firstIndex, length: rows, code, id } of batches.having(kind))
    for (let row = 0; row < rows; row++) if (code[row] === kind) events.add(id[row], firstIndex + row)
  return events
}
