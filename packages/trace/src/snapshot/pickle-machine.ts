import { NO_ID } from '@reheap/kernel'
import { EMPTY, STACK } from './containers.ts'
import { KnownRuns } from './known-runs.ts'
import { OP } from './pickle-opcodes.ts'
import { RecordBuilder } from './record-builder.ts'
import { damaged, tooMuch } from './snapshot-fault.ts'
import { BIG, DICT, FALSE, INT, kindName, LIST, Memo, NONE, TEXT, TRUE, TUPLE, ValueColumns } from './value-columns.ts'

/** Deepest nesting; a snapshot has six levels. */
const DEPTH_MAX = 1000

/** Most rows of a table that are made room for before they come: a file may begin otherwise than it goes on. */
const RESERVED_MAX = 2 ** 23

/** The stack, marks and memo of a pickle, and what its opcodes do to them. `at` is the byte at which an opcode stands. */
export class PickleMachine {
  readonly records = new RecordBuilder()
  readonly values = new ValueColumns(4096)
  readonly memo = new Memo()
  readonly #marks: number[] = []
  readonly #runs = new KnownRuns()
  /** Does every memo entry name what it named first? No pickler puts one twice; where it was done, a run can be another stack. */
  #isMemoLasting = true
  isStopped = false

  /** Makes room at once for so many times what was decoded so far: a table that grows is copied, into new memory each time. */
  reserve(times: number): void {
    const { entries, containers } = this.records
    for (const table of [entries, containers, this.memo]) table.grow(Math.min(RESERVED_MAX, Math.ceil(table.length * times)))
  }

  /** Does an opcode that has no operand. @returns whether it is one */
  operate(op: number, at: number): boolean {
    switch (op) {
      case OP.MARK:
        this.mark(at)
        return true
      case OP.EMPTY_DICT:
        this.empty(DICT, at)
        return true
      case OP.EMPTY_LIST:
        this.empty(LIST, at)
        return true
      case OP.EMPTY_TUPLE:
        this.empty(TUPLE, at)
        return true
      case OP.SETITEMS:
        this.collect(DICT, this.unmark(at), at)
        return true
      case OP.APPENDS:
        this.collect(LIST, this.unmark(at), at)
        return true
      case OP.SETITEM:
        this.collect(DICT, this.values.length - 2, at)
        return true
      case OP.APPEND:
        this.collect(LIST, this.values.length - 1, at)
        return true
      case OP.TUPLE1:
      case OP.TUPLE2:
      case OP.TUPLE3:
        this.tuple(this.values.length - (op - OP.TUPLE1 + 1), at)
        return true
      case OP.TUPLE:
        this.tuple(this.unmark(at), at)
        return true
      case OP.MEMOIZE:
        this.put(this.memo.length, at)
        return true
      case OP.NONE:
        this.values.push(NONE, 0)
        return true
      case OP.NEWTRUE:
        this.values.push(TRUE, 1)
        return true
      case OP.NEWFALSE:
        this.values.push(FALSE, 0)
        return true
      case OP.FRAME:
        return true
      case OP.STOP:
        this.stop(at)
        return true
      default:
        return false
    }
  }

