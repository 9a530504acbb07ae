/** What the timeline is drawn over: events, or the time at which they happened. */
import type { EventTimes } from '../session/messages.ts'
import { count } from './format.ts'

/** A place for each event, in ascending order. */
export interface Axis {
  toAxis(event: number): number
  toEvent(place: number): number
  /** @param step distance of places that are to be told apart */
  label(place: number, step: number): string
}

export const EVENT_AXIS: Axis = { toAxis: (event) => event, toEvent: (place) => place, label: (place) => count(place) }

/** Between two events whose times are known the others are as if they followed each other evenly. @param closer times of parts of the log */
export function timeAxis(whole: EventTimes, closer: readonly EventTimes[]): Axis {
  const holding = (column: 'event' | 'time', value: number): EventTimes =>
    closer.find((each) => value >= (each[column][0] as number) && value <= (each[column].at(-1) as number)) ?? whole
  return {
    toAxis: (event) => between(holding('event', event), 'event', 'time', event),
    toEvent: (time) => between(holding('time', time), 'time', 'event', time),
    label: timeText,
  }
}

/** The value of one column where the other has this one, on the line between two that are known; outside, that of the next. */
function between(times: EventTimes, from: 'event' | 'time', to: 'event' | 'time', value: number): number {
  const [xs, ys] = [times[from], times[to]]
  let low = 0
  let high = xs.length - 1
  while (low < high - 1) {
    const middle = (low + high) >> 1
    if ((xs[middle] as number) <= value) low = middle
    else high = middle
  }
  const [x, y] = [xs[low] as number, ys[low] as number]
  const share = Math.min(1, Math.max(0, (value - x) / ((xs[high] as number) - x)))
  return y + ((ys[high] as number) - y) * share
}

const UNITS = [
  ['s', 1e9],
  ['ms', 1e6],
  ['us', 1e3],
  ['ns', 1],
] as const

/** A time in the largest unit that tells steps apart. @unit ns */
function timeText(time: number, step: number): string {
  const [name, unit] = UNITS.find(([, nanoseconds]) => step >= nanoseconds / 100) ?? UNITS[3]
  return `${(time / unit).toLocaleString('en-US', { maximumFractionDigits: 2 })} ${name}`
}

/** Round places between two: 1, 2 or 5 of a power of ten apart, none closer than 1. @param wanted about so many */
export function ticksOf(from: number, to: number, wanted: number): { readonly step: number; readonly places: readonly number[] } {
  const rough = Math.max(1, (to - from) / wanted)
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = ([1, 2, 5].find((each) => each * power >= rough) ?? 10) * power
  const first = Math.ceil(from / step)
  return { step, places: Array.from({ length: Math.max(0, Math.floor(to / step) - first + 1) }, (_, place) => (first + place) * step) }
}
