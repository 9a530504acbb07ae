/** The picture of allocations: addresses upwards, events or their times to the right. */
import { NO_ID } from '@reheap/kernel'
import type { AllocationHistory } from '../session/explore-messages.ts'
import type { Axis } from './address-axis.ts'
import { colourOf } from './colours.ts'
import { blankCanvas } from './drawing.ts'
import { hex } from './format.ts'
import type { Axis as EventAxis } from './timeline-axis.ts'

/** @unit pixels */
export const HEIGHT = 420
const LINES = 6

/** What of a history is drawn, and how. */
export interface Shown {
  /** Events at both ends. */
  readonly from: number
  readonly to: number
  readonly events: EventAxis
  /** Shares of the axis of addresses at both ends. */
  readonly low: number
  readonly high: number
  readonly at: number
  readonly pointed: number
  readonly isLight: boolean
  /** @unit pixels */
  readonly width: number
}

export const hasStacks = ({ stack }: AllocationHistory): boolean => stack.some((each) => each !== NO_ID)

/** Colours are stacks, where there are some; else sizes. */
function colours({ bytes, stack, ...history }: AllocationHistory): (place: number) => string {
  const isByStack = hasStacks({ bytes, stack, ...history })
  return (place) => colourOf(isByStack ? (stack[place] ?? 0) : Math.round(2 * Math.log2(bytes[place] ?? 1)))
}

export function drawHistory(canvas: HTMLCanvasElement, history: AllocationHistory, axis: Axis, shown: Shown): void {
  const { from, to, events, low, high, at, pointed, isLight, width } = shown
  const context = blankCanvas(canvas, width, HEIGHT)
  if (context === null) return
  const ink = isLight ? '#111827' : '#f5f7fa'
  const colourAt = colours(history)
  context.fillStyle = isLight ? '#f0f2f6' : '#10151d'
  context.fillRect(0, 0, width, HEIGHT)
  const [begin, end] = [events.toAxis(from), events.toAxis(to)]
  const x = (event: number): number => ((events.toAxis(Math.min(event, to)) - begin) / (end - begin || 1)) * width
  const y = (share: number): number => HEIGHT * (1 - (share - low) / (high - low))
  const { born, died, address, bytes } = history
  for (let place = 0; place < born.length; place++) {
    const [first = 0, last = 0] = [born[place], died[place]]
    const bottom = axis.shareOf(address[place] ?? 0)
    const top = bottom + (bytes[place] ?? 0) / axis.bytes
    if (last < from || first > to || top < low || bottom > high) continue
    const left = Math.max(0, x(first))
    const [above, tall] = [y(top), y(bottom) - y(top)]
    context.fillStyle = colourAt(place)
    context.fillRect(left, above, Math.max(0.6, x(last) - left), Math.max(0.6, tall - 0.4))
    if (place !== pointed) continue
    context.strokeStyle = ink
    context.strokeRect(left, above, Math.max(1, x(last) - left), Math.max(1, tall))
  }
  drawScale(context, axis, shown)
  context.fillStyle = ink
  if (at >= from && at <= to) context.fillRect(x(at), 0, 1, HEIGHT)
}

/** Addresses at the left, each on a plate: allocations lie behind them. */
function drawScale(context: CanvasRenderingContext2D, axis: Axis, { low, high, isLight }: Shown): void {
  context.font = '10px system-ui, sans-serif'
  context.textBaseline = 'middle'
  for (let line = 0; line <= LINES; line++) {
    const share = low + ((high - low) * line) / LINES
    const text = hex(Math.floor(axis.addressAt(share)))
    const top = Math.max(8, Math.min(HEIGHT - 8, HEIGHT * (1 - line / LINES)))
    context.fillStyle = isLight ? '#ffffffc0' : '#10151dc0'
    context.fillRect(0, top - 7, context.measureText(text).width + 8, 14)
    context.fillStyle = isLight ? '#1a212b' : '#e6eaf0'
    context.fillText(text, 4, top)
  }
}
