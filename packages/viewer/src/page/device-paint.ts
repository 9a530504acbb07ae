/** The picture of the GPU map. */
import type { SegmentRow } from '@reheap/device-memory'
import { type BlockPaint, freeFill, unmappedFill } from './device-colours.ts'
import { type Chosen, HEADING, type MapLayout, type PlacedRow, ROW } from './device-rows.ts'
import type { RowScale } from './device-scale.ts'
import { blankCanvas } from './drawing.ts'
import { fillRectangle } from './fill.ts'
import { bytes, counted, hex } from './format.ts'

/** Narrower blocks have no edge. @unit pixels */
const EDGED = 3

/** What of the map is drawn, and how. */
export interface DrawnMap {
  readonly layout: MapLayout
  readonly scale: RowScale
  readonly paint: BlockPaint
  readonly isLight: boolean
  readonly pointed: Chosen | null
  readonly chosen: Chosen | null
}

/** Draws what lies between two heights. @unit pixels */
export function drawMap(canvas: HTMLCanvasElement, map: DrawnMap, from: number, height: number): void {
  const { layout, scale, isLight, pointed, chosen } = map
  const context = blankCanvas(canvas, scale.left + scale.width, height)
  if (context === null) return
  context.font = '11px system-ui, sans-serif'
  context.textBaseline = 'middle'
  context.translate(0, -from)
  const isSeen = ({ top }: { readonly top: number }): boolean => top + HEADING > from && top < from + height
  for (const { device, segments, top } of layout.headings.filter(isSeen)) {
    context.fillStyle = isLight ? '#1a212b' : '#e6eaf0'
    context.fillText(`device ${device}: ${counted(segments, 'segment')}`, 0, top + HEADING / 2)
  }
  for (const row of layout.rows.filter(isSeen)) {
    drawLabel(context, row, map)
    context.save()
    context.beginPath()
    context.rect(scale.left, row.top, scale.width, ROW)
    context.clip()
    drawRow(context, row, map)
    context.restore()
  }
  for (const [told, width] of [
    [chosen, 2.5],
    [pointed, 1],
  ] as const) {
    const row = layout.rows[told?.row ?? -1]
    if (told !== null && row !== undefined) drawFrame(context, row, told, map, width)
  }
}

/** Address, size, pool and stream; only the size where the map is narrow. */
function drawLabel(context: CanvasRenderingContext2D, row: PlacedRow, { scale, isLight }: DrawnMap): void {
  const middle = row.top + ROW / 2
  context.fillStyle = isLight ? '#4b5563' : '#a3adbc'
  const size = bytes(row.ranges.reduce((sum, range) => sum + range.bytes, 0))
  context.textAlign = 'right'
  context.fillText(size, scale.isNarrow ? scale.left - 6 : 158, middle)
  context.textAlign = 'left'
  if (scale.isNarrow) return
  context.fillText(hex(row.address), 0, middle)
  context.fillText(kindOf(row), 166, middle, scale.left - 172)
}

function kindOf({ ranges, reservedBytes }: SegmentRow): string {
  const { type = 'large', stream = 0, pool = null } = ranges[0] ?? {}
  return [type, `s${stream}`, ...(pool === null ? [] : [`pool ${pool}`]), ...(reservedBytes === null ? [] : ['exp.'])].join(' ')
}

function drawRow(context: CanvasRenderingContext2D, row: PlacedRow, { scale, paint, isLight }: DrawnMap): void {
  const [free, unmapped] = [freeFill(isLight), unmappedFill(isLight)]
  const edge = isLight ? '#ffffff' : '#10151d'
  const right = scale.left + scale.width
  const spot = (address: number, size: number): readonly [left: number, width: number] => {
    const left = scale.pixelOf(row, address)
    return [left, scale.pixelOf(row, address + size) - left]
  }
  let end = row.address
  for (const segment of row.ranges) {
    if (segment.address > end) fillRectangle(context, unmapped, ...placed(spot(end, segment.address - end), row.top))
    end = segment.address + segment.bytes
    for (const block of segment.blocks) {
      const [left, width] = spot(block.address, block.bytes)
      if (left > right || left + width < scale.left) continue
      const fill = block.state === 'inactive' ? free : paint.fillOf(segment, block)
      fillRectangle(context, fill, ...placed([left, Math.max(0.5, width)], row.top))
      if (fill.kind !== 'solid' || width < EDGED) continue
      context.fillStyle = edge
      context.fillRect(left + width - 0.8, row.top, 0.8, ROW)
    }
  }
}

const placed = ([left, width]: readonly [number, number], top: number): readonly [number, number, number, number] => [left, top, width, ROW]

function drawFrame(context: CanvasRenderingContext2D, row: PlacedRow, told: Chosen, { scale, isLight }: DrawnMap, width: number): void {
  const { address, bytes: size } = told.block
  const left = Math.max(scale.left, scale.pixelOf(row, address))
  const right = Math.min(scale.left + scale.width, scale.pixelOf(row, address + size))
  if (right < left) return
  context.lineWidth = width
  context.strokeStyle = isLight ? '#111827' : '#f5f7fa'
  context.strokeRect(left, row.top + 0.5, Math.max(2, right - left), ROW - 1)
}
