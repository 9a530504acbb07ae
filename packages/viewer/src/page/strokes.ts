/** How curves are drawn: by a line, and those of a GPU, which lie within each other, by an area too. */
import type { Curve } from '../session/messages.ts'
import { curveColour, layerOf } from './colours.ts'

export interface Stroke {
  readonly colour: string
  /** @unit pixels */
  readonly width: number
  /** Pixels that are drawn and left out by turns; none: a whole line. */
  readonly dash: readonly number[]
}

/** Of a second, third … device or process. */
const OTHERS = [
  [1.5, 3],
  [9, 3, 1.5, 3],
  [14, 3],
] as const

/** What stands beside is dashed, what is counted finely, and another device or process than the first by a dash of its own. */
export function strokeOf(curves: readonly Curve[], curve: Curve, isLight: boolean): Stroke {
  const isBeside = curve.isBeside === true
  const place = curves
    .filter((each) => layerOf(each) === layerOf(curve) && (each.isBeside === true) === isBeside)
    .findIndex(({ key }) => key === curve.key)
  const dash = isBeside ? [8, 4] : curve.unit === 'count' ? [4, 3] : place > 0 ? (OTHERS[(place - 1) % OTHERS.length] ?? []) : []
  return { colour: curveColour(curve, isLight), width: isBeside ? 2 : 1.5, dash }
}

/** From the innermost: each lies within the next one. */
const NESTED = ['requestedBytes*', 'allocatedBytes*', 'activeBytes*', 'reservedBytes*']
/** How much of its colour an area has. */
export const AREA_OPACITY = 0.3

/** The area from a curve down to the next one within it. */
export interface Area {
  /** Places among the curves; null: down to 0. */
  readonly upper: number
  readonly lower: number | null
}

/** Of a log with one device: areas of several would cover each other. */
export function areasOf(curves: readonly Curve[], isShown: (curve: Curve) => boolean): readonly Area[] {
  const nested = NESTED.map((layer) => curves.filter((curve) => layerOf(curve) === layer && curve.isBeside !== true))
  if (nested.some(({ length }) => length !== 1)) return []
  const places = nested
    .flat()
    .filter(isShown)
    .map((curve) => curves.indexOf(curve))
  return places.map((upper, place) => ({ upper, lower: places[place - 1] ?? null }))
}
