/** Which line of the program asked for an event, and where the next one begins. */
import { NO_ID } from '@reheap/kernel'
import { ownFrame } from '@reheap/machine'
import type { StackAnswer } from './explore-messages.ts'
import type { LogStore } from './log-store.ts'
import type { Stacks } from './stacks.ts'
import type { Steps } from './steps.ts'

/** Stacks that are read without a pause. */
const STACKS_AT_ONCE = 200

export class SourceLines {
  readonly #log: LogStore
  readonly #stacks: Stacks

  constructor(log: LogStore, stacks: Stacks) {
    this.#log = log
    this.#stacks = stacks
  }

  at(index: number): StackAnswer {
    return this.#stacks.told(this.#log.batches.value('stack', index) ?? NO_ID)
  }

  /**
   * The next event on another line than that of event `from`, or the last one before it. Yields where something else may be answered.
   *
   * @returns null: there is none
   */
  *step(from: number, direction: 1 | -1): Steps<number | null> {
    const own = this.#lineOf(this.#nearestStack(from))
    /** Stacks on that line: each is read once. */
    const same = new Set([NO_ID])
    const [first, end] = direction > 0 ? [from + 1, this.#log.length] : [0, from]
    for (const { firstIndex, values } of this.#log.batches.column('stack', first, end, direction)) {
      let row = direction > 0 ? Math.max(0, first - firstIndex) : Math.min(values.length, end - firstIndex) - 1
      for (; row >= 0 && row < values.length; row += direction) {
        const stack = values[row]
        if (same.has(stack)) continue
        if (this.#lineOf(stack) !== own) return firstIndex + row
        same.add(stack)
        if (same.size % STACKS_AT_ONCE === 0) yield
      }
      yield
    }
    return null
  }

  /** Stack of the last event up to `from` that names one. */
  #nearestStack(from: number): number {
    for (const { firstIndex, values } of this.#log.batches.column('stack', 0, from + 1, -1))
      for (let row = Math.min(values.length, from + 1 - firstIndex) - 1; row >= 0; row--) if (values[row] !== NO_ID) return values[row]
    return NO_ID
  }

  #lineOf(stack: number): string {
    const frame = ownFrame(this.#stacks.framesOf(stack))
    return frame === undefined ? '' : `${frame.file}:${frame.line}`
  }
}
