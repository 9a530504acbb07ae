/** Segments in rows: what is mapped of one expandable segment stands together. */
import type { Reservation, SegmentView } from './queries.ts'

/** A segment, or all that is mapped of an expandable one. */
export interface SegmentRow {
  readonly device: number
  /** Where the row begins. */
  readonly address: number
  /** From there to the end of what is mapped last. @unit bytes */
  readonly bytes: number
  /** Mapped ranges, by address; between them nothing is mapped. */
  readonly ranges: readonly SegmentView[]
  /** Address space of an expandable segment; null: it is none. @unit bytes */
  readonly reservedBytes: number | null
}

/** Rows of one device's segments, by address. */
export function segmentRows(segments: readonly SegmentView[], reservations: readonly Reservation[]): readonly SegmentRow[] {
  const rows: SegmentRow[] = []
  for (const segment of segments) {
    const { device, address, bytes } = segment
    const space = segment.isExpandable
      ? reservations.find((each) => each.address <= address && address < each.address + each.bytes)
      : undefined
    const last = rows.at(-1)
    if (space !== undefined && last !== undefined && last.reservedBytes !== null && last.address >= space.address)
      rows[rows.length - 1] = { ...last, bytes: address + bytes - last.address, ranges: [...last.ranges, segment] }
    else rows.push({ device, address, bytes, ranges: [segment], reservedBytes: space?.bytes ?? null })
  }
  return rows
}
