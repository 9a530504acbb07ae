import { OP, OPERAND_BYTES, refusedName } from './pickle-opcodes.ts'
import { RecordBuilder } from './record-builder.ts'
import { damaged, SnapshotFault, tooMuch, truncated } from './snapshot-fault.ts'
import { BIG, BYTES, DICT, FALSE, FLOAT, INT, kindName, LIST, Memo, NONE, TEXT, TRUE, TUPLE, ValueColumns } from './value-columns.ts'

/** Most values that wait for their container: a list of the C++ pickler is put in one piece. */
const WAITING_MAX = 2 ** 25
/** Deepest nesting; a snapshot has six levels. */
const DEPTH_MAX = 1000
/** Longest text. */
const TEXT_BYTES_MAX = 2 ** 24
/** What {@link OPERAND_BYTES} holds for an opcode that is refused. */
const REFUSED_SIZE = 255
/** Longest whole number, in bytes. */
const INT_BYTES_MAX = 255

/**
 * Decodes a pickle of plain data as its bytes come: nothing in it can name or run code. Memory is bounded by the bytes
 * that were read, not by the numbers that stand in them.
 */
export class PickleDecoder {
  readonly records = new RecordBuilder()
  readonly #values = new ValueColumns(4096)
  readonly #memo = new Memo()
  readonly #marks: number[] = []
  #bytes: Uint8Array = new Uint8Array(0)
  #view = new DataView(this.#bytes.buffer)
  #at = 0
  /** Bytes of the file before `#bytes`. */
  #before = 0
  /** Bytes that must be there before the next opcode can be looked at. */
  #need = 1
  #parts: Uint8Array[] = []
  #waiting = 0
  #stopped = false

