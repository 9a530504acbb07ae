/** Allocations of a device as rectangles: memory upwards, events or their times to the right, as in the timeline. Memory that was never handed out is left out. */
import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import type { AllocationHistory } from '../session/explore-messages.ts'
import type { Overview } from '../session/messages.ts'
import { type Axis, addressAxis } from './address-axis.ts'
import { drawHistory, HEIGHT, hasStacks } from './address-paint.ts'
import { bytes, count, hex } from './format.ts'
import { Frames } from './frames.tsx'
import { linkedChoice } from './permalink.ts'
import { cursor, moveTo, range, theme } from './store.ts'
import { shownAxis, zoom } from './timeline-state.ts'
import { useAnswer } from './use-answer.ts'
import { useWidth } from './use-width.ts'

/** A shorter part of the axis cannot be told apart. */
const SHARE_MIN = 1e-6
/** Farther moved it is a drag and no click. @unit pixels */
const DRAG = 3

/** Shares of the axis of addresses that are shown. */
const shares = linkedChoice('addresses', '')

function sharesShown(): readonly [low: number, high: number] {
  const [low = Number.NaN, high = Number.NaN] = shares.value.split('-').map(Number)
  return low >= 0 && low < high && high <= 1 ? [low, high] : [0, 1]
}

/** Zooms the addresses by a factor around a share, and moves by a share of what is shown. */
function zoomAddresses(factor: number, around: number, move = 0): void {
  const [low, high] = sharesShown()
  const span = Math.min(1, Math.max(SHARE_MIN, (high - low) * factor))
  const start = Math.max(0, Math.min(1 - span, around - (span * (around - low)) / (high - low) + span * move))
  shares.value = span === 1 ? '' : `${start.toFixed(8)}-${(start + span).toFixed(8)}`
}

export function AddressTime({ log, device }: { readonly log: Overview; readonly device: number }) {
  const history = useAnswer('history', { device })
  const axis = useMemo(() => (history === undefined ? null : addressAxis(history.address, history.bytes)), [history])
  if (history === undefined || axis === null) return <p class="quiet">Reading the allocations…</p>
  return <Picture log={log} device={device} history={history} axis={axis} />
}

interface PictureProps {
  readonly log: Overview
  readonly device: number
  readonly history: AllocationHistory
  readonly axis: Axis
}

