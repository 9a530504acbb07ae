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
    this.bytes = joined(this.bytes.subarray(this.at), this.#parts, left + this.#waiting)
    this.view = new DataView(this.bytes.buffer, this.bytes.byteOffset, this.bytes.length)
    this.at = 0
    this.#parts = []
    this.#waiting = 0
    this.need = 1
    return true
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
