import { PickleMachine } from './pickle-machine.ts'
import { OP, OPERAND_BYTES, refusedName } from './pickle-opcodes.ts'
import type { RecordBuilder } from './record-builder.ts'
import { damaged, SnapshotFault, tooMuch, truncated } from './snapshot-fault.ts'
import { BYTES, DICT, FALSE, FLOAT, INT, LIST, NONE, TEXT, TRUE, TUPLE } from './value-columns.ts'

/** Most values that wait for their container: a list of the C++ pickler is put in one piece. */
const WAITING_MAX = 2 ** 25
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
  readonly #machine = new PickleMachine()
  #bytes: Uint8Array = new Uint8Array(0)
  #view = new DataView(this.#bytes.buffer)
  #at = 0
  /** Bytes of the file before `#bytes`. */
  #before = 0
  /** Bytes that must be there before the next opcode can be looked at. */
  #need = 1
  #parts: Uint8Array[] = []
  #waiting = 0

  /** What was made of the pickle so far. */
  get records(): RecordBuilder {
    return this.#machine.records
  }

  /** Takes the next bytes of the file. @throws SnapshotFault */
  push(chunk: Uint8Array): void {
    if (chunk.length === 0) return
    if (this.#machine.isStopped) throw damaged(this.#before + this.#at, 'bytes behind the end of the pickle')
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
    if (this.#machine.isStopped && this.#at < this.#bytes.length)
      throw damaged(this.#before + this.#at, 'bytes behind the end of the pickle')
  }

  /** The value of the whole pickle, when all bytes came. @throws SnapshotFault */
  end(): { readonly kind: number; readonly num: number } {
    if (!this.#machine.isStopped) throw truncated(this.#before + this.#bytes.length + this.#waiting)
    return { kind: this.#machine.values.kind[0], num: this.#machine.values.num[0] }
  }

  /** Where the opcode stands that is being done. */
  get #place(): number {
    return this.#before + this.#at
  }

  #run(): void {
    if (this.#place === 0) this.#checkBegin()
    const end = this.#bytes.length
    while (this.#at < end && !this.#machine.isStopped) {
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
    const waiting = this.#machine.values.length
    if (waiting > WAITING_MAX) throw tooMuch(this.#place, `more than ${WAITING_MAX} values that wait for their container`)
  }

  /** Does the opcodes that nearly all bytes of a trace are. @returns where the first other one stands, or one of whose operand a part is missing */
  #frequent(end: number): number {
    const bytes = this.#bytes
    const machine = this.#machine
    const { values, memo } = machine
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
        machine.put(memo.length, this.#before + at)
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
    const machine = this.#machine
    const place = this.#before + at
    switch (op) {
      case OP.MARK:
        machine.mark(place)
        return true
      case OP.EMPTY_DICT:
        machine.empty(DICT, place)
        return true
      case OP.EMPTY_LIST:
        machine.empty(LIST, place)
        return true
      case OP.EMPTY_TUPLE:
        machine.empty(TUPLE, place)
        return true
      case OP.SETITEMS:
        machine.collect(DICT, machine.unmark(place), place)
        return true
      case OP.APPENDS:
        machine.collect(LIST, machine.unmark(place), place)
        return true
      case OP.SETITEM:
        machine.collect(DICT, machine.values.length - 2, place)
        return true
      case OP.APPEND:
        machine.collect(LIST, machine.values.length - 1, place)
        return true
      case OP.TUPLE1:
      case OP.TUPLE2:
      case OP.TUPLE3:
        machine.tuple(machine.values.length - (op - OP.TUPLE1 + 1), place)
        return true
      case OP.TUPLE:
        machine.tuple(machine.unmark(place), place)
        return true
      case OP.MEMOIZE:
        machine.put(machine.memo.length, place)
        return true
      case OP.FRAME:
        return true
      case OP.STOP:
        machine.stop(place)
        return true
      case OP.PROTO:
        throw damaged(place, 'a second PROTO')
      default:
        return this.#plain(op, at) || this.#sized(op, at)
    }
  }

  /** Numbers, truth values and memo entries. @returns whether it is one */
  #plain(op: number, at: number): boolean {
    const machine = this.#machine
    const { values } = machine
    const place = this.#before + at
    const operand = OPERAND_BYTES[op] === 1 ? this.#bytes[at + 1] : OPERAND_BYTES[op] === 4 ? this.#view.getUint32(at + 1, true) : 0
    switch (op) {
      case OP.NONE:
        values.push(NONE, 0)
        return true
      case OP.NEWTRUE:
        values.push(TRUE, 1)
        return true
      case OP.NEWFALSE:
        values.push(FALSE, 0)
        return true
      case OP.BININT1:
        values.push(INT, operand)
        return true
      case OP.BININT2:
        values.push(INT, this.#view.getUint16(at + 1, true))
        return true
      case OP.BININT:
        values.push(INT, operand | 0)
        return true
      case OP.BINFLOAT:
        values.push(FLOAT, this.#view.getFloat64(at + 1, false))
        return true
      case OP.BINGET:
      case OP.LONG_BINGET:
        machine.get(operand, place)
        return true
      case OP.BINPUT:
      case OP.LONG_BINPUT:
        machine.put(operand, place)
        return true
      default:
        return false
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
    if (isInt) this.#machine.int(this.#bytes, from, length)
    else if (op === OP.BINUNICODE || op === OP.SHORT_BINUNICODE || op === OP.BINUNICODE8)
      this.#machine.values.push(TEXT, this.#machine.records.texts.intern(this.#bytes, from, length))
    else this.#machine.values.push(BYTES, 0)
    return true
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
