/** Which event made a block, and the stack it came from. */
import { REQUEST_OPCODES } from '@reheap/allocator'
import { ANY_LAYER_OPCODES, NO_ID } from '@reheap/kernel'
import type { LogStore } from './log-store.ts'

const { Malloc, Calloc, Realloc } = REQUEST_OPCODES
const { Stack } = ANY_LAYER_OPCODES

interface Frame {
  readonly file: string
  readonly line: number
  readonly function: string
}

export class BlockBirths {
  readonly #log: LogStore
  #stacks: Map<number, readonly string[]> | null = null

  constructor(log: LogStore) {
    this.#log = log
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
        return { born: batch.firstIndex + row, frames: stack === NO_ID ? [] : (this.#frames().get(stack) ?? []) }
      }
    }
    return { born: null, frames: [] }
  }

  #frames(): Map<number, readonly string[]> {
    if (this.#stacks !== null) return this.#stacks
    const stacks = new Map<number, readonly string[]>()
    for (const batch of this.#log.batches) {
      for (let row = 0; row < batch.length; row++) {
        if (batch.code[row] !== Stack) continue
        const { stack, frames } = JSON.parse(batch.detail(row) ?? '{"stack":0,"frames":[]}') as { stack: number; frames: readonly Frame[] }
        stacks.set(
          stack,
          frames.map((frame) => `${frame.function} (${frame.file}:${frame.line})`),
        )
      }
    }
    this.#stacks = stacks
    return stacks
  }
}
