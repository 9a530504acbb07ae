import { NO_ID } from '@reheap/kernel'
import { EMPTY, GENERIC } from './containers.ts'
import type { RecordBuilder } from './record-builder.ts'
import { misshapen } from './snapshot-fault.ts'
import { BIG, DICT, FALSE, FLOAT, INT, kindName, LIST, NONE, TEXT, TRUE, TUPLE } from './value-columns.ts'

/** A value of a pickle, to be asked what it should be. Every question names where the value stands. */
export class Node {
  readonly #records: RecordBuilder
  readonly kind: number
  readonly num: number
  readonly place: string

  constructor(records: RecordBuilder, kind: number, num: number, place: string) {
    this.#records = records
    this.kind = kind
    this.num = num
    this.place = place
  }

  /** Values of a dict by their keys. */
  dict(): ReadonlyMap<string, Node> {
    if (this.kind !== DICT) throw this.#unlike('a dict')
    this.#take()
    const { containers, texts } = this.#records
    const form = containers.form[this.num]
    if (form !== GENERIC && form !== EMPTY) throw misshapen(this.place, 'a dict of a segment, block or setting', 'a frame or trace entry')
    const fields = new Map<string, Node>()
    let key: string | null = null
    containers.forEach(this.num, (kind, num) => {
      if (key === null) key = texts.text(num)
      else {
        fields.set(key, new Node(this.#records, kind, num, this.place === '' ? key : `${this.place}.${key}`))
        key = null
      }
    })
    return fields
  }

  /** Values of a list. */
  list(): readonly Node[] {
    if (this.kind !== LIST) throw this.#unlike('a list')
    this.#take()
    const form = this.#records.containers.form[this.num]
    if (form !== GENERIC && form !== EMPTY) throw misshapen(this.place, 'a list of dicts', 'one of frames or trace entries')
    const items: Node[] = []
    this.#records.containers.forEach(this.num, (kind, num) =>
      items.push(new Node(this.#records, kind, num, `${this.place}[${items.length}]`)),
    )
    return items
  }

  /** A whole number from 0 on. */
  whole(): number {
    if (this.kind !== INT || this.num < 0) throw this.#unlike('a whole number from 0 to 2^53')
    return this.num
  }

  /** Any number. */
  number(): number {
    if (this.kind !== INT && this.kind !== FLOAT && this.kind !== BIG) throw this.#unlike('a number')
    return this.num
  }

  text(): string {
    if (this.kind !== TEXT) throw this.#unlike('a text')
    return this.#records.texts.text(this.num)
  }

  truth(): boolean {
    if (this.kind !== TRUE && this.kind !== FALSE) throw this.#unlike('True or False')
    return this.kind === TRUE
  }

  /** Row of the table of stacks; {@link NO_ID}: no frames were captured. */
  stack(): number {
    if (this.kind === NONE) return NO_ID
    if (this.kind !== LIST) throw this.#unlike('a list of frames')
    const stack = this.#records.stackOf(this.num)
    if (stack === NO_ID && this.#records.containers.form[this.num] !== EMPTY)
      throw misshapen(this.place, 'a list of frames', 'a list of something else')
    return stack
  }

  /** The two numbers that name a pool. */
  pair(): string {
    return pairOf(this.#records, this.num, this.kind === LIST || this.kind === TUPLE)
  }

  /** What stands in two places would be read as often as it stands there: PyTorch writes each segment and block once. */
  #take(): void {
    const { containers } = this.#records
    if (containers.taken[this.num] === 1) throw misshapen(this.place, 'each list and dict in one place', 'one that stands elsewhere too')
    containers.taken[this.num] = 1
  }

  #unlike(expected: string): Error {
    return misshapen(this.place === '' ? 'the snapshot' : this.place, expected, kindName(this.kind))
  }
}

/** The two numbers of a tuple as a text; '0,0': it is none, which is no private pool. */
export function pairOf({ containers }: RecordBuilder, container: number, isContainer = container !== NO_ID): string {
  const parts: number[] = []
  if (isContainer) containers.forEach(container, (_kind, num) => parts.push(num), 2)
  return parts.length === 2 ? parts.join() : '0,0'
}
