/** Who made a block: when, on which thread, for which object. */
import { REQUEST_OPCODES } from '@reheap/allocator'
import { type EventBatch, NO_ID } from '@reheap/kernel'
import { REQUEST_OPCODES as OBJECTS } from '@reheap/refcount'
import { LastEvents } from './last-events.ts'
import type { PastEvents } from './past-events.ts'

const { Malloc, Calloc, Realloc } = REQUEST_OPCODES
const { CreateObject } = OBJECTS

/** What a live block was made for. */
export interface BlockOwner {
  readonly object: number
  readonly type: number
}

/** Which event made each block of the object allocator. Feed it every batch in order. */
export class BlockBirths {
  readonly #log: PastEvents
  readonly #births: LastEvents
  /** Objects by the block that they were made in; null: nobody has asked so far. */
  #objects: LastEvents | null = null

  constructor(log: PastEvents) {
    this.#log = log
    this.#births = new LastEvents(log.length)
  }

  /** Takes the log in order. */
  feed({ firstIndex, length, code, id, other }: EventBatch): void {
    for (let row = 0; row < length; row++) {
      const kind = code[row]
      if (kind === Malloc || kind === Calloc) this.#births.add(id[row], firstIndex + row)
      else if (kind === Realloc) this.#births.add(other[row], firstIndex + row)
    }
  }

  /** The last event before `at` that made a block; -1: none is known. */
  born(block: number, at: number): number {
    return this.#births.before(block, at)
  }

  /** Thread of an event. @param born index of the event */
  thread(born: number): number {
    return this.#log.batches.value('thread', born) ?? 0
  }

  /** Stack that asked for a block, or `NO_ID`. */
  stack(born: number): number {
    return this.#log.batches.value('stack', born) ?? NO_ID
  }

  /** The object that a block was made for, or the block that it was resized from; null: none of the log. */
  owner(block: number, born: number, at: number): BlockOwner | null {
    this.#objects ??= objectsByBlock(this.#log)
    const { batches } = this.#log
    // A block that was resized is followed back to where it began.
    for (let [of, made, until] = [block, born, at]; made >= 0; ) {
      const created = this.#objects.before(of, until)
      if (created > made) return { object: batches.value('id', created) ?? NO_ID, type: batches.value('other', created) ?? NO_ID }
      if (batches.value('code', made) !== Realloc) return null
      of = batches.value('id', made) ?? NO_ID
      until = made
      made = this.born(of, until)
    }
    return null
  }
}

function objectsByBlock({ batches, length }: PastEvents): LastEvents {
  const objects = new LastEvents(length)
  for (const { firstIndex, length: rows, code, address } of batches.having(CreateObject))
    for (let row = 0; row < rows; row++)
      if (code[row] === CreateObject && !Number.isNaN(address[row])) objects.add(address[row], firstIndex + row)
  return objects
}
