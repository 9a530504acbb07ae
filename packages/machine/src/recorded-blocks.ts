/** Blocks of the log that belong to objects, in a what-if: they live as long as the simulated objects do. */

/** What becomes of a recorded request on a block. */
export const VERDICTS = { apply: 0, passOver: 1 } as const

/**
 * Where an object's memory comes from: the log has given its block; it was given and has gone, so it is asked for anew; another
 * object is still in it, so that memory of its own is asked for; or the log never gave it, and nobody asks.
 */
export const MEMORY = { given: 0, anew: 1, other: 2, unknown: 3 } as const

/** No block. */
const NONE = -1

export class RecordedBlocks {
  /** Block that each object's memory is now, by the block that the object was born with. */
  readonly #owned: Map<number, number>
  /** The other way round, for those that `realloc` renamed. */
  readonly #bornAs: Map<number, number>
  /** Owned blocks, as they were born, that the log has freed already: they wait for their object. */
  readonly #freedInLog: Set<number>
  /** Blocks that went with their object and that the log frees later. */
  readonly #gone: Set<number>

  /** @param from copied; left out: no object has a block */
  constructor(from: RecordedBlocks | null = null) {
    this.#owned = new Map(from === null ? [] : from.#owned)
    this.#bornAs = new Map(from === null ? [] : from.#bornAs)
    this.#freedInLog = new Set(from === null ? [] : from.#freedInLog)
    this.#gone = new Set(from === null ? [] : from.#gone)
  }

  /**
   * Memory is wanted for an object that the log puts into a block. Where the recorded object took what an earlier one had left in
   * a free list, that earlier one may live on here.
   *
   * @param isLive has the allocator given the block out?
   * @returns one of `MEMORY`
   */
  take(block: number, isLive: boolean): number {
    if (this.#isUsed(block)) return MEMORY.other
    const hasGone = this.#gone.delete(block)
    if (!hasGone && !isLive) return MEMORY.unknown
    this.#owned.set(block, block)
    return hasGone ? MEMORY.anew : MEMORY.given
  }

  /**
   * An object got its memory from a free list, though the log puts it into a block.
   *
   * @returns whether the block is nobody's, and goes back
   */
  spare(block: number, isLive: boolean): boolean {
    if (!isLive || this.#isUsed(block)) return false
    this.#gone.add(block)
    return true
  }

  /** The memory of an object goes back. @param block the one it was born with @returns the block that it is now, or -1: it had none */
  give(block: number): number {
    const now = this.#owned.get(block)
    if (now === undefined) return NONE
    this.#owned.delete(block)
    this.#bornAs.delete(now)
    if (!this.#freedInLog.delete(block)) this.#gone.add(now)
    return now
  }

  /** The log frees a block. */
  free(block: number): number {
    if (this.#gone.delete(block)) return VERDICTS.passOver
    const born = this.#bornAs.get(block) ?? block
    if (!this.#owned.has(born)) return VERDICTS.apply
    this.#freedInLog.add(born)
    return VERDICTS.passOver
  }

  /** The log reallocates a block. */
  rename(block: number, newBlock: number): number {
    if (this.#gone.delete(block)) {
      this.#gone.add(newBlock)
      return VERDICTS.passOver
    }
    const born = this.#bornAs.get(block) ?? block
    if (!this.#owned.has(born)) return VERDICTS.apply
    this.#owned.set(born, newBlock)
    this.#bornAs.delete(block)
    this.#bornAs.set(newBlock, born)
    return VERDICTS.apply
  }

  /** Is an object, or memory that a free list keeps, in it? */
  #isUsed(block: number): boolean {
    return this.#owned.has(block) || this.#bornAs.has(block)
  }
}
