/** Allocations of a device as rectangles: memory upwards, time to the right. Memory that was never handed out is left out. */
import { NO_ID } from '@reheap/kernel'
import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import type { AllocationHistory } from '../session/explore-messages.ts'
import type { Overview } from '../session/messages.ts'
import { type Axis, addressAxis } from './address-axis.ts'
import { bytes, colourOf, count, hex } from './format.ts'
import { cursor, moveTo, range, theme } from './store.ts'
import { useAnswer } from './use-answer.ts'

const HEIGHT = 420

export function AddressTime({ log, device }: { readonly log: Overview; readonly device: number }) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const history = useAnswer('history', { device })
  const [pointed, setPointed] = useState(-1)
  const axis = useMemo(() => (history === null ? null : addressAxis(history.address, history.bytes)), [history])
  const [from, to] = range.value ?? [0, log.events]
  const at = cursor.value
  const isLight = theme.value === 'light'
  useEffect(() => {
    if (canvas.current !== null && history !== null && axis !== null)
      draw(canvas.current, history, axis, { from, to, at, pointed, isLight })
  }, [history, axis, from, to, at, pointed, isLight])
  if (history === null || axis === null) return <p class="quiet">Reading the allocations…</p>

  const under = (event: MouseEvent): number => {
    const { clientWidth } = event.currentTarget as HTMLCanvasElement
    const index = from + (event.offsetX / clientWidth) * (to - from)
    const address = axis.addressAt(1 - event.offsetY / HEIGHT)
    return history.born.findIndex((born, place) => {
      const start = history.address[place] ?? 0
      return born <= index && index < (history.died[place] ?? 0) && start <= address && address < start + (history.bytes[place] ?? 0)
    })
  }
  const onKey = (event: KeyboardEvent): void => {
    const last = history.born.length - 1
    if (event.key === 'ArrowRight') setPointed(Math.min(last, pointed + 1))
    else if (event.key === 'ArrowLeft') setPointed(Math.max(0, pointed - 1))
    else if (event.key === 'Enter' && pointed >= 0) void moveTo((history.born[pointed] ?? 0) + 1)
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  return (
    <section aria-label="addresses over time">
      <p class="told">
        {count(history.born.length)} allocations of device {device}: {bytes(axis.bytes)} of addresses upwards, events{' '}
        {count(Math.round(from))} to {count(Math.round(to))} to the right; zoom with the timeline. Colours are{' '}
        {hasStacks(history) ? 'stacks' : 'sizes'}.
      </p>
      <canvas
        ref={canvas}
        id="history"
        class="wide"
        role="img"
        tabIndex={0}
        aria-label={`${history.born.length} allocations; the arrow keys go from one to the next, Enter goes to where it was made`}
        onMouseMove={(event) => setPointed(under(event))}
        onClick={() => {
          if (pointed >= 0) void moveTo((history.born[pointed] ?? 0) + 1)
        }}
        onKeyDown={onKey}
      />
      <Told history={history} place={pointed} />
    </section>
  )
}

function Told({ history, place }: { readonly history: AllocationHistory; readonly place: number }) {
  const born = history.born[place] ?? 0
  const frames = useAnswer('frames', place < 0 ? null : { index: born })
  if (place < 0) return <p class="told">Point at an allocation; a click goes to the event that made it.</p>
  const died = history.died[place] ?? Number.POSITIVE_INFINITY
  return (
    <>
      <p class="told" aria-live="polite" data-born={born} data-bytes={history.bytes[place]}>
        {bytes(history.bytes[place] ?? 0)} at {hex(history.address[place] ?? 0)}, stream {history.stream[place]}: from{' '}
        {born === 0 ? 'before the log' : `event ${count(born)}`} {Number.isFinite(died) ? `to event ${count(died)}` : 'to the end'}
      </p>
      <ol class="stack">
        {(frames ?? []).slice(0, 12).map(({ file, line, function: name }, row) => (
          <li key={`${row}${file}${line}`}>
            {name} ({file}:{line})
          </li>
        ))}
      </ol>
    </>
  )
}

const hasStacks = ({ stack }: AllocationHistory): boolean => stack.some((each) => each !== NO_ID)

interface Shown {
  readonly from: number
  readonly to: number
  readonly at: number
  readonly pointed: number
  readonly isLight: boolean
}

function draw(canvas: HTMLCanvasElement, history: AllocationHistory, axis: Axis, { from, to, at, pointed, isLight }: Shown): void {
  const width = canvas.parentElement?.clientWidth ?? 600
  canvas.width = width * devicePixelRatio
  canvas.height = HEIGHT * devicePixelRatio
  canvas.style.width = `${width}px`
  canvas.style.height = `${HEIGHT}px`
  const context = canvas.getContext('2d')
  if (context === null) return
  context.scale(devicePixelRatio, devicePixelRatio)
  context.fillStyle = isLight ? '#f0f2f6' : '#10151d'
  context.fillRect(0, 0, width, HEIGHT)
  const x = (event: number): number => ((Math.min(event, to) - from) / Math.max(1, to - from)) * width
  const { born, died, address, bytes: size, stack } = history
  const isByStack = hasStacks(history)
  for (let place = 0; place < born.length; place++) {
    const [first = 0, last = 0] = [born[place], died[place]]
    if (last < from || first > to) continue
    const bottom = axis.shareOf(address[place] ?? 0) * HEIGHT
    const tall = ((size[place] ?? 0) / axis.bytes) * HEIGHT
    const left = Math.max(0, x(first))
    context.fillStyle = colourOf(isByStack ? (stack[place] ?? 0) : Math.round(2 * Math.log2(size[place] ?? 1)))
    context.fillRect(left, HEIGHT - bottom - tall, Math.max(0.6, x(last) - left), Math.max(0.6, tall - 0.4))
    if (place !== pointed) continue
    context.strokeStyle = isLight ? '#111827' : '#f5f7fa'
    context.strokeRect(left, HEIGHT - bottom - tall, Math.max(1, x(last) - left), Math.max(1, tall))
  }
  context.fillStyle = isLight ? '#111827' : '#f5f7fa'
  if (at >= from && at <= to) context.fillRect(x(at), 0, 1, HEIGHT)
}
