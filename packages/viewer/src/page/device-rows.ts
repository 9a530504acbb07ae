/** Rows of the GPU map: a segment, or all that is mapped of an expandable one. */
import type { BlockView, SegmentView } from '@reheap/device-memory'
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

export interface Chosen {
  readonly row: number
  readonly segment: SegmentView
  readonly block: BlockView
}

/** A place that is pointed at. */
export interface Place {
  readonly device: number
  readonly address: number
}

/** Row of a place: one of an expandable segment has addresses in it that nothing is mapped to. */
export const rowAt = (rows: readonly MapRow[], { device, address }: Place): number =>
  rows.findIndex((row) => row.ranges[0]?.device === device && row.address <= address && address < row.address + row.bytes)

/** The block at a place; null: none. */
export function blockAt(rows: readonly MapRow[], place: Place): Chosen | null {
  const number = rowAt(rows, place)
  const row = rows[number]
  const holds = ({ block }: Chosen): boolean => block.address <= place.address && place.address < block.address + block.bytes
  return row === undefined ? null : (blocksOf(row, number).find(holds) ?? null)
}

const blocksOf = ({ ranges }: MapRow, row: number): readonly Chosen[] =>
  ranges.flatMap((segment) => segment.blocks.map((block) => ({ row, segment, block })))

/** The block that a key leads to from another; null: the key leads nowhere. */
export function beside(rows: readonly MapRow[], from: Chosen | null, key: string): Chosen | null {
  if (!key.startsWith('Arrow')) return null
  const first = rows[0]
  if (from === null) return first === undefined ? null : (blocksOf(first, 0)[0] ?? null)
  const own = rows[from.row]
  if (own === undefined) return null
  if (key === 'ArrowLeft' || key === 'ArrowRight') {
    const blocks = blocksOf(own, from.row)
    const place = blocks.findIndex(({ block }) => block.address === from.block.address)
    return blocks[place + (key === 'ArrowRight' ? 1 : -1)] ?? from
  }
  const number = from.row + (key === 'ArrowDown' ? 1 : -1)
  const row = rows[number]
  if (row === undefined) return from
  const offset = from.block.address - own.address
  return blocksOf(row, number).findLast(({ block }) => block.address - row.address <= offset) ?? from
}
