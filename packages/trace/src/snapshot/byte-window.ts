import { grown } from '@reheap/kernel'

/** Bytes of a large chunk that are joined to what is left of the one before it; few opcodes are longer. */
const SEAM_BYTES = 4096

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
  /** The chunk of whose bytes the window shows the first ones, behind `#left` older ones; null: it shows all. */
  #chunk: Uint8Array | null = null
  #left = 0

  /** Bytes of the file so far. */
  get total(): number {
    return this.before + this.bytes.length + this.#waiting
  }

  /** Takes the next bytes, which must stay as they are until the next ones have been taken. @returns whether there are as many as are needed */
  push(chunk: Uint8Array): boolean {
    this.#waiting += chunk.length
    const left = this.bytes.subarray(this.at)
    if (left.length + this.#waiting < this.need) {
      if (this.#parts.length === 0) this.#keep(left)
      this.#parts.push(chunk.slice())
      return false
    }
    this.#parts.push(chunk)
    this.before += this.at
    this.at = 0
    const isSeam = left.length > 0 && this.#parts.length === 1 && chunk.length > SEAM_BYTES
    this.#chunk = isSeam ? chunk : null
    this.#left = left.length
    this.#show(this.#joined(left, isSeam ? [chunk.subarray(0, SEAM_BYTES)] : this.#parts))
    this.#parts = []
    this.#waiting = 0
    return true
  }

  /** Shows all of a chunk whose first bytes were shown. @returns whether there is one */
  next(): boolean {
    const chunk = this.#chunk
    if (chunk === null) return false
    this.#chunk = null
    if (this.at < this.#left) this.#show(this.#joined(this.bytes.subarray(0, this.#left), [chunk]))
    else {
      this.before += this.#left
      this.at -= this.#left
      this.#show(chunk)
    }
    return true
  }

  /** What is left of a chunk that does not stay. */
  #keep(left: Uint8Array): void {
    const { need } = this
    this.before += this.at
    this.at = 0
    this.#show(left.slice())
    this.need = need
  }

  #show(bytes: Uint8Array): void {
    this.bytes = bytes
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
    this.need = 1
  }

  #joined(left: Uint8Array, parts: readonly Uint8Array[]): Uint8Array {
    const [first] = parts
    if (left.length === 0 && parts.length === 1 && first !== undefined) return first
    const length = parts.reduce((sum, part) => sum + part.length, left.length)
    this.#room = grown(this.#room, length)
    this.#room.set(left)
    let at = left.length
    for (const part of parts) {
      this.#room.set(part, at)
      at += part.length
    }
    return this.#room.subarray(0, length)
  }
}
