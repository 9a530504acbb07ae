/**
 * Columns that nobody reads any more, and the copies that are written over them: in a browser memory that is new costs ten times what copying into it does.
 */
import type { Column } from './columns.ts'

/** Smaller ones are found by the engine at no cost. */
const SPARE_BYTES_MIN = 2 ** 16
/** All spare memory: some states of a heap of a hundred megabytes. @unit bytes */
const SPARE_BYTES_MAX = 2 ** 26

/** Given back last, last. */
const spare: ArrayBuffer[] = []
let spareBytes = 0
/** Memory that was made here: it belongs to one state, whereas any other column may be that of several. */
const owned = new WeakSet<ArrayBufferLike>()
const offered = new WeakSet<Column>()

/** A column with the same values that shares no memory with it, or the column itself if it is offered. */
export function copied<C extends Column>(column: C): C {
  if (offered.delete(column)) return column
  const buffer = takeSpare(column.byteLength)
  const copy = buffer === null ? (column.slice() as C) : new (column.constructor as new (buffer: ArrayBuffer) => C)(buffer)
  if (buffer !== null) copy.set(column)
  owned.add(copy.buffer)
  return copy
}

/** Memory of zeros. @unit bytes */
export function zeros(byteLength: number): ArrayBuffer {
  const buffer = takeSpare(byteLength)
  if (buffer !== null) new Uint8Array(buffer).fill(0)
  const blank = buffer ?? new ArrayBuffer(byteLength)
  owned.add(blank)
  return blank
}

/** The next who asks for a copy of the column is given the column. */
export function offer(column: Column): void {
  offered.add(column)
}

/** Takes an offer back. @returns was the column not taken? */
export const withdraw = (column: Column): boolean => offered.delete(column)

/** Takes a column that nobody reads any more; memory that was not made here is left alone. */
export function giveBack({ buffer }: Column): void {
  if (!owned.delete(buffer) || buffer.byteLength < SPARE_BYTES_MIN) return
  spare.push(buffer as ArrayBuffer)
  spareBytes += buffer.byteLength
  while (spareBytes > SPARE_BYTES_MAX) spareBytes -= spare.shift()?.byteLength ?? 0
}

/** Null: there is none of the length. */
function takeSpare(byteLength: number): ArrayBuffer | null {
  const place = spare.findLastIndex((each) => each.byteLength === byteLength)
  if (place < 0) return null
  const [buffer] = spare.splice(place, 1) as [ArrayBuffer]
  spareBytes -= byteLength
  return buffer
}
