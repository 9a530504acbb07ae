/** The picture of allocations: addresses upwards, events or their times to the right. */
import type { AllocationHistory } from '../session/device-messages.ts'
import { type AddressFrame, FOOT, HEIGHT, type Rectangle } from './address-frame.ts'
import { colourOf } from './colours.ts'
import { blankCanvas } from './drawing.ts'
import type { Fill } from './fill.ts'
import { bytes, hex } from './format.ts'
import { ticksOf } from './timeline-axis.ts'

/** Lines of the axes are at least so far apart. @unit pixels */
const EVENTS_APART = 90
const ADDRESSES_APART = 30
/** Colours of their own; the rest share one. */
const NAMED_MAX = 7

/** Allocations of one colour. */
export interface OwnerColour {
  readonly name: string
  readonly fill: Fill
  readonly allocations: number
  readonly bytes: number
}

export interface HistoryPaint {
  /** Those that asked for the most bytes first. */
  readonly names: readonly OwnerColour[]
  colourOf(place: number): string
}

/** Colours of who asked for the allocations, or of their sizes where the log holds no stacks. */
export function historyPaint({ owner, owners, bytes: size }: AllocationHistory): HistoryPaint {
  const totals = owners.map((name) => ({ name, allocations: 0, bytes: 0 }))
  owner.forEach((each, place) => {
    const total = totals[each]
    if (total === undefined) return
    total.allocations++
    total.bytes += size[place] ?? 0
  })
  const ordered = [...totals.keys()].sort((a, b) => (totals[b]?.bytes ?? 0) - (totals[a]?.bytes ?? 0))
  const colours = new Map(ordered.map((each, rank) => [each, colourOf(Math.min(rank, NAMED_MAX))]))
  const fill = (rank: number): Fill => ({ kind: 'solid', colour: colourOf(rank) })
  const rest = ordered.slice(NAMED_MAX).flatMap((each) => totals[each] ?? [])
  const others = {
    name: 'others',
    fill: fill(NAMED_MAX),
    allocations: rest.reduce((sum, each) => sum + each.allocations, 0),
    bytes: rest.reduce((sum, each) => sum + each.bytes, 0),
  }
  return {
    names: [
      ...ordered.slice(0, NAMED_MAX).flatMap((each, rank) => (totals[each] ? [{ ...totals[each], fill: fill(rank) }] : [])),
      ...(rest.length === 0 ? [] : [others]),
    ],
    colourOf: (place) => colours.get(owner[place] ?? -1) ?? colourOf(NAMED_MAX),
  }
}

/** Draws the allocations and their axes: what lies over them, the cursor and what is pointed at, moves without them. */
export function drawHistory(
  canvas: HTMLCanvasElement,
  history: AllocationHistory,
  paint: HistoryPaint,
  frame: AddressFrame,
  isLight: boolean,
): void {
  const { left, width } = frame
  const context = blankCanvas(canvas, frame.whole, HEIGHT + FOOT)
  if (context === null) return
  context.fillStyle = isLight ? '#f0f2f6' : '#10151d'
  context.fillRect(left, 0, width, HEIGHT)
  context.save()
  context.beginPath()
  context.rect(left, 0, width, HEIGHT)
  context.clip()
  for (let place = 0; place < history.born.length; place++) {
    const rectangle = frame.rectangleOf(history, place)
    if (rectangle === null) continue
    context.fillStyle = paint.colourOf(place)
    context.fillRect(rectangle.left, rectangle.top, Math.max(0.6, rectangle.width), Math.max(0.6, rectangle.height - 0.4))
  }
  context.restore()
  drawAxes(context, frame, isLight)
}

/** Addresses at the left with how much lies below, events or times at the foot. */
function drawAxes(context: CanvasRenderingContext2D, frame: AddressFrame, isLight: boolean): void {
  const { left, width, axis, shown } = frame
  const [ink, quiet] = isLight ? ['#1a212b', '#5b6675'] : ['#e6eaf0', '#8b95a5']
  context.font = '10px system-ui, sans-serif'
  context.textBaseline = 'middle'
  context.textAlign = 'right'
  for (const { address, share } of axis.ticks(shown.low, shown.high, ((shown.high - shown.low) * ADDRESSES_APART) / HEIGHT)) {
    const y = Math.max(12, Math.min(HEIGHT - 12, frame.pixelUp(share)))
    context.fillStyle = ink
    context.fillText(hex(address), left - 6, y - 6, left - 8)
    context.fillStyle = quiet
    context.fillText(`at ${bytes(Math.round(share * axis.bytes))}`, left - 6, y + 6, left - 8)
    context.fillRect(left - 4, Math.min(HEIGHT - 1, frame.pixelUp(share)), 4, 1)
  }
  context.textAlign = 'center'
  const [begin, end] = frame.ends
  const { step, places } = ticksOf(begin, end, width / EVENTS_APART)
  for (const place of places) {
    const x = frame.pixelAt(place)
    context.fillStyle = quiet
    context.fillRect(x, HEIGHT, 1, 4)
    context.fillText(shown.events.label(place, step), x, HEIGHT + 13)
  }
}

/** What lies over the allocations, drawn onto a picture of them that is saved. */
export function drawOver(canvas: HTMLCanvasElement, frame: AddressFrame, at: number, pointed: Rectangle | null, isLight: boolean): void {
  const context = canvas.getContext('2d')
  if (context === null) return
  const ink = isLight ? '#111827' : '#f5f7fa'
  context.fillStyle = ink
  context.strokeStyle = ink
  if (at >= frame.shown.from && at <= frame.shown.to) context.fillRect(frame.pixelOf(at), 0, 1.5, HEIGHT)
  if (pointed !== null) context.strokeRect(pointed.left, pointed.top, Math.max(1, pointed.width), Math.max(1, pointed.height))
}
