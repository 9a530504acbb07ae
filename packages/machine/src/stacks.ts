/** Stacks of a log by their id, each read when somebody asks for it. */
import { ANY_LAYER_OPCODES, type EventBatch, type StackInWaiting, stackAt } from '@reheap/kernel'

const { Stack } = ANY_LAYER_OPCODES

/** A frame of a stack. */
export interface Frame {
  readonly file: string
  readonly line: number
  readonly function: string
}

/** Feed it every batch in order. */
export class LoggedStacks {
  readonly #details = new Map<number, StackInWaiting>()

  /** Takes the rows before row `to`. */
  feed(batch: EventBatch, to: number = batch.length): void {
    const { code } = batch
    for (let row = code.indexOf(Stack); row >= 0 && row < to; row = code.indexOf(Stack, row + 1)) {
      const stack = stackAt(batch, row)
      this.#details.set(stack.stack, stack)
    }
  }

  /** Innermost frame first; empty: the log does not say. */
  framesOf(stack: number): readonly Frame[] {
    const known = this.#details.get(stack)
    return known === undefined ? [] : (JSON.parse(known.detail()) as { readonly frames: readonly Frame[] }).frames
  }
}
