/** Rows of the GPU map, device below device, and what lies where in them. */
import { type BlockView, type SegmentRow, type SegmentView, segmentRows } from '@reheap/device-memory'
import type { DeviceRow } from '../session/messages.ts'

/** Height of a row, from one to the next, and of the heading of a device. @unit pixels */
export const ROW = 18
export const STEP = ROW + 3
export const HEADING = 26

export interface PlacedRow extends SegmentRow {
  /** @unit pixels */
  readonly top: number
}

/** What stands above the rows of a device. */
interface Heading {
  readonly device: number
  readonly segments: number
  /** @unit pixels */
  readonly top: number
}

export interface MapLayout {
  readonly rows: readonly PlacedRow[]
  /** None: there is only one device. */
  readonly headings: readonly Heading[]
  /** @unit pixels */
  readonly height: number
}

/** Every segment of every device by address; ranges of one expandable segment stand in one row. */
export function layoutOf(devices: readonly Pick<DeviceRow, 'device' | 'segments' | 'reservations'>[]): MapLayout {
  const rows: PlacedRow[] = []
  const headings: Heading[] = []
  let top = 0
  for (const { device, segments, reservations } of devices) {
    const own = segmentRows(segments, reservations)
    if (devices.length > 1) {
      headings.push({ device, segments: segments.length, top })
      top += HEADING
    }
    for (const row of own) {
      rows.push({ ...row, top })
      top += STEP
    }
  }
  return { rows, headings, height: Math.max(STEP, top) }
}

/** A block with where it lies. */
export interface Chosen {
  /** Place of its row. */
  readonly row: number
  readonly segment: SegmentView
  readonly block: BlockView
}

/** A place that is pointed at. */
export interface Place {
  readonly device: number
  readonly address: number
}

/** A place as it stands in the address of the page. */
export const placeText = ({ device, address }: Place): string => `${device}-0x${address.toString(16)}`

/** Null: the text names none. */
export function placeOf(text: string): Place | null {
  const [, device, address] = /^(\d+)-(0x[0-9a-f]+)$/.exec(text) ?? []
  return device === undefined ? null : { device: Number(device), address: Number(address) }
}

/** Row of a place; -1: none. One of an expandable segment has addresses in it that nothing is mapped to. */
export const rowAt = (rows: readonly SegmentRow[], { device, address }: Place): number =>
  rows.findIndex((row) => row.device === device && row.address <= address && address < row.address + row.bytes)

/** The block at a place; null: none. */
export function blockAt(rows: readonly SegmentRow[], place: Place): Chosen | null {
  const number = rowAt(rows, place)
  const row = rows[number]
  const holds = ({ block }: Chosen): boolean => block.address <= place.address && place.address < block.address + block.bytes
  return row === undefined ? null : (blocksOf(row, number).find(holds) ?? null)
}

const blocksOf = ({ ranges }: SegmentRow, row: number): readonly Chosen[] =>
  ranges.flatMap((segment) => segment.blocks.map((block) => ({ row, segment, block })))

/** The block that a key leads to from another; null: the key leads nowhere. */
export function beside(rows: readonly SegmentRow[], from: Chosen | null, key: string): Chosen | null {
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
