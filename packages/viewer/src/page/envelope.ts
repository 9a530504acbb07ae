/** How a curve is drawn: a step at the largest value of each cell, and a line down to the smallest. */
import type uPlot from 'uplot'

/** @param minOf smallest values of the cells of a series */
export const envelope =
  (minOf: (series: number) => ArrayLike<number> | undefined): uPlot.Series.PathBuilder =>
  (plot, series, first, last) => {
    const stroke = new Path2D()
    const [x, y] = [plot.data[0], plot.data[series] as number[]]
    const scale = plot.series[series]?.scale ?? 'y'
    const min = minOf(series)
    for (let place = first; place <= last; place++) {
      const left = plot.valToPos(x[place] as number, 'x', true)
      const right = place < last ? plot.valToPos(x[place + 1] as number, 'x', true) : plot.bbox.left + plot.bbox.width
      const top = plot.valToPos(y[place] as number, scale, true)
      const bottom = plot.valToPos(min?.[place] as number, scale, true)
      if (place === first) stroke.moveTo(left, top)
      // Less than a pixel is not seen, and takes as long.
      if (bottom - top >= 1) stroke.lineTo(left, bottom)
      stroke.lineTo(left, top)
      stroke.lineTo(right, top)
    }
    return { stroke }
  }
