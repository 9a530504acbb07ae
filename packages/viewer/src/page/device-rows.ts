/** Rows of the GPU map: a segment, or all that is mapped of an expandable one. */
import type { SegmentView } from '@reheap/device-memory'
import type { DeviceRow } from '../session/messages.ts'

export interface MapRow {
  /** Where the row begins. */
  readonly address: number
  /** From there to the end of what is mapped last. @unit bytes */
  readonly bytes: number
  /** Mapped ranges, by address; between them nothing is mapped. */
  readonly ranges: readonly SegmentView[]
  /** Address space of an expandable segment; null: it is none. @unit bytes */
  readonly reservedBytes: number | null
}

/** By address; ranges of one expandable segment stand in one row. */
export function rowsOf({ segments, reservations }: DeviceRow): readonly MapRow[] {
  const rows: MapRow[] = []
  for (const segment of segments) {
    const space = segment.isExpandable
      ? reservations.find(({ address, bytes }) => address <= segment.address && segment.address < address + bytes)
      : undefined
    const last = rows.at(-1)
    const isSame = space !== undefined && last !== undefined && last.reservedBytes !== null && last.address >= space.address
    if (isSame)
      rows[rows.length - 1] = { ...last, bytes: segment.address + segment.bytes - last.address, ranges: [...last.ranges, segment] }
    else rows.push({ address: segment.address, bytes: segment.bytes, ranges: [segment], reservedBytes: space?.bytes ?? null })
  }
  return rows
}
