/** Whose memory a block is that the machine asked for. */
import { NO_ID, type Sealed } from '@reheap/kernel'
import { objectGraph } from '@reheap/refcount'
import { keeper } from './machine.ts'
import type { MachineState } from './machine-draft.ts'

/** A live object whose memory a block is. */
export interface BlockOwner {
  /** Null: the runtime made it for itself. */
  readonly object: number | null
  readonly type: number | null
  /** Does it hold the block beside its own? */
  readonly isBeside: boolean
}

/** The owner of a block that no call of the log asked for; null: the log holds the call, or the object has died and a free list keeps its memory. */
export function ownerOfBlock(state: Sealed<MachineState>, block: number): BlockOwner | null {
  const { blocks, objects } = keeper.read(state)
  const row = blocks.rowOf(block)
  const graph = objectGraph(objects)
  if (!graph.isLive(row)) return null
  const object = graph.object[row]
  return { object: object === NO_ID ? null : object, type: graph.typeOf(row), isBeside: blocks.besideOf(row) === block }
}
