/** How a curve is drawn: a step at the largest value of each cell, and a band down to the smallest. Behind its end nothing is. */
import type uPlot from 'uplot'
import type { Values } from './curve-window.ts'

/** @param minOf smallest values of the cells of a series */
export const envelope =
  (minOf: (series: number) => Values | undefined): uPlot.Series.PathBuilder =>
  (plot, series) => {
    const max = plot.data[series] as Values
    const scale = plot.series[series]?.scale ?? 'y'
    const x = edges(plot, max)
    if (x.length < 2) return null
    const [top, bottom] = [pixels(plot, max, scale), pixels(plot, minOf(series) ?? max, scale)]
    return { stroke: steps(x, top), fill: bottom.some((each, cell) => each > (top[cell] as number)) ? band(x, top, bottom) : null }
  }

/** The area from one curve down to another, or to the foot of the plot; null: it has no cells. */
export function areaPath(plot: uPlot, upper: Values, lower: Values | null, scale: string): Path2D | null {
  const x = edges(plot, upper)
  if (x.length < 2) return null
  const foot = plot.bbox.top + plot.bbox.height
  const top = pixels(plot, upper, scale)
  return band(x, top, lower === null ? top.map(() => foot) : pixels(plot, lower, scale))
}

const hasValue = (value: number | null): value is number => value !== null

function pixels(plot: uPlot, values: Values, scale: string): readonly number[] {
  return values.filter(hasValue).map((value) => Math.round(plot.valToPos(value, scale, true)))
}

/** Pixels of the left edge of each cell that has a value, and of the right edge of the last. */
function edges(plot: uPlot, values: Values): readonly number[] {
  const cells = values.filter(hasValue).length
  const x = Array.from(plot.data[0].slice(0, cells + 1), (place) => plot.valToPos(place, 'x', true))
  return x.length > cells ? x : [...x, plot.bbox.left + plot.bbox.width]
}

function steps(x: readonly number[], top: readonly number[]): Path2D {
  const path = new Path2D()
  path.moveTo(x[0] ?? 0, top[0] ?? 0)
  walk(path, x, top)
  return path
}

function band(x: readonly number[], top: readonly number[], bottom: readonly number[]): Path2D {
  const path = steps(x, top)
  for (let cell = bottom.length - 1; cell >= 0; cell--) {
    path.lineTo(x[cell + 1] as number, bottom[cell] as number)
    path.lineTo(x[cell] as number, bottom[cell] as number)
  }
  path.closePath()
  return path
}

/** Along the steps to the right. A level that goes on is one line. */
function walk(path: Path2D, x: readonly number[], level: readonly number[]): void {
  level.forEach((each, cell) => {
    if (each === level[cell + 1]) return
    path.lineTo(x[cell + 1] as number, each)
    if (cell + 1 < level.length) path.lineTo(x[cell + 1] as number, level[cell + 1] as number)
  })
}
