import { concat } from './plain-bytes.ts'

const LINE_FEED = 0x0a

/** Longest line that is read, in bytes: what a file without line feeds can cost in memory. */
export const LINE_BYTES_MAX = 16 * 1024 * 1024

/**
 * The part of a file that lies in memory: whole lines, and the beginning of the next one. Reading a
 * line moves `at`; `pull` replaces what was read by what comes next.
 */
export class LineWindow {
  readonly #source: AsyncIterator<Uint8Array>
  bytes: Uint8Array = new Uint8Array(0)
  /** Where the next line begins. */
  at = 0
  /** Behind the last line feed: lines that begin before it are whole. */
  end = 0
  /** Whether the source has no more bytes. */
  ended = false

  constructor(source: AsyncIterator<Uint8Array>) {
    this.#source = source
  }

  /** Bytes that are not read yet. */
  get left(): number {
    return this.bytes.length - this.at
  }

  /** Whether the next line ends with the file instead of a line feed. */
  get isLast(): boolean {
    return this.at >= this.end
  }

  /** Whether a line can be taken. */
  get hasLine(): boolean {
    return !this.isLast || (this.ended && this.left > 0)
  }

  /** Reads on until there is a whole line, or too much for one, or no more. To be called when no line is left. */
  async pull(): Promise<void> {
    const parts = [this.bytes.subarray(this.at)]
    let size = this.left
    let end = 0
    while (end === 0 && size <= LINE_BYTES_MAX) {
      const next = await this.#source.next()
      this.ended = next.done === true
      if (next.done === true) break
      const lineFeed = next.value.lastIndexOf(LINE_FEED)
      if (lineFeed >= 0) end = size + lineFeed + 1
      parts.push(next.value)
      size += next.value.length
    }
    this.bytes = concat(parts)
    this.at = 0
    this.end = end
  }

  /** The next line without its line feed; moves behind it. */
  takeLine(): Uint8Array {
    const stop = this.isLast ? this.bytes.length : this.bytes.indexOf(LINE_FEED, this.at)
    const line = this.bytes.subarray(this.at, stop)
    this.at = this.isLast ? stop : stop + 1
    return line
  }
}
