import { FACT_OPCODES } from '@reheap/allocator'
import { type EventIndex, type FactBatch, OPCODE_RANGES } from '@reheap/kernel'

const { BlockPlaced, BlockResized, BlockReturned, BlockPassedOn, BlockHandedBack, ArenaOpened, ArenaReleased } = FACT_OPCODES

const LAST_FACT = OPCODE_RANGES.allocator.to

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

/** What `RunningUsage` measures. @unit bytes */
export const USAGE_MEASURES = ['requestedBytes', 'blockBytes', 'arenaBytes', 'cLibraryBytes', 'heldBytes'] as const
const [REQUESTED, BLOCKS, ARENAS, C_LIBRARY, HELD] = [0, 1, 2, 3, 4]
/** One of the {@link USAGE_MEASURES}. */
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
  readonly #peaks = new Float64Array(USAGE_MEASURES.length)
  readonly #peakIndexes = new Float64Array(USAGE_MEASURES.length)
  readonly #alignmentBytes: number

  constructor(alignmentBytes: number) {
    this.#alignmentBytes = alignmentBytes
  }

  /** Goes on from a moment: what was counted until then. Totals are those from there on, and so are peaks: at least what is there. @param at events before */
  begin({ requestedBytes, blockBytes, arenaBytes, cLibraryBytes, liveBlocks, arenas }: Usage, at: EventIndex): void {
    Object.assign(this, { requestedBytes, blockBytes, arenaBytes, cLibraryBytes, liveBlocks, arenas })
    for (const [place, measure] of USAGE_MEASURES.entries()) this.#raise(place, this[measure], at)
  }

  /** Bytes that the process holds for Python: arenas and C-library blocks. */
  get heldBytes(): number {
    return this.arenaBytes + this.cLibraryBytes
  }

  peak(measure: UsageMeasure): Peak {
    const place = USAGE_MEASURES.indexOf(measure)
    return { value: this.#peaks[place], index: this.#peakIndexes[place] }
  }

  feed(facts: FactBatch, listener?: UsageListener): void {
    if (listener === undefined) {
      this.#fold(facts, 0, facts.length)
      return
    }
    for (let row = 0; row < facts.length; row++) if (this.feedRow(facts, row)) listener(facts.cause[row], this)
  }

  /** @returns whether the fact is one of the allocator */
  feedRow(facts: FactBatch, row: number): boolean {
    if (facts.code[row] > LAST_FACT) return false
    this.#fold(facts, row, row + 1)
    return true
  }

  /** The loop: a fact raises at most the measures that it adds to, so only those are looked at. */
  #fold({ code, cause, tag, other, size }: FactBatch, from: number, to: number): void {
    const alignmentBytes = this.#alignmentBytes
    let { requestedBytes, blockBytes, cLibraryBytes, liveBlocks, blocksTotal } = this
    for (let row = from; row < to; row++) {
      const bytes = size[row]
      switch (code[row]) {
        case BlockPlaced:
          requestedBytes += bytes
          blockBytes += (tag[row] + 1) * alignmentBytes
          liveBlocks++
          blocksTotal++
          if (requestedBytes > this.#peaks[REQUESTED]) this.#raise(REQUESTED, requestedBytes, cause[row])
          if (blockBytes > this.#peaks[BLOCKS]) this.#raise(BLOCKS, blockBytes, cause[row])
          break
        case BlockReturned:
          requestedBytes -= bytes
          blockBytes -= (tag[row] + 1) * alignmentBytes
          liveBlocks--
          break
        case BlockResized:
          requestedBytes += bytes - other[row]
          if (requestedBytes > this.#peaks[REQUESTED]) this.#raise(REQUESTED, requestedBytes, cause[row])
          break
        case BlockPassedOn:
          cLibraryBytes += bytes
          liveBlocks++
          blocksTotal++
          if (cLibraryBytes > this.#peaks[C_LIBRARY]) this.#raise(C_LIBRARY, cLibraryBytes, cause[row])
          if (this.arenaBytes + cLibraryBytes > this.#peaks[HELD]) this.#raise(HELD, this.arenaBytes + cLibraryBytes, cause[row])
          break
        case BlockHandedBack:
          cLibraryBytes -= bytes
          liveBlocks--
          break
        case ArenaOpened:
          this.arenaBytes += bytes
          this.arenas++
          this.arenasTotal++
          if (this.arenaBytes > this.#peaks[ARENAS]) this.#raise(ARENAS, this.arenaBytes, cause[row])
          if (this.arenaBytes + cLibraryBytes > this.#peaks[HELD]) this.#raise(HELD, this.arenaBytes + cLibraryBytes, cause[row])
          break
        case ArenaReleased:
          this.arenaBytes -= bytes
          this.arenas--
          break
      }
    }
    this.requestedBytes = requestedBytes
    this.blockBytes = blockBytes
    this.cLibraryBytes = cLibraryBytes
    this.liveBlocks = liveBlocks
    this.blocksTotal = blocksTotal
  }

  #raise(measure: number, value: number, index: EventIndex): void {
    this.#peaks[measure] = value
    this.#peakIndexes[measure] = index
  }
}
