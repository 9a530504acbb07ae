import type { FactBatch } from './batch.ts'
import { copied } from './spare-columns.ts'

/** A typed array of 32-bit or narrower integers or of doubles. */
export type Column = Uint8Array | Uint16Array | Uint32Array | Int32Array | Float64Array

/** The same column with room for at least `capacity` rows: doubled, old rows kept, new rows zero. */
export function grown<C extends Column>(column: C, capacity: number): C {
  if (capacity <= column.length) return column
  const wider = new (column.constructor as new (length: number) => C)(Math.max(capacity, column.length * 2))
  wider.set(column)
  return wider
}

/**
 * Copies every column and every number from one state to another of the same class: typed arrays
 * are duplicated, numbers assigned, everything else is left to the caller.
 */
export function copyColumns<S extends object>(from: S, to: S): void {
  const source = from as Record<string, unknown>
  const target = to as Record<string, unknown>
  for (const name of Object.keys(source)) {
    const value = source[name]
    if (typeof value === 'number') target[name] = value
    else if (ArrayBuffer.isView(value)) target[name] = copied(value as Column)
  }
}

/**
 * Rows in the making: a mechanism's answers, or requests built by hand. Grows by doubling and is
 * emptied without being freed, so a replay allocates it once.
 */
export class Columns implements FactBatch {
  length = 0
  firstIndex = 0
  // Declared and not defined: a field that begins as undefined is one of any kind to the compiler, at every push.
  declare code: Uint8Array
  declare tag: Uint8Array
  declare id: Uint32Array
  declare other: Uint32Array
  declare size: Float64Array
  declare address: Float64Array
  declare cause: Float64Array

  constructor(capacity = 1024) {
    this.code = new Uint8Array(capacity)
    this.tag = new Uint8Array(capacity)
    this.id = new Uint32Array(capacity)
    this.other = new Uint32Array(capacity)
    this.size = new Float64Array(capacity)
    this.address = new Float64Array(capacity)
    this.cause = new Float64Array(capacity)
  }

  /** Appends one row. */
  push(code: number, cause: number, tag: number, id: number, other: number, size: number, address: number): void {
    const row = this.length
    if (row === this.code.length) this.grow()
    this.code[row] = code
    this.cause[row] = cause
    this.tag[row] = tag
    this.id[row] = id
    this.other[row] = other
    this.size[row] = size
    this.address[row] = address
    this.length = row + 1
  }

  /** Forgets every row and keeps the memory. */
  clear(): void {
    this.length = 0
  }

  private grow(): void {
    const capacity = this.code.length * 2
    this.code = grown(this.code, capacity)
    this.tag = grown(this.tag, capacity)
    this.id = grown(this.id, capacity)
    this.other = grown(this.other, capacity)
    this.size = grown(this.size, capacity)
    this.address = grown(this.address, capacity)
    this.cause = grown(this.cause, capacity)
  }
}
