/** Where the live blocks of one moment come from: from a call of the log, or from the machine, for an object. */
import { NO_ID, type Sealed } from '@reheap/kernel'
import { BlockOwners, type MachineState } from '@reheap/machine'
import type { BlockBirths, BlockOwner, ObjectBirths } from '@reheap/projections'

export class BlockOrigins {
  readonly #blocks: BlockBirths
  readonly #objects: ObjectBirths
  readonly #owners: BlockOwners
  readonly #at: number

  /** @param state the one after the first `at` events */
  constructor(blocks: BlockBirths, objects: ObjectBirths, state: Sealed<MachineState>, at: number) {
    this.#blocks = blocks
    this.#objects = objects
    this.#owners = new BlockOwners(state)
    this.#at = at
  }

  /** Event that made a block; -1: it was there before the log begins, or the log does not tell. */
  born(block: number): number {
    const born = this.#blocks.born(block, this.#at)
    if (born >= 0) return born
    const owner = this.#owners.of(block)
    if (owner === null || owner.object === null) return -1
    return owner.isBeside ? this.#objects.resized(owner.object, this.#at) : this.#objects.created(owner.object, this.#at)
  }

  /** What it was made for; null: no object of the log. @param born event that made it */
  owner(block: number, born: number): BlockOwner | null {
    const owner = this.#owners.of(block)
    if (owner === null || owner.object === null) return this.#blocks.owner(block, born, this.#at)
    return { object: owner.object, type: owner.type ?? NO_ID }
  }
}
