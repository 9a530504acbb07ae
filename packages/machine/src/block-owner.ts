/** Whose memory a block is that the machine asked for. */
import { NO_ID, type Sealed } from '@reheap/kernel'
import { type ObjectGraph, objectGraph } from '@reheap/refcount'
import { keeper } from './machine.ts'
import type { MachineState } from './machine-draft.ts'
import type { ObjectBlocks } from './object-blocks.ts'

/** A live object whose memory a block is. */
export interface BlockOwner {
  /** Null: the runtime made it for itself. */
  readonly object: number | null
  readonly type: number | null
  /** Does it hold the block beside its own? */
  readonly isBeside: boolean
}

/** Owners of the blocks of one state. */
export class BlockOwners {
  readonly #blocks: ObjectBlocks
  readonly #graph: ObjectGraph

  constructor(state: Sealed<MachineState>) {
    const { blocks, objects } = keeper.read(state)
    this.#blocks = blocks
    this.#graph = objectGraph(objects)
  }

  /** The owner of a block that no call of the log asked for; null: the log holds the call, or the object has died and a free list keeps its memory. */
  of(block: number): BlockOwner | null {
    const row = this.#blocks.rowOf(block)
    if (!this.#graph.isLive(row)) return null
    const object = this.#graph.object[row]
    return { object: object === NO_ID ? null : object, type: this.#graph.typeOf(row), isBeside: this.#blocks.besideOf(row) === block }
  }
}
