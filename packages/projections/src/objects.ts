/** Live objects, folded from the facts of the object layer. */
import { type EventIndex, type FactBatch, grown, NO_ID, type Sealed } from '@reheap/kernel'
import { bytesBesideByRow, FACT_OPCODES, liveBytes, objectCount, type RefcountState } from '@reheap/refcount'
import type { Peak } from './usage.ts'

const { ObjectCreated, ObjectDied, BlockRequested, BlockReleased } = FACT_OPCODES
const BESIDE = 1

/** Births and deaths of one type. */
export interface TypeTally {
  /** Id of the type. */
  readonly type: number
  readonly born: number
  readonly died: number
  /** Own blocks of the live ones. @unit bytes */
  readonly bytes: number
}

/** What `RunningObjects` measures. */
export const OBJECT_MEASURES = ['objects', 'objectBytes'] as const
/** One of the {@link OBJECT_MEASURES}. */
export type ObjectMeasure = (typeof OBJECT_MEASURES)[number]

/** Counts the live objects of the log and their bytes; what the runtime makes for itself is left out. Feed it every fact batch in order. */
export class RunningObjects {
  objects = 0
  /** Those that an object holds beside its own block among them. */
  bytes = 0
  born = 0
  died = 0
  /** Births whose memory came from a free list. */
  reused = 0
  #objectsMax = 0
  #objectsMaxAt = 0
  #bytesMax = 0
  #bytesMaxAt = 0
  /** What each row's object holds beside its own block. @shape [rows] @unit bytes */
  #beside = new Float64Array(64)
  /** @shape type columns: [types] */
  #bornOf = new Float64Array(16)
  #diedOf = new Float64Array(16)
  #bytesOf = new Float64Array(16)

  /** The largest value, and the first event after which it was reached. */
  peak(measure: ObjectMeasure): Peak {
    if (measure === 'objects') return { value: this.#objectsMax, index: this.#objectsMaxAt }
    return { value: this.#bytesMax, index: this.#bytesMaxAt }
  }

  /** Goes on from a moment; births and deaths are those from there on, and so are peaks: at least what is there. @param at events before */
  begin(state: Sealed<RefcountState>, at: EventIndex): void {
    this.objects = objectCount(state)
    this.bytes = liveBytes(state)
    this.#beside = bytesBesideByRow(state)
    this.#raise(at)
  }

  feed(facts: FactBatch): void {
    for (let row = 0; row < facts.length; row++) this.feedRow(facts, row)
  }

  /** @returns whether the fact changed what is counted */
  feedRow({ code, cause, tag, id, other, size }: FactBatch, row: number): boolean {
    if (id[row] === NO_ID) return false
    switch (code[row]) {
      case ObjectCreated:
        this.objects++
        this.born++
        this.reused += tag[row]
        this.#tally(other[row], 1, 0, size[row])
        break
      case ObjectDied:
        this.objects--
        this.died++
        this.#tally(other[row], 0, 1, -size[row])
        break
      case BlockRequested:
        if (tag[row] !== BESIDE) return false
        this.#hold(other[row], size[row])
        break
      case BlockReleased:
        if (tag[row] !== BESIDE) return false
        this.#hold(other[row], 0)
        break
      default:
        return false
    }
    this.#raise(cause[row])
    return true
  }

  /** Every type that an object had: those with the most live bytes first, then those with the most births. */
  types(): readonly TypeTally[] {
    const tallies: TypeTally[] = []
    for (let type = 0; type < this.#bornOf.length; type++) {
      if (this.#bornOf[type] > 0) tallies.push({ type, born: this.#bornOf[type], died: this.#diedOf[type], bytes: this.#bytesOf[type] })
    }
    return tallies.sort((a, b) => b.bytes - a.bytes || b.born - a.born)
  }

  #tally(type: number, born: number, died: number, bytes: number): void {
    if (type >= this.#bornOf.length) {
      this.#bornOf = grown(this.#bornOf, type + 1)
      this.#diedOf = grown(this.#diedOf, type + 1)
      this.#bytesOf = grown(this.#bytesOf, type + 1)
    }
    this.#bornOf[type] += born
    this.#diedOf[type] += died
    this.#bytesOf[type] += bytes
    this.bytes += bytes
  }

  #hold(row: number, bytes: number): void {
    if (row >= this.#beside.length) this.#beside = grown(this.#beside, row + 1)
    this.bytes += bytes - this.#beside[row]
    this.#beside[row] = bytes
  }

  #raise(index: EventIndex): void {
    if (this.objects > this.#objectsMax) {
      this.#objectsMax = this.objects
      this.#objectsMaxAt = index
    }
    if (this.bytes <= this.#bytesMax) return
    this.#bytesMax = this.bytes
    this.#bytesMaxAt = index
  }
}
