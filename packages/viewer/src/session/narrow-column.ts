/** A column of a batch in as few bytes as its values take: most events have no address, most sizes are small. */

export type Values = Uint8Array | Uint16Array | Uint32Array | Float64Array

const WORD = 32
const UINT8_MAX = 2 ** 8
const UINT16_MAX = 2 ** 16
const UINT32_MAX = 2 ** 32

/** What is found in one look at a column. */
interface Reach {
  /** Rows with a value. */
  readonly count: number
  readonly min: number
  readonly max: number
  readonly isWhole: boolean
}

export class NarrowColumn {
  /** What a row without a value holds. */
  readonly #none: number
  readonly #rows: number
  readonly #base: number
  /** Values above the base, of the rows that have one. */
  readonly #values: Values
  /** A bit for each row that has a value; null: all have, or none has. */
  readonly #mask: Uint32Array | null
  /** Values before each word of the mask. */
  readonly #ranks: Uint32Array

  /** @param none stands in rows without a value */
  constructor(values: Values, rows: number, none: number) {
    const { count, min, max, isWhole } = reachOf(values, rows, none)
    this.#none = none
    this.#rows = rows
    this.#base = isWhole && max - min < UINT32_MAX ? min : 0
    this.#values = count === 0 ? new Uint8Array(0) : roomFor(count, isWhole ? max - min : Number.NaN)
    const words = count === 0 || count === rows ? 0 : Math.ceil(rows / WORD)
    this.#mask = words === 0 ? null : new Uint32Array(words)
    this.#ranks = new Uint32Array(words)
    if (count > 0) this.#fill(values)
  }

  /** What the column takes. */
  get bytes(): number {
    return this.#values.byteLength + (this.#mask?.byteLength ?? 0) + this.#ranks.byteLength
  }

  /** Has any row a value? */
  get isEmpty(): boolean {
    return this.#values.length === 0
  }

  value(row: number): number {
    if (this.isEmpty) return this.#none
    if (this.#mask === null) return this.#base + this.#values[row]
    const word = this.#mask[row >>> 5]
    if (((word >>> (row & 31)) & 1) === 0) return this.#none
    return this.#base + this.#values[this.#ranks[row >>> 5] + bitsOf(word & ((1 << (row & 31)) - 1))]
  }

  /** Writes every row. */
  widen<V extends Values>(into: V): V {
    const values = this.#values
    const base = this.#base
    const mask = this.#mask
    if (mask === null) {
      if (values.length === 0) into.fill(this.#none)
      else if (base === 0) into.set(values)
      else for (let row = 0; row < values.length; row++) into[row] = base + values[row]
      return into
    }
    let next = 0
    into.fill(this.#none)
    for (let word = 0; word < mask.length; word++) {
      for (let left = mask[word]; left !== 0; left &= left - 1) into[word * WORD + 31 - Math.clz32(left & -left)] = base + values[next++]
    }
    return into
  }

  #fill(values: Values): void {
    const none = this.#none
    const held = this.#values
    const mask = this.#mask
    let next = 0
    for (let row = 0; row < this.#rows; row++) {
      if (mask !== null && (row & 31) === 0) this.#ranks[row >>> 5] = next
      const value = values[row]
      if (mask !== null) {
        if (value === none || Number.isNaN(value)) continue
        mask[row >>> 5] |= 1 << (row & 31)
      }
      held[next++] = value - this.#base
    }
  }
}

function reachOf(values: Values, rows: number, none: number): Reach {
  let count = 0
  let min = Number.POSITIVE_INFINITY
  let max = Number.NEGATIVE_INFINITY
  let isWhole = true
  for (let row = 0; row < rows; row++) {
    const value = values[row]
    if (value === none || Number.isNaN(value)) continue
    count++
    if (value < min) min = value
    if (value > max) max = value
    if (isWhole && !Number.isSafeInteger(value)) isWhole = false
  }
  return { count, min, max, isWhole }
}

/** @param reach the largest value above the base; NaN: they are not whole */
function roomFor(count: number, reach: number): Values {
  if (reach < UINT8_MAX) return new Uint8Array(count)
  if (reach < UINT16_MAX) return new Uint16Array(count)
  return reach < UINT32_MAX ? new Uint32Array(count) : new Float64Array(count)
}

/** Bits of a word that are set. */
function bitsOf(word: number): number {
  const pairs = word - ((word >>> 1) & 0x5555_5555)
  const fours = (pairs & 0x3333_3333) + ((pairs >>> 2) & 0x3333_3333)
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f_0f0f, 0x0101_0101) >>> 24
}
