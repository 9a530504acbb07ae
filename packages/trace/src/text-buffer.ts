const ZERO = 0x30

/** Text in the making, as bytes. Grows by doubling. */
export class TextBuffer {
  bytes: Uint8Array
  length = 0

  constructor(capacity: number) {
    this.bytes = new Uint8Array(Math.max(64, capacity))
  }

  /** Makes room for so many more bytes. To be called before they are put. */
  reserve(more: number): void {
    if (this.length + more <= this.bytes.length) return
    const wider = new Uint8Array(Math.max(this.length + more, this.bytes.length * 2))
    wider.set(this.bytes.subarray(0, this.length))
    this.bytes = wider
  }

  /** Puts a few bytes: for many, `set` is faster than this loop. */
  put(text: Uint8Array): void {
    for (let i = 0; i < text.length; i++) this.bytes[this.length + i] = text[i]
    this.length += text.length
  }

  /** Puts a whole number from 0 to 2^53 - 1 in decimal digits. */
  putWhole(value: number): void {
    const high = value < 1e9 ? 0 : Math.floor(value / 1e8)
    if (high > 0) this.#putDigits(high, digitCount(high))
    this.#putDigits(value - high * 1e8, high > 0 ? 8 : digitCount(value))
  }

  /** The text so far, without a copy. The buffer is not to be used after it. */
  take(): Uint8Array {
    return this.bytes.subarray(0, this.length)
  }

  /** Puts the last `count` digits of a number below 10^9. */
  #putDigits(value: number, count: number): void {
    let rest = value | 0
    for (let at = this.length + count - 1; at >= this.length; at--) {
      const tenth = (rest / 10) | 0
      this.bytes[at] = ZERO + rest - tenth * 10
      rest = tenth
    }
    this.length += count
  }
}

function digitCount(value: number): number {
  let count = 1
  for (let limit = 10; value >= limit; limit *= 10) count += 1
  return count
}
