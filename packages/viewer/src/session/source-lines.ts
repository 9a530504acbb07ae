/** Which line of the program asked for an event, and where the next one begins. */
import { NO_ID } from '@reheap/kernel'
import { ownFrame } from '@reheap/machine'
import type { StackAnswer } from './explore-messages.ts'
import type { LogStore } from './log-store.ts'
import type { Stacks } from './stacks.ts'

export class SourceLines {
  readonly #log: LogStore
  readonly #stacks: Stacks

  constructor(log: LogStore, stacks: Stacks) {
    this.#log = log
    this.#stacks = stacks
  }

  at(index: number): StackAnswer {
    return this.#stacks.told(this.#stackOf(index))
  }

  /**
   * The next event on another line than that of event `from`, or the last one before it.
   *
   * @returns null: there is none
   */
  step(from: number, direction: 1 | -1): number | null {
    const own = this.#lineOf(this.#nearestStack(from))
    for (let index = from + direction; index >= 0 && index < this.#log.length; index += direction) {
      const stack = this.#stackOf(index)
      if (stack !== NO_ID && this.#lineOf(stack) !== own) return index
    }
    return null
  }

  /** Stack of the last event up to `from` that names one. */
  #nearestStack(from: number): number {
    for (let index = from; index >= 0; index--) {
      const stack = this.#stackOf(index)
      if (stack !== NO_ID) return stack
    }
    return NO_ID
  }

  #stackOf(index: number): number {
    return this.#log.batches.value('stack', index) ?? NO_ID
  }

  #lineOf(stack: number): string {
    const frame = ownFrame(this.#stacks.framesOf(stack))
    return frame === undefined ? '' : `${frame.file}:${frame.line}`
  }
}
