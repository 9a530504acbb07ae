/** The picture of allocations: pointed at, walked through, zoomed and moved. */
import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import type { AllocationHistory } from '../session/device-messages.ts'
import type { Overview } from '../session/messages.ts'
import type { Axis } from './address-axis.ts'
import { AddressFrame, FOOT, HEIGHT, type PlotEdges } from './address-frame.ts'
import { drawHistory, drawOver, type HistoryPaint } from './address-paint.ts'
import type { AddressZoom } from './address-zoom.ts'
import { drawnWhole, useDrawing } from './drawing.ts'
import { cursor, moveTo, range, theme } from './store.ts'
import { shownAxis, zoom } from './timeline-state.ts'
import { useWheel } from './use-wheel.ts'

/** Farther moved it is a drag and no click. @unit pixels */
const DRAG = 3
/** Room for addresses where no timeline stands above. @unit pixels */
const GUTTER = 90

interface PictureProps {
  readonly log: Overview
  readonly history: AllocationHistory
  readonly axis: Axis
  readonly paint: HistoryPaint
  readonly addresses: AddressZoom
  /** Place of the allocation that is pointed at; -1: none. */
  readonly pointed: number
  readonly onPoint: (place: number) => void
}

export function AddressPicture(props: PictureProps) {
  const { log, history, axis, paint, addresses, pointed } = props
  const canvas = useRef<HTMLCanvasElement>(null)
  const [from, to] = range.value ?? [0, log.events]
  const events = shownAxis.value
  const [low, high] = addresses.shown
  const at = cursor.value
  const isLight = theme.value === 'light'
  const edges = usePlotEdges(canvas, log)
  const frame = useMemo(() => new AddressFrame({ from, to, events, low, high }, axis, edges), [from, to, events, low, high, axis, edges])
  const marked = pointed < 0 ? null : frame.rectangleOf(history, pointed)
  useDrawing(() => {
    if (canvas.current !== null && edges.whole > 0) drawHistory(canvas.current, history, paint, frame, isLight)
  }, [history, paint, frame, isLight])
  useEffect(() => {
    if (canvas.current === null) return
    drawnWhole(canvas.current, () => {
      const whole = document.createElement('canvas')
      drawHistory(whole, history, paint, frame, isLight)
      drawOver(whole, frame, at, marked, isLight)
      return { canvas: whole, leftOut: '' }
    })
  })
  const mouse = useMouse(props, frame)
  useWheel(canvas, mouse.onWheel)
  return (
    <div class="overlaid" style={{ height: `${HEIGHT + FOOT}px` }}>
      {/* biome-ignore lint/a11y/noInteractiveElementToNoninteractiveRole: a screen reader passes the arrow keys on to an application alone */}
      <canvas
        ref={canvas}
        id="history"
        class="wide"
        role="application"
        tabIndex={0}
        aria-label={`${history.born.length} allocations; left and right go from one to the next, Enter goes to where it was made; up, down, W and S move and zoom the addresses`}
        data-left={frame.left}
        data-width={frame.width}
        onMouseDown={mouse.onDown}
        onMouseMove={mouse.onMove}
        onMouseUp={mouse.onUp}
        onKeyDown={(event) => onKey(event, props)}
      />
      {at >= from && at <= to && <i class="at" style={{ left: `${frame.pixelOf(at)}px`, height: `${HEIGHT}px` }} />}
      {marked !== null && (
        <i
          class="marked"
          style={{
            left: `${marked.left}px`,
            top: `${marked.top}px`,
            width: `${Math.max(2, marked.width)}px`,
            height: `${Math.max(2, marked.height)}px`,
          }}
        />
      )}
    </div>
  )
}

