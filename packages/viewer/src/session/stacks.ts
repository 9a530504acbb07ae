/** Stacks of a log by their id, read once. */
import { ANY_LAYER_OPCODES, NO_ID } from '@reheap/kernel'
import type { Frame } from '@reheap/machine'
import type { LogStore } from './log-store.ts'

const { Stack } = ANY_LAYER_OPCODES

export class Stacks {
  readonly #log: LogStore
  #frames: ReadonlyMap<number, readonly Frame[]> | null = null

  constructor(log: LogStore) {
    this.#log = log
  }

  /** Innermost frame first; empty: the log does not say. */
  framesOf(stack: number): readonly Frame[] {
    return this.all().get(stack) ?? []
  }

  /** Does no event name a stack? */
  get isEmpty(): boolean {
    return !this.#log.batches.has('stack', NO_ID)
  }

  all(): ReadonlyMap<number, readonly Frame[]> {
    if (this.#frames !== null) return this.#frames
    const stacks = new Map<number, readonly Frame[]>()
    for (const batch of this.#log.batches) {
      for (let row = batch.code.indexOf(Stack); row >= 0 && row < batch.length; row = batch.code.indexOf(Stack, row + 1)) {
        const { stack, frames } = JSON.parse(batch.detail(row) ?? '{"stack":0,"frames":[]}') as { stack: number; frames: readonly Frame[] }
        stacks.set(stack, frames)
      }
    }
    this.#frames = stacks
    return stacks
  }
}

/** A frame in one line. */
export const frameText = ({ file, line, function: name }: Frame): string => `${name} (${file}:${line})`
