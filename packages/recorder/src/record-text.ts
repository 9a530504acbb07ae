import { RECORD_BYTES, RECORD_OPS } from './ring-layout.ts'

/** Where the payload of a text record starts. */
const PAYLOAD_WORD = 2

/** A mark or an observation whose text comes in several records. */
export class RecordText {
  readonly op: number
  /** Is the label the program's own, not one of the recorder's? */
  readonly isOfProgram: boolean
  /** Nanoseconds since recording began. */
  readonly time: number
  readonly thread: number
  readonly heap: number
  readonly #bytes: Uint8Array
  #filled = 0

  constructor(head: { op: number; tag: number; time: number; thread: number; heap: number; bytes: number }) {
    this.op = head.op
    this.isOfProgram = head.tag !== 0
    this.time = head.time
    this.thread = head.thread
    this.heap = head.heap
    this.#bytes = new Uint8Array(head.bytes)
  }

  get isWhole(): boolean {
    return this.#filled === this.#bytes.length
  }

  /** Takes the piece in the record that starts at word `at`. */
  append(words: Uint32Array, at: number): void {
    const length = Math.min((words[at + 1] ?? 0) >>> 16, RECORD_BYTES - PAYLOAD_WORD * 4, this.#bytes.length - this.#filled)
    this.#bytes.set(new Uint8Array(words.buffer, words.byteOffset + (at + PAYLOAD_WORD) * 4, length), this.#filled)
    this.#filled += length
  }

  toString(): string {
    return new TextDecoder().decode(this.#bytes)
  }
}

/** Is a record the head of a text? */
export const startsText = (op: number): boolean => op === RECORD_OPS.mark || op === RECORD_OPS.stats
