import { ByteWindow } from './byte-window.ts'
import { doFrequent } from './frequent-opcodes.ts'
import { PickleMachine } from './pickle-machine.ts'
import { OP, OPERAND_BYTES, refusedName } from './pickle-opcodes.ts'
import type { RecordBuilder } from './record-builder.ts'
import { damaged, SnapshotFault, tooMuch, truncated } from './snapshot-fault.ts'
import { BYTES, FLOAT, INT, TEXT } from './value-columns.ts'

/** Most values that wait for their container: a list of the C++ pickler is put in one piece. */
const WAITING_MAX = 2 ** 25
/** Longest text. */
const TEXT_BYTES_MAX = 2 ** 24
/** This share of a file tells how much room the rest of it takes; stacks are named near its beginning. */
const SAMPLE = 1 / 16
/** Room beyond what the beginning of a file makes expected. */
const SPARE = 1.05
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
  readonly #window = new ByteWindow()
  /** Bytes of the file that are to be expected; 0: not known, or room is made for them. */
  #expected: number

  /** @param bytes length of the pickle, where it is known */
  constructor(bytes = 0) {
    this.#expected = bytes
  }

  /** What was made of the pickle so far. */
  get records(): RecordBuilder {
    return this.#machine.records
  }

  /** Takes the next bytes of the file. @throws SnapshotFault */
  push(chunk: Uint8Array): void {
    if (chunk.length === 0) return
    const window = this.#window
    if (this.#machine.isStopped) throw damaged(window.before + window.at, 'bytes behind the end of the pickle')
    if (!window.push(chunk)) return
    do this.#run()
    while (window.next())
    if (this.#expected > 0 && this.#place >= this.#expected * SAMPLE) {
      this.#machine.reserve((this.#expected / this.#place) * SPARE)
      this.#expected = 0
    }
    if (this.#machine.isStopped && this.#window.at < this.#window.bytes.length)
      throw damaged(this.#window.before + this.#window.at, 'bytes behind the end of the pickle')
  }

  /** The value of the whole pickle, when all bytes came. @throws SnapshotFault */
  end(): { readonly kind: number; readonly num: number } {
    if (!this.#machine.isStopped) throw truncated(this.#window.total)
    return { kind: this.#machine.values.kind[0], num: this.#machine.values.num[0] }
  }

  /** Where the opcode stands that is being done. */
  get #place(): number {
    return this.#window.before + this.#window.at
  }

  #run(): void {
    if (this.#place === 0) this.#checkBegin()
    const end = this.#window.bytes.length
    while (this.#window.at < end && !this.#machine.isStopped) {
      doFrequent(this.#window, this.#machine)
      const { at } = this.#window
      if (at === end) break
      const op = this.#window.bytes[at]
      const size = OPERAND_BYTES[op]
      if (size === REFUSED_SIZE) throw this.#refused(op)
      if (at + size >= end) {
        this.#window.need = size + 1
        break
      }
      this.#window.at = at + 1 + size
      const place = this.#window.before + at
      if (op === OP.PROTO) throw damaged(place, 'a second PROTO')
      if (this.#machine.operate(op, place) || this.#operand(op, at)) continue
      if (!this.#sized(op, at)) break
    }
    const waiting = this.#machine.values.length
    if (waiting > WAITING_MAX) throw tooMuch(this.#place, `more than ${WAITING_MAX} values that wait for their container`)
  }

  /** Numbers and memo entries: an operand of fixed size. @returns whether it is one */
  #operand(op: number, at: number): boolean {
    const machine = this.#machine
    const { values } = machine
    const place = this.#window.before + at
    const operand =
      OPERAND_BYTES[op] === 1 ? this.#window.bytes[at + 1] : OPERAND_BYTES[op] === 4 ? this.#window.view.getUint32(at + 1, true) : 0
    switch (op) {
      case OP.BININT1:
        values.push(INT, operand)
        return true
      case OP.BININT2:
        values.push(INT, this.#window.view.getUint16(at + 1, true))
        return true
      case OP.BININT:
        values.push(INT, operand | 0)
        return true
      case OP.BINFLOAT:
        values.push(FLOAT, this.#window.view.getFloat64(at + 1, false))
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
    const view = this.#window.view
    const from = this.#window.at
    const length =
      OPERAND_BYTES[op] === 1
        ? this.#window.bytes[at + 1]
        : OPERAND_BYTES[op] === 4
          ? view.getUint32(at + 1, true)
          : view.getUint32(at + 1, true) + view.getUint32(at + 5, true) * 2 ** 32
    const isInt = op === OP.LONG1 || op === OP.LONG4
    const most = isInt ? INT_BYTES_MAX : TEXT_BYTES_MAX
    if (length > most)
      throw tooMuch(this.#window.before + at, `a ${isInt ? 'number' : 'text'} that claims ${length} bytes (at most ${most})`)
    if (from + length > this.#window.bytes.length) {
      this.#window.need = from - at + length
      this.#window.at = at
      return false
    }
    this.#window.at = from + length
    if (isInt) this.#machine.int(this.#window.bytes, from, length)
    else if (op === OP.BINUNICODE || op === OP.SHORT_BINUNICODE || op === OP.BINUNICODE8)
      this.#machine.values.push(TEXT, this.#machine.records.texts.intern(this.#window.bytes, from, length))
    else this.#machine.values.push(BYTES, 0)
    return true
  }

  #checkBegin(): void {
    if (this.#window.bytes.length < 2) {
      if (this.#window.bytes[0] === OP.PROTO) return
    } else if (this.#window.bytes[0] === OP.PROTO && this.#window.bytes[1] >= 2 && this.#window.bytes[1] <= 5) {
      this.#window.at = 2
      return
    }
    throw new SnapshotFault('byte 0', 'no pickle of protocol 2 to 5', 'give a file that torch.cuda.memory._dump_snapshot wrote')
  }

  #refused(op: number): SnapshotFault {
    const mend = 'it could run code or is no memory snapshot; such a file is never loaded'
    return new SnapshotFault(`byte ${this.#place}`, `the opcode ${refusedName(op)}, which no snapshot has`, mend)
  }
}