function Picture({ log, device, history, axis }: PictureProps) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const [pointed, setPointed] = useState(-1)
  /** Where a drag was last; null: no button is down. */
  const dragged = useRef<{ readonly x: number; readonly y: number; readonly isFar: boolean } | null>(null)
  const wasDragged = useRef(false)
  const [from, to] = range.value ?? [0, log.events]
  const events = shownAxis.value
  const [low, high] = sharesShown()
  const at = cursor.value
  const isLight = theme.value === 'light'
  const width = useWidth(canvas)
  useEffect(() => {
    if (canvas.current !== null && width > 0)
      drawHistory(canvas.current, history, axis, { from, to, events, low, high, at, pointed, isLight, width })
  }, [history, axis, from, to, events, low, high, at, pointed, isLight, width])

  const shareAt = (event: MouseEvent): number => low + (1 - event.offsetY / HEIGHT) * (high - low)
  const eventAt = (event: MouseEvent): number => {
    const [begin, end] = [events.toAxis(from), events.toAxis(to)]
    return events.toEvent(begin + (event.offsetX / Math.max(1, width)) * (end - begin))
  }
  const under = (event: MouseEvent): number => {
    const [index, address] = [eventAt(event), axis.addressAt(shareAt(event))]
    return history.born.findIndex((born, place) => {
      const start = history.address[place] ?? 0
      return born <= index && index < (history.died[place] ?? 0) && start <= address && address < start + (history.bytes[place] ?? 0)
    })
  }
  const go = (): void => {
    if (pointed >= 0) void moveTo((history.born[pointed] ?? 0) + 1)
  }
  const onWheel = (event: WheelEvent): void => {
    event.preventDefault()
    const turned = event.deltaY === 0 ? event.deltaX : event.deltaY
    if (event.shiftKey) zoomAddresses(1.2 ** Math.sign(turned), shareAt(event))
    else zoom(log, event.deltaY === 0 ? 1 : 1.2 ** Math.sign(event.deltaY), eventAt(event), event.deltaX / 400)
  }
  const onMove = (event: MouseEvent): void => {
    const last = dragged.current
    if (last === null || event.buttons !== 1) {
      dragged.current = null
      setPointed(under(event))
      return
    }
    const [right, down] = [event.clientX - last.x, event.clientY - last.y]
    if (!last.isFar && Math.hypot(right, down) <= DRAG) return
    dragged.current = { x: event.clientX, y: event.clientY, isFar: true }
    wasDragged.current = true
    zoom(log, 1, eventAt(event), -right / Math.max(1, width))
    zoomAddresses(1, shareAt(event), down / HEIGHT)
  }
  const onKey = (event: KeyboardEvent): void => {
    const around = pointed < 0 ? (low + high) / 2 : axis.shareOf(history.address[pointed] ?? 0)
    if (event.key === 'ArrowRight') setPointed(Math.min(history.born.length - 1, pointed + 1))
    else if (event.key === 'ArrowLeft') setPointed(Math.max(0, pointed - 1))
    else if (event.key === 'ArrowUp' || event.key === 'ArrowDown') zoomAddresses(1, around, event.key === 'ArrowUp' ? 0.15 : -0.15)
    else if (event.key === 'W' || event.key === 'S') zoomAddresses(event.key === 'W' ? 1 / 1.4 : 1.4, around)
    else if (event.key === 'Enter') go()
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  useEffect(() => {
    const listening = canvas.current
    // The page must not scroll below it, which a listener of Preact's cannot forbid.
    listening?.addEventListener('wheel', onWheel, { passive: false })
    return () => listening?.removeEventListener('wheel', onWheel)
  })
  return (
    <section aria-label="addresses over time">
      <div class="bar">
        <p class="told">
          {count(history.born.length)} allocations of device {device}: {bytes(axis.bytes * (high - low))} of addresses upwards, events{' '}
          {count(Math.round(from))} to {count(Math.round(to))} to the right. The wheel zooms events, with Shift addresses; a drag moves
          both.
        </p>
        <span class="legend">colours are {hasStacks(history) ? 'stacks' : 'sizes'}</span>
        <button
          type="button"
          disabled={low === 0 && high === 1}
          onClick={() => {
            shares.value = ''
          }}
        >
          All addresses
        </button>
      </div>
      <div>
        <canvas
          ref={canvas}
          id="history"
          class="wide"
          role="img"
          tabIndex={0}
          aria-label={`${history.born.length} allocations; left and right go from one to the next, Enter goes to where it was made; up, down, W and S move and zoom the addresses`}
          onMouseDown={(event) => {
            dragged.current = { x: event.clientX, y: event.clientY, isFar: false }
            wasDragged.current = false
          }}
          onMouseMove={onMove}
          onClick={() => {
            if (!wasDragged.current) go()
          }}
          onKeyDown={onKey}
        />
      </div>
      <Told history={history} place={pointed} />
    </section>
  )
}

function Told({ history, place }: { readonly history: AllocationHistory; readonly place: number }) {
  const born = history.born[place] ?? 0
  const index = history.told[place] ?? -1
  const stack = useAnswer('frames', index < 0 ? null : { index })
  if (place < 0) return <p class="told">Point at an allocation; a click goes to the event that made it.</p>
  const died = history.died[place] ?? Number.POSITIVE_INFINITY
  return (
    <>
      <p class="told" aria-live="polite" data-born={born} data-bytes={history.bytes[place]}>
        {bytes(history.bytes[place] ?? 0)} at {hex(history.address[place] ?? 0)}, stream {history.stream[place]}: from{' '}
        {born < 0 ? 'before the log' : `event ${count(born)}`} {Number.isFinite(died) ? `to event ${count(died)}` : 'to the end'}
      </p>
      {stack !== undefined && <Frames frames={stack.frames} />}
    </>
  )
}