  /** Takes the next bytes of the file. @throws SnapshotFault */
  push(chunk: Uint8Array): void {
    if (chunk.length === 0) return
    if (this.#stopped) throw damaged(this.#before + this.#at, 'bytes behind the end of the pickle')
    this.#parts.push(chunk)
    this.#waiting += chunk.length
    const left = this.#bytes.length - this.#at
    if (left + this.#waiting < this.#need) return
    this.#before += this.#at
    this.#bytes = joined(this.#bytes.subarray(this.#at), this.#parts, left + this.#waiting)
    this.#view = new DataView(this.#bytes.buffer, this.#bytes.byteOffset, this.#bytes.length)
    this.#at = 0
    this.#parts = []
    this.#waiting = 0
    this.#need = 1
    this.#run()
    if (this.#stopped && this.#at < this.#bytes.length) throw damaged(this.#before + this.#at, 'bytes behind the end of the pickle')
  }

  /** The value of the whole pickle, when all bytes came. @throws SnapshotFault */
  end(): { readonly kind: number; readonly num: number } {
    if (!this.#stopped) throw truncated(this.#before + this.#bytes.length + this.#waiting)
    return { kind: this.#values.kind[0], num: this.#values.num[0] }
  }

  /** Where the opcode stands that is being done. */
  get #place(): number {
    return this.#before + this.#at
  }

  #run(): void {
    if (this.#place === 0) this.#checkBegin()
    const end = this.#bytes.length
    while (this.#at < end && !this.#stopped) {
      const at = this.#frequent(end)
      if (at >= end) break
      const op = this.#bytes[at]
      const size = OPERAND_BYTES[op]
      if (size === REFUSED_SIZE) throw this.#refused(op)
      if (at + size >= end) {
        this.#need = size + 1
        break
      }
      this.#at = at + 1 + size
      if (!this.#rest(op, at)) break
    }
    const waiting = this.#values.length
    if (waiting > WAITING_MAX) throw tooMuch(this.#place, `more than ${WAITING_MAX} values that wait for their container`)
  }

  /** Does the opcodes that nearly all bytes of a trace are. @returns where the first other one stands, or one of whose operand a part is missing */
  #frequent(end: number): number {
    const bytes = this.#bytes
    const values = this.#values
    const memo = this.#memo
    let at = this.#at
    for (; at + 4 < end; at++) {
      const op = bytes[at]
      let index = 0
      if (op === OP.LONG_BINGET) {
        index = (bytes[at + 1] | (bytes[at + 2] << 8) | (bytes[at + 3] << 16) | (bytes[at + 4] << 24)) >>> 0
        at += 4
      } else if (op === OP.BINGET) index = bytes[++at]
      else if (op === OP.BININT1) {
        values.push(INT, bytes[++at])
        continue
      } else if (op === OP.MEMOIZE && values.length > 0) {
        this.#put(memo.length, at)
        continue
      } else break
      if (index >= memo.length) throw damaged(this.#before + at, `memo entry ${index} of ${memo.length}`)
      values.push(memo.kind[index], memo.ref[index])
    }
    this.#at = at
    return at
  }

  /** Every opcode that is not among the frequent ones. @returns whether its bytes were there */
  #rest(op: number, at: number): boolean {
    const values = this.#values
    const bytes = this.#bytes
    switch (op) {
      case OP.MARK:
        this.#marks.push(values.length)
        if (this.#marks.length > DEPTH_MAX) throw tooMuch(this.#before + at, `values nested more than ${DEPTH_MAX} deep`)
        return true
      case OP.EMPTY_DICT:
        values.push(DICT, this.records.containers.add())
        return true
      case OP.EMPTY_LIST:
        values.push(LIST, this.records.containers.add())
        return true
      case OP.BINGET:
        this.#get(bytes[at + 1], at)
        return true
      case OP.BININT1:
        values.push(INT, bytes[at + 1])
        return true
      case OP.BININT2:
        values.push(INT, this.#view.getUint16(at + 1, true))
        return true
      case OP.BININT:
        values.push(INT, this.#view.getInt32(at + 1, true))
        return true
      case OP.MEMOIZE:
        this.#put(this.#memo.length, at)
        return true
      case OP.LONG_BINGET:
        this.#get(this.#view.getUint32(at + 1, true), at)
        return true
      case OP.SETITEMS:
        this.#collect(DICT, this.#mark(at), at)
        return true
      case OP.APPENDS:
        this.#collect(LIST, this.#mark(at), at)
        return true
      case OP.SETITEM:
        this.#collect(DICT, values.length - 2, at)
        return true
      case OP.APPEND:
        this.#collect(LIST, values.length - 1, at)
        return true
      case OP.BINPUT:
        this.#put(bytes[at + 1], at)
        return true
      case OP.LONG_BINPUT:
        this.#put(this.#view.getUint32(at + 1, true), at)
        return true
      case OP.NONE:
        values.push(NONE, 0)
        return true
      case OP.NEWTRUE:
        values.push(TRUE, 1)
        return true
      case OP.NEWFALSE:
        values.push(FALSE, 0)
        return true
      case OP.BINFLOAT:
        values.push(FLOAT, this.#view.getFloat64(at + 1, false))
        return true
      case OP.EMPTY_TUPLE:
        this.#tuple(values.length, at)
        return true
      case OP.TUPLE1:
      case OP.TUPLE2:
      case OP.TUPLE3:
        this.#tuple(values.length - (op - OP.TUPLE1 + 1), at)
        return true
      case OP.TUPLE:
        this.#tuple(this.#mark(at), at)
        return true
      case OP.FRAME:
        return true
      case OP.STOP:
        this.#stop(at)
        return true
      case OP.PROTO:
        throw damaged(this.#before + at, 'a second PROTO')
      default:
        return this.#sized(op, at)
    }
  }

  /** Texts, bytes and long numbers: as many bytes as their operand says. @returns whether they were there */
  #sized(op: number, at: number): boolean {
    const view = this.#view
    const from = this.#at
    const length =
      OPERAND_BYTES[op] === 1
        ? this.#bytes[at + 1]
        : OPERAND_BYTES[op] === 4
          ? view.getUint32(at + 1, true)
          : view.getUint32(at + 1, true) + view.getUint32(at + 5, true) * 2 ** 32
    const isInt = op === OP.LONG1 || op === OP.LONG4
    const most = isInt ? INT_BYTES_MAX : TEXT_BYTES_MAX
    if (length > most) throw tooMuch(this.#before + at, `a ${isInt ? 'number' : 'text'} that claims ${length} bytes (at most ${most})`)
    if (from + length > this.#bytes.length) {
      this.#need = from - at + length
      this.#at = at
      return false
    }
    this.#at = from + length
    if (isInt) this.#int(from, length)
    else if (op === OP.BINUNICODE || op === OP.SHORT_BINUNICODE || op === OP.BINUNICODE8)
      this.#values.push(TEXT, this.records.texts.intern(this.#bytes, from, length))
    else this.#values.push(BYTES, 0)
    return true
  }

  /** A whole number in two's complement, lowest byte first. */
  #int(from: number, length: number): void {
    const bytes = this.#bytes
    const isNegative = length > 0 && bytes[from + length - 1] >= 0x80
    let value = 0
    for (let i = length - 1; i >= 0; i--) value = value * 256 + (isNegative ? 255 - bytes[from + i] : bytes[from + i])
    if (isNegative) value = -value - 1
    this.#values.push(Number.isSafeInteger(value) ? INT : BIG, value)
  }

  #tuple(from: number, at: number): void {
    const values = this.#values
    this.#checkAbove(from, at)
    const tuple = this.records.containers.add()
    this.records.containers.append(tuple, values, from, values.length, this.#before + at)
    values.length = from
    values.push(TUPLE, tuple)
  }

  /** Puts the values above a place into the container below it. */
  #collect(kind: number, from: number, at: number): void {
    const values = this.#values
    this.#checkAbove(from - 1, at)
    const below = values.kind[from - 1]
    if (below !== kind) throw damaged(this.#before + at, `values for ${kindName(kind)} above ${kindName(below)}`)
    const container = values.num[from - 1]
    if (kind === LIST) this.records.extend(container, values, from, values.length, this.#before + at)
    else if ((values.length - from) % 2 !== 0) throw damaged(this.#before + at, 'a key without a value')
    else this.records.fill(container, values, from, values.length, this.#before + at)
    values.length = from
  }

  #mark(at: number): number {
    const mark = this.#marks.pop()
    if (mark === undefined) throw damaged(this.#before + at, 'values without a MARK')
    return mark
  }

  /** A container is never made of values that stand before the innermost MARK. */
  #checkAbove(from: number, at: number): void {
    if (from < (this.#marks.at(-1) ?? 0)) throw damaged(this.#before + at, 'fewer values than the opcode takes')
  }

  #get(index: number, at: number): void {
    if (index >= this.#memo.length) throw damaged(this.#before + at, `memo entry ${index} of ${this.#memo.length}`)
    this.#values.push(this.#memo.kind[index], this.#memo.ref[index])
  }

  #put(index: number, at: number): void {
    const { length, kind, num } = this.#values
    if (length === 0) throw damaged(this.#before + at, 'nothing to remember')
    if (index > this.#memo.length) throw tooMuch(this.#before + at, `memo entry ${index} behind ${this.#memo.length}`)
    if (kind[length - 1] < TEXT) throw damaged(this.#before + at, `${kindName(kind[length - 1])} in the memo`)
    this.#memo.put(index, kind[length - 1], num[length - 1])
  }

  #stop(at: number): void {
    if (this.#values.length !== 1 || this.#marks.length > 0)
      throw damaged(this.#before + at, `STOP with ${this.#values.length} values and ${this.#marks.length} MARKs`)
    this.#stopped = true
  }

  #checkBegin(): void {
    if (this.#bytes.length < 2) {
      if (this.#bytes[0] === OP.PROTO) return
    } else if (this.#bytes[0] === OP.PROTO && this.#bytes[1] >= 2 && this.#bytes[1] <= 5) {
      this.#at = 2
      return
    }
    throw new SnapshotFault('byte 0', 'no pickle of protocol 2 to 5', 'give a file that torch.cuda.memory._dump_snapshot wrote')
  }

  #refused(op: number): SnapshotFault {
    const mend = 'it could run code or is no memory snapshot; such a file is never loaded'
    return new SnapshotFault(`byte ${this.#place}`, `the opcode ${refusedName(op)}, which no snapshot has`, mend)
  }
}

function joined(left: Uint8Array, parts: readonly Uint8Array[], length: number): Uint8Array {
  const [first] = parts
  if (left.length === 0 && parts.length === 1 && first !== undefined) return first
  const whole = new Uint8Array(length)
  whole.set(left)
  let at = left.length
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
