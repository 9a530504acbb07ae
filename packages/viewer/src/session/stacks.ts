/** Stacks of a log by their id, each read when somebody asks for it. */
import { ANY_LAYER_OPCODES, NO_ID, type StackInWaiting, stackAt } from '@reheap/kernel'
import { type Frame, ownFrame } from '@reheap/machine'
import type { StackAnswer } from './explore-messages.ts'
import type { LogStore } from './log-store.ts'

const { Stack } = ANY_LAYER_OPCODES

export class Stacks {
  readonly #log: LogStore
  #found: ReadonlyMap<number, StackInWaiting> | null = null
  /** Frames of those that were asked for. */
  readonly #frames = new Map<number, readonly Frame[]>()

  constructor(log: LogStore) {
    this.#log = log
  }

  /** Innermost frame first; empty: the log does not say. */
  framesOf(stack: number): readonly Frame[] {
    if (stack === NO_ID) return []
    const known = this.#frames.get(stack)
    if (known !== undefined) return known
    const json = this.#all().get(stack)?.detail() ?? '{"frames":[]}'
    const { frames } = JSON.parse(json) as { readonly frames: readonly Frame[] }
    this.#frames.set(stack, frames)
    return frames
  }

  /** A stack with the frame that is the program's own. */
  told(stack: number): StackAnswer {
    const frames = this.framesOf(stack)
    return { frames, own: ownFrame(frames) ?? null }
  }

  /** Does no event name a stack? */
  get isEmpty(): boolean {
    return !this.#log.batches.has('stack', NO_ID)
  }

  *all(): Iterable<readonly [stack: number, frames: readonly Frame[]]> {
    for (const stack of this.#all().keys()) yield [stack, this.framesOf(stack)]
  }

  #all(): ReadonlyMap<number, StackInWaiting> {
    if (this.#found !== null) return this.#found
    const found = new Map<number, StackInWaiting>()
    for (const batch of this.#log.batches.having(Stack)) {
      for (let row = batch.code.indexOf(Stack); row >= 0 && row < batch.length; row = batch.code.indexOf(Stack, row + 1)) {
        const stack = stackAt(batch, row)
        found.set(stack.stack, stack)
      }
    }
    this.#found = found
    return found
  }
}

/** A frame in one line. */
export const frameText = ({ file, line, function: name }: Frame): string => `${name} (${file}:${line})`
