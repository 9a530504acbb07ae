/** Curves as pyramids: each level has half as many stretches as the one below it, so that whatever is shown takes a step for each pixel. */
import type { Curve } from '../session/messages.ts'

/** @shape min, max: [stretches] */
interface Level {
  readonly min: Float64Array
  readonly max: Float64Array
}

/** Smallest and largest value between two events. */
export interface Extent {
  readonly min: number
  readonly max: number
}

const NOTHING: Extent = { min: 0, max: 0 }
const pyramids = new WeakMap<Curve, readonly Level[]>()

/** Smallest and largest value of `width` events, a power of 2, from a multiple of it on; null: the log has ended before. */
export function extentOf(curve: Curve, from: number, width: number): Extent | null {
  if (from >= (curve.end ?? Number.POSITIVE_INFINITY)) return null
  const levels = levelsOf(curve)
  const wanted = Math.max(0, Math.log2(width / curve.width))
  const { min, max } = levels[Math.min(wanted, levels.length - 1)] as Level
  const place = Math.floor((from - curve.from) / (curve.width * 2 ** wanted))
  if (place >= max.length) return null
  return place < 0 ? NOTHING : { min: min[place] as number, max: max[place] as number }
}

function levelsOf(curve: Curve): readonly Level[] {
  const known = pyramids.get(curve)
  if (known !== undefined) return known
  const levels: Level[] = [curve]
  for (let level = levels[0] as Level; level.max.length > 1; level = levels.at(-1) as Level) levels.push(halved(level))
  pyramids.set(curve, levels)
  return levels
}

function halved({ min, max }: Level): Level {
  const length = Math.ceil(max.length / 2)
  const half = { min: new Float64Array(length), max: new Float64Array(length) }
  for (let place = 0; place < length; place++) {
    const second = Math.min(2 * place + 1, max.length - 1)
    half.min[place] = Math.min(min[2 * place] as number, min[second] as number)
    half.max[place] = Math.max(max[2 * place] as number, max[second] as number)
  }
  return half
}
