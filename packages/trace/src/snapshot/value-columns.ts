import { grown } from '@reheap/kernel'
import { tooMuch } from './snapshot-fault.ts'

/** Kinds of values that a pickle of data holds. */
export const NONE = 0
export const FALSE = 1
export const TRUE = 2
/** A whole number that a double holds exactly. */
export const INT = 3
export const FLOAT = 4
/** A whole number beyond 2^53: its nearest double. */
export const BIG = 5
/** Number of a text in the table of texts. */
export const TEXT = 6
export const BYTES = 7
/** Number of a container. */
export const LIST = 8
export const DICT = 9
export const TUPLE = 10

const NAMES = [
  'None',
  'False',
  'True',
  'a whole number',
  'a number',
  'a number beyond 2^53',
  'a text',
  'bytes',
  'a list',
  'a dict',
  'a tuple',
]

/** A kind as a noun, for messages. */
export const kindName = (kind: number): string => NAMES[kind] ?? 'nothing'

/** Values in a row: the kind, and the number or reference. */
export class ValueColumns {
  length = 0
  kind: Uint8Array
  num: Float64Array

  constructor(capacity = 1024) {
    this.kind = new Uint8Array(capacity)
    this.num = new Float64Array(capacity)
  }

  push(kind: number, num: number): void {
    const at = this.length
    if (at === this.kind.length) this.#grow()
    this.kind[at] = kind
    this.num[at] = num
    this.length = at + 1
  }

  #grow(): void {
    this.num = grown(this.num, this.kind.length * 2)
    this.kind = grown(this.kind, this.kind.length * 2)
  }
}

/** More than the largest snapshots have. */
const MEMO_MAX = 2 ** 27

/** What a pickle has named to come back to: the same as values, but only such as lie elsewhere. */
export class Memo {
  length = 0
  kind = new Uint8Array(1024)
  ref = new Uint32Array(1024)

  put(index: number, kind: number, ref: number, at: number): void {
    if (index === MEMO_MAX) throw tooMuch(at, `more than ${MEMO_MAX} values in the memo`)
    if (index >= this.kind.length) this.grow(index + 1)
    this.kind[index] = kind
    this.ref[index] = ref
    if (index >= this.length) this.length = index + 1
  }

  /** Makes room for so many values. */
  grow(capacity: number): void {
    this.kind = grown(this.kind, capacity)
    this.ref = grown(this.ref, capacity)
  }
}
