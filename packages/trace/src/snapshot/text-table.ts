import { grown } from '@reheap/kernel'
import { tooMuch } from './snapshot-fault.ts'

/** More bytes than the distinct texts of the largest snapshots have. */
const BYTES_MAX = 2 ** 29

const decoder = new TextDecoder('utf-8', { fatal: false, ignoreBOM: true })

/** Texts, each once, by their bytes. They become strings when somebody asks for them. */
export class TextTable {
  #bytes = new Uint8Array(4096)
  #end = 0
  #start = new Float64Array(256)
  #slots = new Uint32Array(512)
  #strings: (string | undefined)[] = []
  /** How many there are. */
  length = 0

  /** The number of a text that lies in some bytes. */
  intern(from: Uint8Array, at: number, length: number): number {
    let hash = 0x811c9dc5
    for (let i = 0; i < length; i++) hash = Math.imul(hash ^ from[at + i], 0x01000193)
    hash ^= hash >>> 15
    const mask = this.#slots.length - 1
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const found = this.#slots[slot]
      if (found === 0) return this.#add(from, at, length, slot)
      if (this.#equals(found - 1, from, at, length)) return found - 1
    }
  }

  /** The number of a text. */
  internText(text: string): number {
    const bytes = new TextEncoder().encode(text)
    return this.intern(bytes, 0, bytes.length)
  }

  text(number: number): string {
    this.#strings[number] ??= decoder.decode(this.#bytes.subarray(this.#start[number], this.#start[number + 1]))
    return this.#strings[number]
  }

  /** Bytes of a text. */
  size(number: number): number {
    return this.#start[number + 1] - this.#start[number]
  }

  #equals(number: number, from: Uint8Array, at: number, length: number): boolean {
    const start = this.#start[number]
    if (this.#start[number + 1] - start !== length) return false
    for (let i = 0; i < length; i++) if (this.#bytes[start + i] !== from[at + i]) return false
    return true
  }

  #add(from: Uint8Array, at: number, length: number, slot: number): number {
    if (this.#end + length > BYTES_MAX) throw tooMuch(null, `more than ${BYTES_MAX} bytes of texts that differ`)
    const number = this.length++
    this.#slots[slot] = number + 1
    this.#bytes = grown(this.#bytes, this.#end + length)
    for (let i = 0; i < length; i++) this.#bytes[this.#end + i] = from[at + i]
    this.#end += length
    this.#start = grown(this.#start, number + 2)
    this.#start[number + 1] = this.#end
    if (this.length * 2 > this.#slots.length) this.#rehash()
    return number
  }

  #rehash(): void {
    const slots = new Uint32Array(this.#slots.length * 2)
    const mask = slots.length - 1
    for (let number = 0; number < this.length; number++) {
      let hash = 0x811c9dc5
      for (let i = this.#start[number]; i < this.#start[number + 1]; i++) hash = Math.imul(hash ^ this.#bytes[i], 0x01000193)
      hash ^= hash >>> 15
      let slot = hash & mask
      while (slots[slot] !== 0) slot = (slot + 1) & mask
      slots[slot] = number + 1
    }
    this.#slots = slots
  }
}
