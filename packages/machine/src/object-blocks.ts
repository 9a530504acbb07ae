/** The memory of objects, asked of the allocator where the log does not hold its calls. */
import { grown } from '@reheap/kernel'
import { RecordedBlocks } from './recorded-blocks.ts'

/** Ids of blocks that the machine asks for begin here, above those that a recorder gives. */
const FIRST_BLOCK = 2 ** 26
/** Ids of a row: its own block, and two for the bytes beside it, since a block that is reallocated gets another id. */
const IDS_OF_ROW = 4

/** Bits of `asked`: the row's own block; which of the two ids the bytes beside it have, 0 for none. */
const OWN = 1
const BESIDE_SHIFT = 1

/** Which blocks the machine asked for, by row of the object. Part of the machine's state. */
export class ObjectBlocks {
  /** @shape [rows] */
  asked: Uint8Array
  /** 1 until the log holds a call of the allocator: then all its calls are there. */
  isRouting: boolean
  /** In a what-if: the recorded blocks of objects. */
  readonly recorded: RecordedBlocks | null

  constructor(follows: boolean, from?: ObjectBlocks) {
    this.asked = from === undefined ? new Uint8Array(64) : from.asked.slice()
    this.isRouting = from?.isRouting ?? true
    this.recorded = follows ? new RecordedBlocks(from?.recorded) : null
  }

  clone(): ObjectBlocks {
    return new ObjectBlocks(this.recorded !== null, this)
  }

  /** The row's own block is asked for. @returns its id */
  takeOwn(row: number): number {
    if (row >= this.asked.length) this.asked = grown(this.asked, row + 1)
    this.asked[row] |= OWN
    return FIRST_BLOCK + row * IDS_OF_ROW
  }

  /** @returns the id of the row's own block, or -1 if it was not asked for */
  giveOwn(row: number): number {
    if ((this.#askedOf(row) & OWN) === 0) return -1
    this.asked[row] &= ~OWN
    return FIRST_BLOCK + row * IDS_OF_ROW
  }

  /** @returns the id of the bytes beside the row's own block, or -1 if they were not asked for */
  besideOf(row: number): number {
    const place = this.#askedOf(row) >> BESIDE_SHIFT
    return place === 0 ? -1 : FIRST_BLOCK + row * IDS_OF_ROW + place
  }

  /** The bytes beside the row's own block are asked for anew. @returns their id */
  takeBeside(row: number): number {
    if (row >= this.asked.length) this.asked = grown(this.asked, row + 1)
    const place = this.asked[row] >> BESIDE_SHIFT === 1 ? 2 : 1
    this.asked[row] = (this.asked[row] & OWN) | (place << BESIDE_SHIFT)
    return FIRST_BLOCK + row * IDS_OF_ROW + place
  }

  giveBeside(row: number): void {
    this.asked[row] &= OWN
  }

  /** @returns the row that a block was asked for, its own or the bytes beside it, or -1 if it was asked for by none */
  rowOf(block: number): number {
    const row = Math.floor((block - FIRST_BLOCK) / IDS_OF_ROW)
    if (row < 0) return -1
    const isOwn = block === FIRST_BLOCK + row * IDS_OF_ROW
    return (isOwn && (this.#askedOf(row) & OWN) !== 0) || (!isOwn && block === this.besideOf(row)) ? row : -1
  }

  #askedOf(row: number): number {
    return row < this.asked.length ? this.asked[row] : 0
  }
}
