/** Curves cut to what is on the screen. */
import type { Curve } from '../session/messages.ts'

/** Points of a curve between two events, at most `points` of them; of each stretch the largest value. */
export function windowOf(curve: Curve, from: number, to: number, points: number): { readonly x: number[]; readonly y: number[] } {
  const first = Math.max(0, Math.floor(from / curve.width))
  const last = Math.min(curve.max.length, Math.ceil(to / curve.width) + 1)
  const step = Math.max(1, Math.ceil((last - first) / points))
  const x: number[] = []
  const y: number[] = []
  for (let place = first; place < last; place += step) {
    let top = 0
    for (let each = place; each < Math.min(last, place + step); each++) top = Math.max(top, curve.max[each] ?? 0)
    x.push(place * curve.width)
    y.push(top)
  }
  return { x, y }
}
