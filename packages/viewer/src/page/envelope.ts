/** How a curve is drawn: a step at the largest value of each cell, and a band down to the smallest. */
import type uPlot from 'uplot'

/** @param minOf smallest values of the cells of a series */
export const envelope =
  (minOf: (series: number) => ArrayLike<number> | undefined): uPlot.Series.PathBuilder =>
  (plot, series, first, last) => {
    const scale = plot.series[series]?.scale ?? 'y'
    const max = plot.data[series] as number[]
    const min = minOf(series) ?? max
    const pixelOf = (value: number): number => Math.round(plot.valToPos(value, scale, true))
    const x = edges(plot, first, last)
    const top = max.slice(first, last + 1).map(pixelOf)
    const bottom = Array.from(min)
      .slice(first, last + 1)
      .map(pixelOf)
    return { stroke: steps(x, top), fill: bottom.some((each, cell) => each > (top[cell] as number)) ? band(x, top, bottom) : null }
  }

/** Pixels of the left edge of each cell, and of the right edge of the last. */
function edges(plot: uPlot, first: number, last: number): readonly number[] {
  const x = Array.from(plot.data[0].slice(first, last + 1), (event) => plot.valToPos(event, 'x', true))
  return [...x, plot.bbox.left + plot.bbox.width]
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
