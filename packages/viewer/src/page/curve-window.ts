/** Curves cut to what is on the screen. */
import { type Curve, type CurveDetail, type EventTimes, type Overview, PART } from '../session/messages.ts'
import { type Extent, extentOf } from './curve-levels.ts'

/** A part of a log that is known closer than the whole. */
export interface CloserPart {
  readonly from: number
  /** First event behind it. */
  readonly to: number
  /** Events in a stretch of its curves. */
  readonly width: number
  /** The log's own curves as they are there; null: one that holds nothing there. */
  readonly curves: ReadonlyMap<Curve, Curve | null>
  readonly times: EventTimes | null
}

/** Of the cells of a curve; null: its log has ended before. @shape [cells] */
export type Values = readonly (number | null)[]

/** What is drawn: cells of equal length, each with the smallest and the largest value of each curve. */
export interface CurveWindow {
  /** Events of a cell, a power of 2. */
  readonly width: number
  /** First event of each cell. */
  readonly x: readonly number[]
  /** @shape [curves] */
  readonly min: readonly Values[]
  readonly max: readonly Values[]
}

const NOTHING: Extent = { min: 0, max: 0 }

export const closerPart = (log: Overview, { from, to, curves, times }: CurveDetail): CloserPart => ({
  from,
  to,
  times,
  width: widthOf(curves),
  curves: new Map(log.curves.map((own) => [own, curves.find(({ key }) => key === own.key) ?? null])),
})

/** Events in a stretch of curves that belong together. */
export const widthOf = (curves: readonly Curve[]): number => curves[0]?.width ?? 1

/** Events of a cell where at most so many are shown. @param points one for each pixel: more would be drawn over each other */
export const cellWidth = (from: number, to: number, points: number): number => 2 ** Math.max(0, Math.ceil(Math.log2((to - from) / points)))

/** Curves between two events, in cells of `width`; each cell from the closest that is known of it. */
export function windowOf(curves: readonly Curve[], parts: readonly CloserPart[], from: number, to: number, width: number): CurveWindow {
  const x: number[] = []
  for (let cell = Math.max(0, Math.floor(from / width) * width); cell < to; cell += width) x.push(cell)
  const closest = x.map((cell) => closestPart(parts, cell, Math.min(cell + width, to), width))
  const extents = curves.map((curve) =>
    x.map((cell, place): Extent | null => {
      const known = closest[place]?.curves.get(curve)
      return known === null ? NOTHING : extentOf(known ?? curve, cell, width)
    }),
  )
  return {
    width,
    x,
    min: extents.map((row) => row.map((each) => each?.min ?? null)),
    max: extents.map((row) => row.map((each) => each?.max ?? null)),
  }
}

/** Of the parts that hold a cell. A wide cell may begin within a stretch of a part. */
function closestPart(parts: readonly CloserPart[], from: number, to: number, width: number): CloserPart | undefined {
  const holding = parts.filter((part) => part.from <= from && part.to >= to && part.from % width === 0)
  return holding.reduce<CloserPart | undefined>((best, part) => (best === undefined || part.width < best.width ? part : best), undefined)
}

/** Events in a stretch of the closest that is known of all that is shown. */
export const knownWidth = ({ curves, events }: Overview, parts: readonly CloserPart[], [from, to]: readonly [number, number]): number =>
  Math.min(widthOf(curves), ...parts.filter((part) => part.from <= from && part.to >= Math.min(to, events)).map(({ width }) => width))

/** What to ask for where what is shown could be drawn closer than it is known; null: nothing. @param points cells that can be told apart */
export function wantedPart(
  log: Overview,
  parts: readonly CloserPart[],
  shown: readonly [number, number],
  points: number,
): { readonly from: number; readonly to: number } | null {
  const [from, to] = shown
  const end = Math.min(to, log.events)
  if (from >= end || knownWidth(log, parts, shown) <= cellWidth(from, to, points)) return null
  // As much again on both sides: who zooms in goes on looking around.
  const margin = to - from
  return {
    from: Math.floor(Math.max(0, from - margin) / PART) * PART,
    to: Math.min(log.events, Math.ceil((end + margin) / PART) * PART),
  }
}