  /** Marks the place at which values of a container begin. */
  mark(at: number): void {
    this.#marks.push(this.values.length)
    if (this.#marks.length > DEPTH_MAX) throw tooMuch(at, `values nested more than ${DEPTH_MAX} deep`)
  }

  /** Pushes an empty dict, list or tuple. */
  empty(kind: number, at: number): void {
    this.values.push(kind, this.records.containers.add(at))
  }

  /** A whole number in two's complement, lowest byte first. */
  int(bytes: Uint8Array, from: number, length: number): void {
    const isNegative = length > 0 && bytes[from + length - 1] >= 0x80
    let value = 0
    for (let i = length - 1; i >= 0; i--) value = value * 256 + (isNegative ? 255 - bytes[from + i] : bytes[from + i])
    if (isNegative) value = -value - 1
    this.whole(value)
  }

  /** Pushes a whole number. */
  whole(value: number): void {
    this.values.push(Number.isSafeInteger(value) ? INT : BIG, value)
  }

  /** Makes a tuple of the values above a place. */
  tuple(from: number, at: number): void {
    const values = this.values
    this.#checkAbove(from, at)
    const tuple = this.records.containers.add(at)
    this.records.containers.append(tuple, values, from, values.length, at)
    values.length = from
    values.push(TUPLE, tuple)
  }

  /** Puts the values above a place into the container below it. */
  collect(kind: number, from: number, at: number): void {
    const values = this.values
    this.#checkAbove(from - 1, at)
    const below = values.kind[from - 1]
    if (below !== kind) throw damaged(at, `values for ${kindName(kind)} above ${kindName(below)}`)
    const container = values.num[from - 1]
    if (kind === LIST) this.records.extend(container, values, from, values.length, at)
    else if ((values.length - from) % 2 !== 0) throw damaged(at, 'a key without a value')
    else this.records.fill(container, values, from, values.length, at)
    values.length = from
  }

  /** Takes the innermost MARK away. @returns how many values stood below it */
  unmark(at: number): number {
    const mark = this.#marks.pop()
    if (mark === undefined) throw damaged(at, 'values without a MARK')
    return mark
  }

  /** A container is never made of values that stand before the innermost MARK. */
  #checkAbove(from: number, at: number): void {
    if (from < (this.#marks.at(-1) ?? 0)) throw damaged(at, 'fewer values than the opcode takes')
  }

  /** Pushes what the memo holds. */
  get(index: number, at: number): void {
    if (index >= this.memo.length) throw damaged(at, `memo entry ${index} of ${this.memo.length}`)
    this.values.push(this.memo.kind[index], this.memo.ref[index])
  }

  /** Pushes what some memo entries hold, which must be there. */
  getAll(entries: Uint32Array, count: number): void {
    const { values, memo } = this
    for (let i = 0; i < count; i++) values.push(memo.kind[entries[i]], memo.ref[entries[i]])
  }

  /** Whether a run of memo entries that comes next can be a stack that is known: the topmost values are an empty list and a MARK. */
  get awaitsStack(): boolean {
    const { length, kind, num } = this.values
    if (!this.#isMemoLasting || length === 0 || this.#marks.at(-1) !== length || kind[length - 1] !== LIST) return false
    return this.records.containers.form[num[length - 1]] === EMPTY
  }

  /** Fills the empty list below the MARK with what some memo entries hold: a stack, if they are frames. */
  stack(entries: Uint32Array, count: number, at: number): void {
    const list = this.values.num[this.values.length - 1]
    const run = this.#runs.number(entries, count)
    const known = this.#runs.stack(run)
    const from = this.unmark(at)
    if (known === NO_ID) {
      this.getAll(entries, count)
      this.collect(LIST, from, at)
      this.#runs.learn(run, this.records.stackOf(list))
    } else {
      this.#checkAbove(from - 1, at)
      this.records.containers.set(list, STACK, known)
    }
  }

  /** Remembers the topmost value. */
  put(index: number, at: number): void {
    const { length, kind, num } = this.values
    if (length === 0) throw damaged(at, 'nothing to remember')
    if (index > this.memo.length) throw tooMuch(at, `memo entry ${index} behind ${this.memo.length}`)
    if (kind[length - 1] < TEXT) throw damaged(at, `${kindName(kind[length - 1])} in the memo`)
    if (index < this.memo.length) this.#isMemoLasting = false
    this.memo.put(index, kind[length - 1], num[length - 1], at)
  }

  /** Ends the pickle: one value is left. */
  stop(at: number): void {
    if (this.values.length !== 1 || this.#marks.length > 0)
      throw damaged(at, `STOP with ${this.values.length} values and ${this.#marks.length} MARKs`)
    this.isStopped = true
  }
}
