/** A batch of a log as long as nobody reads it: narrow columns, and its details as one text. */
import { type EventBatch, NO_ID, NOT_GIVEN } from '@reheap/kernel'
import { NarrowColumn, type Values } from './narrow-column.ts'

/** What stands in a row without a value. */
const NONE = {
  tag: 0,
  id: NO_ID,
  other: NO_ID,
  size: NOT_GIVEN,
  address: NOT_GIVEN,
  time: NOT_GIVEN,
  thread: 0,
  heap: 0,
  stack: NO_ID,
} as const

export type ColumnName = keyof typeof NONE

/** Memory of a batch that is read: the next one read into it takes its place. */
export class WideColumns {
  tag = new Uint8Array(0)
  id = new Uint32Array(0)
  other = new Uint32Array(0)
  size = new Float64Array(0)
  address = new Float64Array(0)
  time = new Float64Array(0)
  thread = new Uint16Array(0)
  heap = new Uint16Array(0)
  stack = new Uint32Array(0)
}

export class NarrowBatch {
  readonly firstIndex: number
  readonly length: number
  readonly code: Uint8Array
  readonly #columns: Readonly<Record<ColumnName, NarrowColumn | null>>
  readonly #details: Details

  constructor(batch: EventBatch) {
    const { firstIndex, length } = batch
    const narrow = (name: ColumnName): NarrowColumn | null => {
      const values = batch[name]
      const column = values && new NarrowColumn(values, length, NONE[name])
      return column?.isEmpty === false ? column : null
    }
    this.firstIndex = firstIndex
    this.length = length
    this.code = batch.code.slice(0, length)
    this.#columns = {
      tag: narrow('tag'),
      id: narrow('id'),
      other: narrow('other'),
      size: narrow('size'),
      address: narrow('address'),
      time: narrow('time'),
      thread: narrow('thread'),
      heap: narrow('heap'),
      stack: narrow('stack'),
    }
    this.#details = new Details(batch)
  }

  /** Null: no row has a value in the column. */
  value(name: ColumnName | 'code', row: number): number | null {
    return name === 'code' ? (this.code[row] ?? null) : (this.#columns[name]?.value(row) ?? null)
  }

  /** Has any row a value in a column? */
  has(name: ColumnName): boolean {
    return this.#columns[name] !== null
  }

  /** The batch as replays read it. */
  wide(into: WideColumns): EventBatch {
    const { firstIndex, length } = this
    const details = this.#details
    const context = (name: 'time' | 'thread' | 'heap' | 'stack') => (this.has(name) ? this.#widened(name, into) : null)
    return {
      length,
      firstIndex,
      code: this.code,
      tag: this.#widened('tag', into),
      id: this.#widened('id', into),
      other: this.#widened('other', into),
      size: this.#widened('size', into),
      address: this.#widened('address', into),
      time: context('time') as Float64Array | null,
      thread: context('thread') as Uint16Array | null,
      heap: context('heap') as Uint16Array | null,
      stack: context('stack') as Uint32Array | null,
      detail: (row) => details.of(row),
    }
  }

  /** One column, as replays read it; null: no row has a value in it. */
  column(name: ColumnName, into: WideColumns): Values | null {
    return this.has(name) ? this.#widened(name, into) : null
  }

  #widened<N extends ColumnName>(name: N, into: WideColumns): WideColumns[N] {
    if (into[name].length < this.length)
      Object.assign(into, { [name]: new (into[name].constructor as new (rows: number) => Values)(this.length) })
    const values = into[name].subarray(0, this.length) as WideColumns[N]
    return this.#columns[name]?.widen(values) ?? (values.fill(NONE[name]) as WideColumns[N])
  }
}

/** What does not fit into columns: few rows have it. */
class Details {
  readonly #rows: Uint32Array
  /** Where the text of each ends. */
  readonly #ends: Uint32Array
  readonly #text: string

  constructor(batch: EventBatch) {
    const rows: number[] = []
    const ends: number[] = []
    const texts: string[] = []
    let end = 0
    for (let row = 0; row < batch.length; row++) {
      const text = batch.detail(row)
      if (text === null) continue
      end += text.length
      rows.push(row)
      ends.push(end)
      texts.push(text)
    }
    this.#rows = Uint32Array.from(rows)
    this.#ends = Uint32Array.from(ends)
    this.#text = texts.join('')
  }

  of(row: number): string | null {
    let low = 0
    let high = this.#rows.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#rows[middle] < row) low = middle + 1
      else high = middle
    }
    return this.#rows[low] === row ? this.#text.slice(this.#ends[low - 1] ?? 0, this.#ends[low]) : null
  }
}
