/** The rows of the GPU map: pointed at, walked through, zoomed. */
import { useEffect, useRef } from 'preact/hooks'
import type { AddressZoom } from './address-zoom.ts'
import { type DrawnMap, drawMap } from './device-paint.ts'
import { beside, type Chosen, type MapLayout, type Place, ROW, STEP } from './device-rows.ts'
import { RowScale } from './device-scale.ts'
import { drawnWhole, useDrawing, type WholeMap } from './drawing.ts'
import { count, counted } from './format.ts'
import { heldHeight, keepInSight, scrolledOf, VISIBLE } from './scrolled-map.ts'
import { useWheel } from './use-wheel.ts'
import { useWidth } from './use-width.ts'

/** Share of what is shown that a key moves by. */
const STEP_SHARE = 0.2

interface MapCanvasProps {
  readonly map: Omit<DrawnMap, 'scale'>
  /** Length of the longest row; null: each row fills the width. */
  readonly largest: number | null
  readonly zoom: AddressZoom
  readonly onPoint: (place: Place | null) => void
  readonly onChoose: (place: Place | null) => void
}

export function MapCanvas({ map, largest, zoom, onPoint, onChoose }: MapCanvasProps) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const width = useWidth(canvas)
  const { layout, pointed, chosen } = map
  const [low, high] = zoom.shown
  const scale = new RowScale(width, largest, [low, high])
  const paint = (): void => {
    const shown = canvas.current
    if (shown === null || width === 0) return
    drawMap(shown, { ...map, scale }, scrolledOf(shown), Math.min(VISIBLE, layout.height))
    drawnWhole(shown, () => wholeMap({ ...map, scale }))
  }
  useDrawing(paint, [layout, map.paint, pointed, chosen, width, largest, low, high])
  useEffect(() => {
    if (canvas.current !== null && chosen !== null) keepInSight(canvas.current, layout.rows[chosen.row]?.top ?? 0, ROW)
  }, [chosen?.segment.address, chosen?.segment.device, width])
  const under = (event: MouseEvent): Place | null => {
    const y = event.offsetY + scrolledOf(event.currentTarget as HTMLCanvasElement)
    const row = layout.rows.find(({ top }) => top <= y && y < top + ROW)
    const address = row === undefined ? null : scale.addressAt(row, event.offsetX)
    return row === undefined || address === null ? null : { device: row.device, address }
  }
  const onKey = (event: KeyboardEvent): void => {
    const done = zoomed(zoom, event, shareOf(scale, map, pointed ?? chosen)) || walked(event.key)
    if (!done) return
    event.preventDefault()
    event.stopPropagation()
  }
  const walked = (key: string): boolean => {
    if (key === 'Enter' && pointed !== null) onChoose({ device: pointed.segment.device, address: pointed.block.address })
    const next = beside(layout.rows, pointed ?? chosen, key)
    if (next !== null) {
      onPoint({ device: next.segment.device, address: next.block.address })
      if (canvas.current !== null) keepInSight(canvas.current, layout.rows[next.row]?.top ?? 0, ROW)
    }
    return key === 'Enter' || next !== null
  }
  useWheel(canvas, (event) => {
    if (event.shiftKey) zoom.zoom(1.2 ** Math.sign(event.deltaY || event.deltaX), scale.shareAt(event.offsetX))
    return event.shiftKey
  })
  return (
    <div class="map" onScroll={paint}>
      <div class="rows" style={{ height: `${layout.height}px` }}>
        {/* biome-ignore lint/a11y/noInteractiveElementToNoninteractiveRole: a screen reader passes the arrow keys on to an application alone */}
        <canvas
          ref={canvas}
          class="wide"
          id="device"
          role="application"
          tabIndex={0}
          aria-label={`${nameOf(layout)}; arrow keys point at a block, Enter tells where it came from, plus and minus zoom, Shift with left or right moves`}
          onKeyDown={onKey}
          onMouseMove={(event) => onPoint(under(event))}
          onMouseLeave={() => onPoint(null)}
          onClick={(event) => onChoose(under(event))}
        />
      </div>
    </div>
  )
}

/** What is on the map, in words. */
function nameOf({ rows, headings }: MapLayout): string {
  const devices = headings.map(({ device, segments }) => `device ${device} with ${counted(segments, 'segment')}`)
  return `GPU map: ${devices.length === 0 ? counted(rows.length, 'row') : devices.join(', ')}`
}

/** Zooms around a share with + and -, and moves with Shift and an arrow key. @returns was it such a key? */
function zoomed(zoom: AddressZoom, { key, shiftKey }: KeyboardEvent, around: number): boolean {
  if (key === '+' || key === '=' || key === '-') zoom.zoom(key === '-' ? 1.4 : 1 / 1.4, around)
  else if (shiftKey && (key === 'ArrowLeft' || key === 'ArrowRight')) zoom.zoom(1, around, key === 'ArrowLeft' ? -STEP_SHARE : STEP_SHARE)
  else return false
  return true
}

/** Share of a row at the middle of a block; of what is shown, where there is none. */
function shareOf(scale: RowScale, { layout }: MapCanvasProps['map'], told: Chosen | null): number {
  const row = layout.rows[told?.row ?? -1]
  if (told === null || row === undefined) return scale.shareAt(scale.left + scale.width / 2)
  return scale.shareOf(row, told.block.address + told.block.bytes / 2)
}

/** Rows of a map that a saved picture holds: all, or as many as the picture of a browser can. */
export const rowsHeld = ({ rows }: MapLayout): number => rows.filter(({ top }) => top + STEP <= heldHeight()).length

function wholeMap(map: DrawnMap): WholeMap {
  const canvas = document.createElement('canvas')
  const { rows, height } = map.layout
  const held = rowsHeld(map.layout)
  drawMap(canvas, map, 0, rows[held]?.top ?? height)
  return { canvas, leftOut: held === rows.length ? '' : `: the first ${count(held)} of ${count(rows.length)} rows` }
}
