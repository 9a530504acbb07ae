/** Who asked for the blocks of a part of an interpreter's log, and what of them is still live. */
import { FACT_OPCODES } from '@reheap/allocator'
import { type EventBatch, type FactBatch, NO_ID } from '@reheap/kernel'
import type { Frame } from '../stacks.ts'
import { frameText, ownFrame } from './owners.ts'
import type { BlockAmount } from './turnover.ts'

const { BlockPlaced, BlockResized, BlockReturned, BlockPassedOn, BlockHandedBack } = FACT_OPCODES

/** Blocks that one line of the program asked for. */
export interface AskedBy {
  /** The program's own frame. */
  readonly owner: string
  /** What it asked for. */
  readonly allocated: BlockAmount
  /** What of it is live in the end. */
  readonly live: BlockAmount
}

interface Sums {
  readonly allocated: { blocks: number; bytes: number }
  readonly live: { blocks: number; bytes: number }
}

const none = (): Sums => ({ allocated: { blocks: 0, bytes: 0 }, live: { blocks: 0, bytes: 0 } })

/** Feed it every batch in order, with its facts. What no stack is named for is left out. */
export class RunningAskers {
  /** By the id of a stack. */
  readonly #sums = new Map<number, Sums>()
  /** Stack and bytes of each live block: of a pool by its address, of the C library by its id, below 0. */
  readonly #live = new Map<number, { readonly stack: number; readonly bytes: number }>()

  feed({ firstIndex, stack: stacks }: EventBatch, { code, cause, id, other, size, address, length }: FactBatch): void {
    for (let fact = 0; fact < length; fact++) {
      const isOfPool = code[fact] === BlockPlaced || code[fact] === BlockResized || code[fact] === BlockReturned
      if (!isOfPool && code[fact] !== BlockPassedOn && code[fact] !== BlockHandedBack) continue
      const key = isOfPool ? address[fact] : -1 - id[fact]
      const stack = stacks?.[cause[fact] - firstIndex] ?? NO_ID
      if (code[fact] === BlockReturned || code[fact] === BlockHandedBack) this.#free(key)
      else if (code[fact] === BlockResized) this.#resize(key, stack, size[fact], other[fact])
      else if (stack !== NO_ID) this.#allocate(key, stack, size[fact])
    }
  }

  /** Those with the most live bytes first, then those that asked for the most. */
  rows(framesOf: (stack: number) => readonly Frame[]): readonly AskedBy[] {
    const rows = new Map<string, Sums>()
    for (const [stack, { allocated, live }] of this.#sums) {
      const frame = ownFrame(framesOf(stack))
      const owner = frame === undefined ? 'no frame recorded' : frameText(frame)
      const row = rows.get(owner) ?? none()
      rows.set(owner, row)
      add(row.allocated, allocated.blocks, allocated.bytes)
      add(row.live, live.blocks, live.bytes)
    }
    return [...rows]
      .map(([owner, sums]) => ({ owner, ...sums }))
      .sort((a, b) => b.live.bytes - a.live.bytes || b.allocated.bytes - a.allocated.bytes)
  }

  #allocate(key: number, stack: number, bytes: number): void {
    const { allocated, live } = this.#of(stack)
    add(allocated, 1, bytes)
    add(live, 1, bytes)
    this.#live.set(key, { stack, bytes })
  }

  #free(key: number): void {
    const known = this.#live.get(key)
    if (known === undefined) return
    add(this.#of(known.stack).live, -1, -known.bytes)
    this.#live.delete(key)
  }

  /** The block stays that of who asked for it; who lets it grow has asked for the rest. */
  #resize(key: number, stack: number, bytes: number, before: number): void {
    if (stack !== NO_ID && bytes > before) add(this.#of(stack).allocated, 0, bytes - before)
    const known = this.#live.get(key)
    if (known === undefined) return
    add(this.#of(known.stack).live, 0, bytes - before)
    this.#live.set(key, { stack: known.stack, bytes })
  }

  #of(stack: number): Sums {
    const sums = this.#sums.get(stack) ?? none()
    this.#sums.set(stack, sums)
    return sums
  }
}

function add(sum: { blocks: number; bytes: number }, blocks: number, bytes: number): void {
  sum.blocks += blocks
  sum.bytes += bytes
}
