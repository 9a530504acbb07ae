/** Scales of the timeline: what they reach over, and where their lines stand. */
import type { Curve, Overview } from '../session/messages.ts'
import { bytesAlike, count } from './format.ts'
import { ticksOf } from './timeline-axis.ts'
import { drawn, hidden, isFitted, keyOf } from './timeline-state.ts'

export type Scale = Curve['axis']

/** Those that a log's curves are drawn on. */
export const scalesOf = ({ curves }: Overview): readonly Scale[] =>
  (['bytes', 'count', 'gpu'] as const).filter((scale) => curves.some(({ axis }) => axis === scale))

/** What a scale measures. */
export const SCALE_NAMES: Readonly<Record<Scale, string>> = { bytes: 'memory', count: 'objects', gpu: 'GPU memory' }

/** What a scale reaches over: from 0, or from the smallest value on the screen. */
export function extentOf({ curves }: Overview, scale: Scale): [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, 0]
  curves.forEach((curve, place) => {
    if (curve.axis !== scale || hidden.peek().has(keyOf(curve))) return
    for (const value of drawn.peek()?.max[place] ?? []) if (value !== null) high = Math.max(high, value)
    if (isFitted.peek()) for (const value of drawn.peek()?.min[place] ?? []) if (value !== null) low = Math.min(low, value)
  })
  if (!isFitted.peek() || low > high) return [0, high * 1.06 || 1]
  const margin = Math.max(1, (high - low) * 0.06)
  return [Math.max(0, low - margin), high + margin]
}

/** Lines of a scale at round values. */
export function scaleTicks(scale: Scale, min: number, max: number): readonly number[] {
  if (scale === 'count') return ticksOf(min, max, 5).places
  const step = Math.max(1, 2 ** Math.ceil(Math.log2((max - min) / 5)))
  const first = Math.ceil(min / step)
  return Array.from({ length: Math.max(0, Math.floor(max / step) - first + 1) }, (_line, place) => (first + place) * step)
}

/** What stands at them. */
export const tickTexts = (scale: Scale, values: readonly number[]): readonly string[] =>
  scale === 'count' ? values.map(count) : bytesAlike(values)
