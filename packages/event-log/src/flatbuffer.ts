import { Malformed } from './error.ts'

/** Longest list that is believed; a log has eleven columns at most. */
const VECTOR_MAX = 1024

/**
 * Reads the flatbuffers of Arrow messages with every offset checked: whatever the bytes are, a read
 * ends, stays inside them, and answers or throws {@link Malformed}. (Arrow's own decoder trusts
 * offsets and lengths; a log can come from anywhere.)
 */
export class FlatTable {
  readonly #bytes: Uint8Array
  readonly #view: DataView
  readonly #at: number
  readonly #fields: number
  readonly #fieldsEnd: number

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#at = this.#inside(at, 4)
    this.#fields = this.#inside(at - this.#view.getInt32(at, true), 4)
    this.#fieldsEnd = this.#fields + this.#view.getUint16(this.#fields, true)
  }

  /** The root table of a buffer. */
  static root(bytes: Uint8Array): FlatTable {
    if (bytes.length < 4) throw new Malformed('metadata is too short')
    return new FlatTable(bytes, new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0, true))
  }

  /** Whether the field stands in the table; one that does not holds its default. */
  has(slot: number): boolean {
    return this.#field(slot, 1) !== 0
  }

  uint8(slot: number): number {
    const at = this.#field(slot, 1)
    return at === 0 ? 0 : this.#view.getUint8(at)
  }

  int16(slot: number): number {
    const at = this.#field(slot, 2)
    return at === 0 ? 0 : this.#view.getInt16(at, true)
  }

  int32(slot: number): number {
    const at = this.#field(slot, 4)
    return at === 0 ? 0 : this.#view.getInt32(at, true)
  }

  /** A 64-bit count. */
  count(slot: number): number {
    const at = this.#field(slot, 8)
    return at === 0 ? 0 : this.#count(at)
  }

  table(slot: number): FlatTable {
    return new FlatTable(this.#bytes, this.#target(slot))
  }

  tables(slot: number): FlatTable[] {
    const { start, length } = this.#vector(slot, 4)
    return Array.from({ length }, (_, i) => new FlatTable(this.#bytes, start + i * 4 + this.#view.getUint32(start + i * 4, true)))
  }

  /** A vector of structs of two 64-bit counts each: Arrow's field nodes and buffers. */
  pairs(slot: number): (readonly [number, number])[] {
    const { start, length } = this.#vector(slot, 16)
    return Array.from({ length }, (_, i) => [this.#count(start + i * 16), this.#count(start + i * 16 + 8)] as const)
  }

  /** Where the bytes of a string stand in the buffer. */
  span(slot: number): { readonly start: number; readonly length: number } {
    return this.#vector(slot, 1)
  }

  string(slot: number): string {
    const { start, length } = this.#vector(slot, 1)
    return utf8(this.#bytes.subarray(start, start + length))
  }

  #inside(at: number, width: number): number {
    if (at < 0 || at + width > this.#bytes.length) throw new Malformed('metadata points outside itself')
    return at
  }

  #field(slot: number, width: number): number {
    const entry = this.#fields + 4 + slot * 2
    if (entry + 2 > this.#fieldsEnd) return 0
    const offset = this.#view.getUint16(this.#inside(entry, 2), true)
    return offset === 0 ? 0 : this.#inside(this.#at + offset, width)
  }

  #target(slot: number): number {
    const at = this.#field(slot, 4)
    if (at === 0) throw new Malformed('metadata lacks a part')
    return this.#inside(at + this.#view.getUint32(at, true), 4)
  }

  #vector(slot: number, width: number): { readonly start: number; readonly length: number } {
    if (!this.has(slot)) return { start: 0, length: 0 }
    const at = this.#target(slot)
    const length = this.#view.getUint32(at, true)
    if (width > 1 && length > VECTOR_MAX) throw new Malformed('metadata lists too much')
    return { start: this.#inside(at + 4, length * width), length }
  }

  #count(at: number): number {
    const count = Number(this.#view.getBigInt64(at, true))
    if (count < 0 || !Number.isSafeInteger(count)) throw new Malformed('metadata holds an impossible count')
    return count
  }
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** UTF-8 as text. */
export function utf8(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes)
  } catch {
    throw new Malformed('text is not UTF-8')
  }
}
