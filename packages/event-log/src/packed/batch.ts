/** One batch of a packed log. */
import { type EventBatch, EventColumns, NO_ID, NOT_GIVEN } from '@reheap/kernel'
import { CONTEXT_FIELDS } from '../columns.ts'
import { Malformed } from '../error.ts'
import { groupsOf, PackedColumn } from './column.ts'
import { countAt, counted, PackedDetails } from './details.ts'

const NONE = { id: NO_ID, other: NO_ID, size: NOT_GIVEN, address: NOT_GIVEN, time: NOT_GIVEN, thread: 0, heap: 0, stack: NO_ID } as const
const OPERANDS = ['id', 'other', 'size', 'address'] as const
/** Of a context column: the batch has none. */
const ABSENT = 0xfe
const COUNT_BYTES = 4

type Name = keyof typeof NONE

/** Writes or reads every batch of a log, in order. */
export class BatchPacker {
  readonly #columns = Object.fromEntries(Object.entries(NONE).map(([name, none]) => [name, new PackedColumn(none)])) as Record<
    Name,
    PackedColumn
  >
  readonly #details = new PackedDetails()

  write(batch: EventBatch): Uint8Array {
    const rows = batch.length
    const code = batch.code.subarray(0, rows)
    const { numbers, templates, texts } = this.#details.write(batch)
    const groups = groupsOf(code, numbers)
    const parts: Uint8Array[] = [counted(rows), code, batch.tag.subarray(0, rows), ...templates]
    for (const name of OPERANDS) parts.push(...this.#columns[name].write(batch[name], groups, true))
    for (const name of CONTEXT_FIELDS) {
      const values = batch[name]
      parts.push(...(values === null ? [Uint8Array.of(ABSENT)] : this.#columns[name].write(values, groups, false)))
    }
    return joined([...parts, ...texts])
  }

  /** @throws Malformed */
  read(bytes: Uint8Array, firstIndex: number): EventColumns {
    const rows = countAt(bytes, 0)
    if (COUNT_BYTES + 2 * rows > bytes.length) throw new Malformed('a batch is cut off')
    const batch = new EventColumns(rows, firstIndex)
    batch.length = rows
    batch.code.set(bytes.subarray(COUNT_BYTES, COUNT_BYTES + rows))
    batch.tag.set(bytes.subarray(COUNT_BYTES + rows, COUNT_BYTES + 2 * rows))
    const code = batch.code.subarray(0, rows)
    const { numbers, end } = this.#details.readNumbers(bytes, COUNT_BYTES + 2 * rows, code)
    const groups = groupsOf(code, numbers)
    let at = end
    for (const name of OPERANDS) at = this.#columns[name].read(bytes, at, batch[name], groups, true)
    for (const name of CONTEXT_FIELDS) {
      if (bytes[at] === ABSENT) {
        at++
        continue
      }
      const values = name === 'time' ? new Float64Array(rows) : name === 'stack' ? new Uint32Array(rows) : new Uint16Array(rows)
      at = this.#columns[name].read(bytes, at, values, groups, false)
      Object.assign(batch, { [name]: values })
    }
    this.#details.read(bytes, at, batch, numbers, (row, detail) => batch.setDetail(row, detail))
    return batch
  }
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}
