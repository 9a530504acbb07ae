/** Which event made a block, and the stack it came from. */
import { REQUEST_OPCODES } from '@reheap/allocator'
import { NO_ID } from '@reheap/kernel'
import type { LogStore } from './log-store.ts'
import { frameText, type Stacks } from './stacks.ts'

const { Malloc, Calloc, Realloc } = REQUEST_OPCODES

export class BlockBirths {
  readonly #log: LogStore
  readonly #stacks: Stacks

  constructor(log: LogStore, stacks: Stacks) {
    this.#log = log
    this.#stacks = stacks
  }

  /** The last event before `at` that gave the block its id. */
  of(block: number, at: number): { readonly born: number | null; readonly frames: readonly string[] } {
    for (const batch of this.#log.batches.toReversed()) {
      for (let row = Math.min(batch.length, at - batch.firstIndex) - 1; row >= 0; row--) {
        const code = batch.code[row]
        const isBirth =
          ((code === Malloc || code === Calloc) && batch.id[row] === block) || (code === Realloc && batch.other[row] === block)
        if (!isBirth) continue
        const stack = batch.stack?.[row] ?? NO_ID
        return { born: batch.firstIndex + row, frames: this.#stacks.framesOf(stack).map(frameText) }
      }
    }
    return { born: null, frames: [] }
  }
}
