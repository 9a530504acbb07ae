/**
 * A column of numbers as planes of bytes that compress well.
 *
 * Values of one kind of event with one kind of detail stand together. Those of a group are written as whichever packs best: as they are, as
 * differences from the last one (an operand's from that of its group, which it resembles more, a context's from that of the row before), or by
 * how much they lie below the largest one so far: a block that is freed is mostly a young one.
 */
import { Malformed } from '../error.ts'
import { packedBytes, readPlanes, writePlanes } from './planes.ts'

const CODES = 256
/** Details behind so many are one group. */
const TEMPLATES = 256
const GROUPS = CODES * TEMPLATES
/** How a group is written: as differences, as values, or as what is lacking to the largest value so far. */
const DIFFERENCES = 0
const VALUES = 1
const LACKING = 2
/** The whole column stands as eight bytes a value. */
const RAW = 0xff
const GROUPED = 0
const RAW_BYTES = 8
/** Whole values up to here have differences that are exact. */
const WHOLE_MAX = 2 ** 50
/** So much better than differences must another way be: those have more that repeats than is counted. */
const BETTER = 0.95

type Values = Uint16Array | Uint32Array | Float64Array

/** Rows of a batch by their group, each in order. */
export interface Groups {
  /** Of each row. @shape [rows] */
  readonly group: Uint32Array
  readonly order: Uint32Array
  /** Where in `order` each group that is there begins, and the end. */
  readonly starts: readonly number[]
}

/** Rows by their code and their detail's text. */
export function groupsOf(code: Uint8Array, numbers: Uint32Array): Groups {
  const group = Uint32Array.from(code, (each, row) => each * TEMPLATES + Math.min(TEMPLATES - 1, numbers[row]))
  const begins = new Uint32Array(GROUPS + 1)
  for (const each of group) begins[each + 1]++
  for (let each = 0; each < GROUPS; each++) begins[each + 1] += begins[each]
  const starts = [...new Set(begins)]
  const order = new Uint32Array(code.length)
  for (let row = 0; row < code.length; row++) order[begins[group[row]]++] = row
  return { group, order, starts }
}

/** Writes or reads one column of every batch of a log, in order. */
export class PackedColumn {
  /** What a row without the value holds. */
  readonly #none: number
  /** Last value of each group, of a context of all. @shape [GROUPS] */
  readonly #last = new Float64Array(GROUPS)
  /** Of all values so far. */
  #largest = 0

  constructor(none: number) {
    this.#none = none
  }

  /** @param isOperand is a value compared with the last of its group, or with that of the row before? */
  write(values: Values, groups: Groups, isOperand: boolean): readonly Uint8Array[] {
    const { order, starts } = groups
    if (!this.#isWhole(values, order.length)) return [Uint8Array.of(RAW), ...planesOf(values, order)]
    const written = this.#written(values, groups, isOperand)
    const parts: Uint8Array[] = [Uint8Array.of(GROUPED)]
    for (let place = 0; place + 1 < starts.length; place++) {
      const rows = order.subarray(starts[place], starts[place + 1])
      const [best, mode] = bestOf(written.map((each) => Float64Array.from(rows, (row) => each[row])))
      parts.push(Uint8Array.of(mode), ...best)
    }
    return parts
  }

  /** Reads what {@link write} wrote from `at` on into the rows of a batch. @returns the place behind it @throws Malformed */
  read(bytes: Uint8Array, at: number, into: Values, groups: Groups, isOperand: boolean): number {
    const { order, starts } = groups
    if (bytes[at] === RAW) return readPlain(bytes, at + 1, into, order)
    if (bytes[at] !== GROUPED) throw new Malformed('a column is cut off')
    const written = new Float64Array(order.length)
    const mode = new Uint8Array(order.length)
    let end = at + 1
    for (let place = 0; place + 1 < starts.length; place++) {
      const rows = order.subarray(starts[place], starts[place + 1])
      const planes = readPlanes(bytes, end + 1, rows.length)
      rows.forEach((row, each) => {
        written[row] = planes.values[each]
        mode[row] = bytes[end]
      })
      end = planes.end
    }
    this.#restore(written, mode, into, groups, isOperand)
    return end
  }

  #isWhole(values: Values, rows: number): boolean {
    for (let row = 0; row < rows; row++) {
      const value = values[row]
      if (Object.is(value, this.#none)) continue
      if (!Number.isInteger(value) || Math.abs(value) > WHOLE_MAX || Object.is(value, -0)) return false
    }
    return true
  }

  /** What each row is written as in each way, 0 where it has no value; below 0 where it cannot be. */
  #written(values: Values, { group, order }: Groups, isOperand: boolean): readonly Float64Array[] {
    const last = this.#last
    const [differences, plain, lacking] = [new Float64Array(order.length), new Float64Array(order.length), new Float64Array(order.length)]
    for (let row = 0; row < order.length; row++) {
      const value = values[row]
      if (Object.is(value, this.#none)) continue
      const key = isOperand ? group[row] : 0
      const difference = value - last[key]
      last[key] = value
      differences[row] = (difference >= 0 ? 2 * difference : -2 * difference - 1) + 1
      plain[row] = value < 0 ? -1 : value + 1
      lacking[row] = this.#largest < value ? -1 : this.#largest - value + 1
      this.#largest = Math.max(this.#largest, value)
    }
    return [differences, plain, lacking]
  }

  #restore(written: Float64Array, mode: Uint8Array, into: Values, { group }: Groups, isOperand: boolean): void {
    const last = this.#last
    for (let row = 0; row < written.length; row++) {
      const value = written[row]
      if (value === 0) {
        into[row] = this.#none
        continue
      }
      const key = isOperand ? group[row] : 0
      if (mode[row] === VALUES) last[key] = value - 1
      else if (mode[row] === LACKING) last[key] = this.#largest - value + 1
      else last[key] += value % 2 === 1 ? (value - 1) / 2 : -value / 2
      this.#largest = Math.max(this.#largest, last[key])
      into[row] = last[key]
    }
  }
}

/** The way that packs best. @param ways by their number @returns its planes, and its number */
function bestOf(ways: readonly Float64Array[]): readonly [planes: readonly Uint8Array[], mode: number] {
  let best = writePlanes(ways[DIFFERENCES] as Float64Array)
  let mode = DIFFERENCES
  let least = BETTER * packedBytes(best.slice(1))
  for (const other of [VALUES, LACKING]) {
    const values = ways[other] as Float64Array
    if (values.some((value) => value < 0)) continue
    const planes = writePlanes(values)
    const bytes = packedBytes(planes.slice(1))
    if (bytes >= least) continue
    best = planes
    mode = other
    least = bytes
  }
  return [best, mode]
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

/** @returns the place behind @throws Malformed */
function readPlain(bytes: Uint8Array, at: number, into: Values, order: Uint32Array): number {
  const end = at + RAW_BYTES * order.length
  if (end > bytes.length) throw new Malformed('a column is cut off')
  const cell = new DataView(new ArrayBuffer(RAW_BYTES))
  for (let place = 0; place < order.length; place++) {
    for (let byte = 0; byte < RAW_BYTES; byte++) cell.setUint8(byte, bytes[at + byte * order.length + place])
    into[order[place]] = cell.getFloat64(0, true)
  }
  return end
}
