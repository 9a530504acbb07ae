import { FACT_OPCODES } from '@reheap/allocator'
import type { EventIndex, FactBatch } from '@reheap/kernel'

const { BlockPlaced, BlockResized, BlockReturned, BlockPassedOn, BlockHandedBack, ArenaOpened, ArenaReleased } = FACT_OPCODES

/** Bytes in use by what they are used for, at one moment. @unit bytes, unless the name says otherwise */
export interface Usage {
  /** Live blocks in pools, as asked for. */
  readonly requestedBytes: number
  /** Live blocks in pools, as placed: whole blocks of their size class. */
  readonly blockBytes: number
  /** Mapped arenas. */
  readonly arenaBytes: number
  /** Live blocks that pymalloc passed on to the C library. */
  readonly cLibraryBytes: number
  readonly liveBlocks: number
  readonly arenas: number
}

/** The largest value that a measure had, and the event after which it first had it. */
export interface Peak {
  readonly value: number
  readonly index: EventIndex
}

export const USAGE_MEASURES = ['requestedBytes', 'blockBytes', 'arenaBytes', 'cLibraryBytes', 'heldBytes'] as const
export type UsageMeasure = (typeof USAGE_MEASURES)[number]

/** Called after each fact that changed the usage. */
export type UsageListener = (index: EventIndex, usage: RunningUsage) => void

/**
 * Live bytes, folded from the facts of an allocator. Never rejects; feed it every fact batch in order.
 *
 * @param alignmentBytes the profile's: a size class is a multiple of it
 */
export class RunningUsage implements Usage {
  requestedBytes = 0
  blockBytes = 0
  arenaBytes = 0
  cLibraryBytes = 0
  liveBlocks = 0
  arenas = 0
  /** Arenas mapped so far, released ones included. */
  arenasTotal = 0
  /** Blocks handed out so far, by pools and by the C library. */
  blocksTotal = 0
  /** Peak of each measure, in the order of {@link USAGE_MEASURES}. */
  readonly #peakValue = new Float64Array(USAGE_MEASURES.length)
  readonly #peakIndex = new Float64Array(USAGE_MEASURES.length)
  readonly #alignmentBytes: number

  constructor(alignmentBytes: number) {
    this.#alignmentBytes = alignmentBytes
  }

  /** Bytes that the process holds for Python: arenas and C-library blocks. */
  get heldBytes(): number {
    return this.arenaBytes + this.cLibraryBytes
  }

  peak(measure: UsageMeasure): Peak {
    const place = USAGE_MEASURES.indexOf(measure)
    return { value: this.#peakValue[place], index: this.#peakIndex[place] }
  }

  feed(facts: FactBatch, listener?: UsageListener): void {
    const { code, cause, length } = facts
    for (let row = 0; row < length; row++) {
      this.#apply(facts, row, code[row])
      this.#raisePeaks(cause[row])
      listener?.(cause[row], this)
    }
  }

  #apply({ tag, other, size }: FactBatch, row: number, code: number): void {
    const bytes = size[row]
    switch (code) {
      case BlockPlaced:
        this.requestedBytes += bytes
        this.blockBytes += (tag[row] + 1) * this.#alignmentBytes
        this.liveBlocks++
        this.blocksTotal++
        break
      case BlockReturned:
        this.requestedBytes -= bytes
        this.blockBytes -= (tag[row] + 1) * this.#alignmentBytes
        this.liveBlocks--
        break
      case BlockResized:
        this.requestedBytes += bytes - other[row]
        break
      case BlockPassedOn:
        this.cLibraryBytes += bytes
        this.liveBlocks++
        this.blocksTotal++
        break
      case BlockHandedBack:
        this.cLibraryBytes -= bytes
        this.liveBlocks--
        break
      case ArenaOpened:
        this.arenaBytes += bytes
        this.arenas++
        this.arenasTotal++
        break
      case ArenaReleased:
        this.arenaBytes -= bytes
        this.arenas--
        break
    }
  }

  #raisePeaks(index: EventIndex): void {
    this.#raise(0, this.requestedBytes, index)
    this.#raise(1, this.blockBytes, index)
    this.#raise(2, this.arenaBytes, index)
    this.#raise(3, this.cLibraryBytes, index)
    this.#raise(4, this.arenaBytes + this.cLibraryBytes, index)
  }

  #raise(measure: number, value: number, index: EventIndex): void {
    if (value <= this.#peakValue[measure]) return
    this.#peakValue[measure] = value
    this.#peakIndex[measure] = index
  }
}
