import { grown } from '@reheap/kernel'

/** The part of a file that lies in memory: what is not decoded yet. Bytes that are decoded go when others come. */
export class ByteWindow {
  bytes: Uint8Array = new Uint8Array(0)
  view = new DataView(this.bytes.buffer)
  /** Where the next opcode begins. */
  at = 0
  /** Bytes of the file before `bytes`. */
  before = 0
  /** Bytes that must be there before the next opcode can be looked at. */
  need = 1
  /** Where parts are joined; kept, since a window is as large as the one before it. */
  #room = new Uint8Array(0)
  #parts: Uint8Array[] = []
  #waiting = 0

  /** Bytes of the file so far. */
  get total(): number {
    return this.before + this.bytes.length + this.#waiting
  }

  /** Takes the next bytes. @returns whether there are as many as are needed */
  push(chunk: Uint8Array): boolean {
    this.#parts.push(chunk)
    this.#waiting += chunk.length
    const left = this.bytes.length - this.at
    if (left + this.#waiting < this.need) return false
    this.before += this.at
    this.bytes = this.#joined(this.bytes.subarray(this.at), left + this.#waiting)
    this.view = new DataView(this.bytes.buffer, this.bytes.byteOffset, this.bytes.length)
    this.at = 0
    this.#parts = []
    this.#waiting = 0
    this.need = 1
    return true
  }

  #joined(left: Uint8Array, length: number): Uint8Array {
    const [first] = this.#parts
    if (left.length === 0 && this.#parts.length === 1 && first !== undefined) return first
    this.#room = grown(this.#room, length)
    this.#room.set(left)
    let at = left.length
    for (const part of this.#parts) {
      this.#room.set(part, at)
      at += part.length
    }
    return this.#room.subarray(0, length)
  }
}