/** Where the events of the timeline above begin and end, seen from the picture. @unit pixels */
function usePlotEdges(canvas: { readonly current: HTMLCanvasElement | null }, log: Overview): PlotEdges {
  const [edges, setEdges] = useState<PlotEdges>({ left: GUTTER, width: 0, whole: 0 })
  const isLight = theme.value === 'light'
  // Another log or theme has another plot, which is there behind the effects of this frame.
  useEffect(() => {
    const observer = new ResizeObserver(() => {
      const own = canvas.current?.parentElement?.getBoundingClientRect()
      const plot = document.querySelector('.timeline .u-over')?.getBoundingClientRect()
      if (own === undefined) return
      const left = plot === undefined ? GUTTER : plot.left - own.left
      const right = plot === undefined ? own.width : Math.min(own.width, plot.right - own.left)
      setEdges({ left, width: Math.max(1, right - left), whole: Math.floor(own.width) })
    })
    const frame = requestAnimationFrame(() => {
      for (const each of [canvas.current?.parentElement, document.querySelector('.timeline .u-over')]) if (each) observer.observe(each)
    })
    return () => {
      cancelAnimationFrame(frame)
      observer.disconnect()
    }
  }, [log, isLight])
  return edges
}

/** The wheel zooms events, with Shift addresses; a drag moves both; a click goes to the event that made what is pointed at. */
function useMouse({ log, history, axis, addresses, onPoint }: PictureProps, frame: AddressFrame) {
  /** Where a drag was last; null: no button is down. */
  const dragged = useRef<{ readonly x: number; readonly y: number; readonly isFar: boolean } | null>(null)
  const under = ({ offsetX, offsetY }: MouseEvent): number => {
    const [index, address] = [frame.eventAt(offsetX), axis.addressAt(frame.shareAt(offsetY))]
    if (offsetX < frame.left || offsetY > HEIGHT) return -1
    return history.born.findIndex((born, place) => {
      const start = history.address[place] ?? 0
      return born <= index && index < (history.died[place] ?? 0) && start <= address && address < start + (history.bytes[place] ?? 0)
    })
  }
  return {
    onWheel: (event: WheelEvent): boolean => {
      const turned = Math.sign(event.deltaY === 0 ? event.deltaX : event.deltaY)
      if (event.shiftKey) addresses.zoom(1.2 ** turned, frame.shareAt(event.offsetY))
      else zoom(log, event.deltaY === 0 ? 1 : 1.2 ** turned, frame.eventAt(event.offsetX), event.deltaX / 400)
      return true
    },
    onDown: ({ clientX, clientY }: MouseEvent): void => {
      dragged.current = { x: clientX, y: clientY, isFar: false }
    },
    onMove: (event: MouseEvent): void => {
      const last = dragged.current
      if (last === null || event.buttons !== 1) {
        dragged.current = null
        onPoint(under(event))
        return
      }
      const [right, down] = [event.clientX - last.x, event.clientY - last.y]
      if (!last.isFar && Math.hypot(right, down) <= DRAG) return
      dragged.current = { x: event.clientX, y: event.clientY, isFar: true }
      zoom(log, 1, frame.eventAt(event.offsetX), -right / frame.width)
      addresses.zoom(1, frame.shareAt(event.offsetY), down / HEIGHT)
    },
    onUp: (event: MouseEvent): void => {
      if (dragged.current?.isFar === false) goTo(history, under(event))
      dragged.current = null
    },
  }
}

function goTo({ born }: AllocationHistory, place: number): void {
  if (place >= 0) void moveTo((born[place] ?? 0) + 1)
}

function onKey(event: KeyboardEvent, { history, axis, addresses, pointed, onPoint }: PictureProps): void {
  const { key } = event
  const [low, high] = addresses.shown
  const around = pointed < 0 ? (low + high) / 2 : axis.shareOf(history.address[pointed] ?? 0)
  if (key === 'ArrowRight') onPoint(Math.min(history.born.length - 1, pointed + 1))
  else if (key === 'ArrowLeft') onPoint(Math.max(0, pointed - 1))
  else if (key === 'ArrowUp' || key === 'ArrowDown') addresses.zoom(1, around, key === 'ArrowUp' ? 0.15 : -0.15)
  else if (key === 'W' || key === 'S') addresses.zoom(key === 'W' ? 1 / 1.4 : 1.4, around)
  else if (key === 'Enter') goTo(history, pointed)
  else return
  event.preventDefault()
  event.stopPropagation()
}
