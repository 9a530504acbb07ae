import { grown } from '@reheap/kernel'
import { OP } from './pickle-opcodes.ts'

const encoder = new TextEncoder()
/** Bytes of a piece that is handed on. */
const PIECE_BYTES = 1 << 20

/** Values of a list that are put into it at once, as Python's pickler does. @source _BATCHSIZE */
const BATCH_ITEMS = 1000

/** Writes plain data as a pickle of protocol 4, as Python's pickler does, piece by piece. */
export class PickleWriter {
  #bytes = new Uint8Array(PIECE_BYTES + 4096)
  #view = new DataView(this.#bytes.buffer)
  #length = 0
  #memo = 0
  /** Values of every open list since it was marked last. */
  readonly #counts: number[] = []
  readonly #texts = new Map<string, number>()

  constructor() {
    this.#put(OP.PROTO)
    this.#put(4)
  }

  /** Bytes that were written since the last call. */
  take(): Uint8Array<ArrayBuffer> {
    const piece = this.#bytes.slice(0, this.#length)
    this.#length = 0
    return piece
  }

  /** Whether there is enough to be handed on. */
  get isFull(): boolean {
    return this.#length >= PIECE_BYTES
  }

  /** Opens a dict: keys and values follow. @returns its number, for `again` */
  beginDict(): number {
    this.#put(OP.EMPTY_DICT)
    const number = this.#remember()
    this.#put(OP.MARK)
    return number
  }

  endDict(): void {
    this.#put(OP.SETITEMS)
  }

  /** Opens a list: `item` and a value follow, for each value. @returns its number, for `again` */
  beginList(): number {
    this.#put(OP.EMPTY_LIST)
    const number = this.#remember()
    this.#put(OP.MARK)
    this.#counts.push(0)
    return number
  }

  /** To be called before each value of a list: readers gather no more than a thousand of them at once. */
  item(): void {
    const depth = this.#counts.length - 1
    if (this.#counts[depth] === BATCH_ITEMS) {
      this.#put(OP.APPENDS)
      this.#put(OP.MARK)
      this.#counts[depth] = 0
    }
    this.#counts[depth] += 1
  }

  endList(): void {
    this.#put(OP.APPENDS)
    this.#counts.pop()
  }

  /** The same dict or list once more. */
  again(number: number): void {
    this.#reserve(5)
    if (number < 256) {
      this.#put(OP.BINGET)
      this.#put(number)
      return
    }
    this.#put(OP.LONG_BINGET)
    this.#view.setUint32(this.#length, number, true)
    this.#length += 4
  }

  text(text: string): void {
    const known = this.#texts.get(text)
    if (known !== undefined) {
      this.again(known)
      return
    }
    const bytes = encoder.encode(text)
    this.#reserve(bytes.length + 6)
    if (bytes.length < 256) {
      this.#put(OP.SHORT_BINUNICODE)
      this.#put(bytes.length)
    } else {
      this.#put(OP.BINUNICODE)
      this.#view.setUint32(this.#length, bytes.length, true)
      this.#length += 4
    }
    this.#bytes.set(bytes, this.#length)
    this.#length += bytes.length
    this.#texts.set(text, this.#remember())
  }

  /** A whole number between -2^31 and 2^53. */
  int(value: number): void {
    this.#reserve(10)
    if (value >= 0 && value < 0x1_0000) {
      this.#put(value < 256 ? OP.BININT1 : OP.BININT2)
      this.#put(value & 0xff)
      if (value >= 256) this.#put(value >> 8)
    } else if (value >= -0x8000_0000 && value < 0x8000_0000) {
      this.#put(OP.BININT)
      this.#view.setInt32(this.#length, value, true)
      this.#length += 4
    } else {
      this.#put(OP.LONG1)
      this.#put(8)
      this.#view.setBigInt64(this.#length, BigInt(value), true)
      this.#length += 8
    }
  }

  float(value: number): void {
    this.#reserve(9)
    this.#put(OP.BINFLOAT)
    this.#view.setFloat64(this.#length, value, false)
    this.#length += 8
  }

  none(): void {
    this.#put(OP.NONE)
  }

  truth(value: boolean): void {
    this.#put(value ? OP.NEWTRUE : OP.NEWFALSE)
  }

  pair(first: number, second: number): void {
    this.int(first)
    this.int(second)
    this.#put(OP.TUPLE2)
    this.#remember()
  }

  stop(): void {
    this.#put(OP.STOP)
  }

  #remember(): number {
    this.#put(OP.MEMOIZE)
    return this.#memo++
  }

  #put(byte: number): void {
    this.#reserve(1)
    this.#bytes[this.#length++] = byte
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#bytes.length) return
    this.#bytes = grown(this.#bytes, this.#length + more) as Uint8Array<ArrayBuffer>
    this.#view = new DataView(this.#bytes.buffer)
  }
}
