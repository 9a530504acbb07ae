import { type EventBatch, NO_ID, NOT_GIVEN } from '@reheap/kernel'

/** Fields that may stand on any event and get a column of their own only where the writer asks for it. */
export const CONTEXT_FIELDS = ['time', 'thread', 'heap', 'stack'] as const
/** What may stand on any event: a column that only some logs have. */
export type ContextField = (typeof CONTEXT_FIELDS)[number]

/** Most events of one batch. */
export const BATCH_EVENTS = 65_536

/** Arrow types of the fixed-width columns, spelled as pyarrow does. */
export type StoredType = 'dictionary<uint8, string>' | 'uint8' | 'uint16' | 'uint32' | 'double'

type Values = Uint8Array | Uint16Array | Uint32Array | Float64Array

/** A fixed-width column of the file. */
export interface StoredColumn {
  readonly name: string
  readonly type: StoredType
  readonly array: new (length: number) => Values
  /** Bytes of one row. */
  readonly width: number
  /** What a row without the value holds. */
  readonly none: number
  /** The column in memory; null in a batch whose every row holds `none`. */
  readonly of: (batch: EventBatch) => Values | null
}

const OPERAND_COLUMNS: readonly StoredColumn[] = [
  { name: 'kind', type: 'dictionary<uint8, string>', array: Uint8Array, width: 1, none: 0, of: (batch) => batch.code },
  { name: 'tag', type: 'uint8', array: Uint8Array, width: 1, none: 0, of: (batch) => batch.tag },
  { name: 'id', type: 'uint32', array: Uint32Array, width: 4, none: NO_ID, of: (batch) => batch.id },
  { name: 'other', type: 'uint32', array: Uint32Array, width: 4, none: NO_ID, of: (batch) => batch.other },
  { name: 'size', type: 'double', array: Float64Array, width: 8, none: NOT_GIVEN, of: (batch) => batch.size },
  { name: 'address', type: 'double', array: Float64Array, width: 8, none: NOT_GIVEN, of: (batch) => batch.address },
]

const CONTEXT_COLUMNS: Readonly<Record<ContextField, StoredColumn>> = {
  time: { name: 'time', type: 'double', array: Float64Array, width: 8, none: NOT_GIVEN, of: (batch) => batch.time },
  thread: { name: 'thread', type: 'uint16', array: Uint16Array, width: 2, none: 0, of: (batch) => batch.thread },
  heap: { name: 'heap', type: 'uint16', array: Uint16Array, width: 2, none: 0, of: (batch) => batch.heap },
  stack: { name: 'stack', type: 'uint32', array: Uint32Array, width: 4, none: NO_ID, of: (batch) => batch.stack },
}

/** The last column of every log: JSON text, or null. */
export const DETAIL_COLUMN = { name: 'detail', type: 'string' } as const

/** The fixed-width columns of a log in file order. */
export function storedColumns(context: readonly ContextField[]): readonly StoredColumn[] {
  return [...OPERAND_COLUMNS, ...CONTEXT_FIELDS.filter((field) => context.includes(field)).map((field) => CONTEXT_COLUMNS[field])]
}

/** Where a batch's columns lie in its body, in bytes. Everything starts at a multiple of 8. */
export interface BodyLayout {
  /** Start of each fixed-width column. */
  readonly columns: readonly number[]
  /** One bit a row: 1 if the row has a detail. */
  readonly detailValidity: number
  /** `rows + 1` 32-bit offsets into the text. */
  readonly detailOffsets: number
  readonly detailText: number
  readonly textBytes: number
  readonly bytes: number
  /** Arrow's list of buffers: offset and length of each. */
  readonly buffers: readonly (readonly [offset: number, length: number])[]
}

/** The one layout that a batch of so many rows and so many bytes of detail has. */
export function bodyLayout(columns: readonly StoredColumn[], rows: number, textBytes: number): BodyLayout {
  const buffers: [number, number][] = []
  let end = 0
  const place = (length: number): number => {
    const offset = end
    buffers.push([offset, length])
    end = (offset + length + 7) & ~7
    return offset
  }
  const starts = columns.map(({ width }) => {
    place(0)
    return place(rows * width)
  })
  const detailValidity = place((rows + 7) >> 3)
  const detailOffsets = place((rows + 1) * 4)
  const detailText = place(textBytes)
  return { columns: starts, detailValidity, detailOffsets, detailText, textBytes, bytes: end, buffers }
}
