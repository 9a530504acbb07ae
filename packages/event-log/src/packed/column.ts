/**
 * A column of numbers as planes of bytes that compress well.
 *
 * A value is written as its difference from the last one, of an operand from the last one of the same kind of event, which it
 * resembles more; values of one kind stand together, and so do the first bytes of all values, then the second ones.
 */
import { Malformed } from '../error.ts'

const GROUPS = 256
/** Planes of whole values: differences stay below 2^53. */
const PLANES_MAX = 7
/** In place of the number of planes: values stand as eight bytes each. */
const RAW = 0xff
const RAW_BYTES = 8
/** Whole values up to here have differences that are exact. */
const WHOLE_MAX = 2 ** 50
const HALF = 2 ** 32

type Values = Uint16Array | Uint32Array | Float64Array

/** Writes or reads one column of every batch of a log, in order. */
export class PackedColumn {
  /** What a row without the value holds. */
  readonly #none: number
  /** Last value of each group. @shape [256] */
  readonly #last = new Float64Array(GROUPS)

  constructor(none: number) {
    this.#none = none
  }

  /** @param order rows in the order in which they are written @param group of each row: a value differs from the last of its group; null: from the last */
  write(values: Values, order: Uint32Array, group: Uint8Array | null): readonly Uint8Array[] {
    const differences = this.#differences(values, order, group)
    if (differences === null) return [Uint8Array.of(RAW), ...planesOf(values, order)]
    const { low, high } = differences
    const planes = Array.from({ length: PLANES_MAX }, (_, plane) => (plane < 4 ? planeOf(low, 8 * plane) : planeOf(high, 8 * (plane - 4))))
    const used = planes.findLastIndex((plane) => plane !== null) + 1
    const empty = new Uint8Array(order.length)
    return [Uint8Array.of(used), ...planes.slice(0, used).map((plane) => plane ?? empty)]
  }

  /** Reads what {@link write} wrote from `at` on into the rows of a batch. @returns the place behind it @throws Malformed */
  read(bytes: Uint8Array, at: number, into: Values, order: Uint32Array, group: Uint8Array | null): number {
    const rows = order.length
    const planes = bytes[at] ?? RAW
    const length = planes === RAW ? RAW_BYTES * rows : planes * rows
    if ((planes > PLANES_MAX && planes !== RAW) || at + 1 + length > bytes.length) throw new Malformed('a column is cut off')
    if (planes === RAW) readPlain(bytes, at + 1, into, order)
    else this.#readWhole(bytes.subarray(at + 1, at + 1 + length), planes, into, order, group)
    return at + 1 + length
  }

  /** Differences from the last value of the group, none as 0; null: a value is not whole, or too large. */
  #differences(
    values: Values,
    order: Uint32Array,
    group: Uint8Array | null,
  ): { readonly low: Uint32Array; readonly high: Uint32Array } | null {
    const last = this.#last.slice()
    const low = new Uint32Array(order.length)
    const high = new Uint32Array(order.length)
    const place = placesOf(order)
    for (let row = 0; row < order.length; row++) {
      const value = values[row]
      if (Object.is(value, this.#none)) continue
      if (!Number.isInteger(value) || Math.abs(value) > WHOLE_MAX || Object.is(value, -0)) return null
      const key = group === null ? 0 : group[row]
      const difference = value - last[key]
      last[key] = value
      const written = (difference >= 0 ? 2 * difference : -2 * difference - 1) + 1
      low[place[row]] = written
      high[place[row]] = written / HALF
    }
    this.#last.set(last)
    return { low, high }
  }

  #readWhole(bytes: Uint8Array, planes: number, into: Values, order: Uint32Array, group: Uint8Array | null): void {
    const rows = order.length
    const written = new Float64Array(rows)
    for (let plane = 0, weight = 1; plane < planes; plane++, weight *= 256) {
      for (let place = 0; place < rows; place++) written[place] += bytes[plane * rows + place] * weight
    }
    const last = this.#last
    const place = placesOf(order)
    for (let row = 0; row < rows; row++) {
      const value = written[place[row]]
      if (value === 0) {
        into[row] = this.#none
        continue
      }
      const key = group === null ? 0 : group[row]
      last[key] += value % 2 === 1 ? (value - 1) / 2 : -value / 2
      into[row] = last[key]
    }
  }
}

/** Where each row is written. */
function placesOf(order: Uint32Array): Uint32Array {
  const places = new Uint32Array(order.length)
  for (let place = 0; place < order.length; place++) places[order[place]] = place
  return places
}

/** One byte of each value; null: all are 0. */
function planeOf(half: Uint32Array, shift: number): Uint8Array | null {
  const plane = new Uint8Array(half.length)
  let any = 0
  for (let place = 0; place < half.length; place++) {
    const byte = (half[place] >>> shift) & 0xff
    plane[place] = byte
    any |= byte
  }
  return any === 0 ? null : plane
}

/** Values as eight planes of their bytes. */
function planesOf(values: Values, order: Uint32Array): readonly Uint8Array[] {
  const planes = Array.from({ length: RAW_BYTES }, () => new Uint8Array(order.length))
  const cell = new DataView(new ArrayBuffer(RAW_BYTES))
  for (let place = 0; place < order.length; place++) {
    cell.setFloat64(0, values[order[place]], true)
    planes.forEach((plane, byte) => {
      plane[place] = cell.getUint8(byte)
    })
  }
  return planes
}

function readPlain(bytes: Uint8Array, at: number, into: Values, order: Uint32Array): void {
  const cell = new DataView(new ArrayBuffer(RAW_BYTES))
  for (let place = 0; place < order.length; place++) {
    for (let byte = 0; byte < RAW_BYTES; byte++) cell.setUint8(byte, bytes[at + byte * order.length + place])
    into[order[place]] = cell.getFloat64(0, true)
  }
}

/** Rows of a batch by their code, each in order. */
export function groupedRows(code: Uint8Array): Uint32Array {
  const starts = new Uint32Array(GROUPS + 1)
  for (const each of code) starts[each + 1]++
  for (let each = 0; each < GROUPS; each++) starts[each + 1] += starts[each]
  const order = new Uint32Array(code.length)
  for (let row = 0; row < code.length; row++) order[starts[code[row]]++] = row
  return order
}
