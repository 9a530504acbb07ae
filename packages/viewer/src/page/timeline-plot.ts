/** How uPlot draws the timeline: scales, axes, curves and the track of moments. */
import type uPlot from 'uplot'
import type { Overview } from '../session/messages.ts'
import { areaPath, envelope } from './envelope.ts'
import type { PixelAxis } from './moments.ts'
import { range } from './store.ts'
import { AREA_OPACITY, areasOf, strokeOf } from './strokes.ts'
import { ticksOf } from './timeline-axis.ts'
import { extentOf, SCALE_NAMES, type Scale, scalesOf, scaleTicks, tickTexts } from './timeline-scales.ts'
import { drawn, hidden, isOverTime, keyOf, pointed, shownAxis } from './timeline-state.ts'
import { drawTrack, momentBetween, trackHeight } from './timeline-track.ts'

/** Without the track. */
const HEIGHT = 270
export const heightOf = (log: Overview): number => HEIGHT + trackHeight(log)
/** A click moves the mouse by no more, and a moment is pointed at from no farther. @unit pixels */
export const NEAR = 4
/** Events, and lines of a scale: about so many pixels apart. */
const TICK_PIXELS = 90
const FONT = '11px system-ui, sans-serif'
const SIZES: Readonly<Record<Scale, number>> = { bytes: 78, count: 64, gpu: 76 }

export function optionsOf(log: Overview, width: number, isLight: boolean): uPlot.Options {
  const scaleOf = (scale: Scale): uPlot.Scale => ({ range: () => extentOf(log, scale) })
  return {
    width,
    height: heightOf(log),
    padding: [trackHeight(log) + 4, null, null, null],
    legend: { show: false },
    cursor: { drag: { x: true, y: false, setScale: false }, points: { size: 6 } },
    scales: { x: { time: false }, bytes: scaleOf('bytes'), count: scaleOf('count'), gpu: scaleOf('gpu') },
    axes: axesOf(log, isLight),
    series: seriesOf(log, isLight),
    hooks: {
      setSelect: [choose],
      drawAxes: [(plot) => drawAreas(plot, log, isLight)],
      draw: [(plot) => drawTrack(plot, log, pixelsOf(plot), shownAxis.peek(), isLight)],
      setCursor: [(plot) => point(plot, log)],
    },
  }
}

function axesOf(log: Overview, isLight: boolean): uPlot.Axis[] {
  const grid = { stroke: isLight ? '#e4e8ee' : '#232a35', width: 1 }
  const axis = { stroke: isLight ? '#57606a' : '#8b95a5', grid, ticks: grid, font: FONT, labelFont: FONT, labelSize: 16, labelGap: 0 }
  return [
    // The name changes with what it is drawn over.
    {
      ...axis,
      size: 30,
      label: () => (isOverTime.peek() ? 'time' : 'events'),
      splits: (plot) => [...xTicks(plot).places],
      values: xLabels,
    },
    ...scalesOf(log).map((scale) => ({
      ...axis,
      scale,
      label: SCALE_NAMES[scale],
      size: SIZES[scale],
      ...(scale === 'bytes' ? {} : { side: 1 as const, grid: { show: false } }),
      splits: (_: uPlot, __: number, min: number, max: number) => [...scaleTicks(scale, min, max)],
      values: (_: uPlot, values: number[]) => [...tickTexts(scale, values)],
    })),
  ]
}

function seriesOf({ curves }: Overview, isLight: boolean): uPlot.Series[] {
  const paths = envelope((series) => drawn.peek()?.min[series - 1])
  return [
    {},
    ...curves.map((curve): uPlot.Series => {
      const { colour, width, dash } = strokeOf(curves, curve, isLight)
      return { scale: curve.axis, stroke: colour, fill: `${colour}40`, width, dash: [...dash], points: { show: false }, paths }
    }),
  ]
}

function drawAreas(plot: uPlot, { curves }: Overview, isLight: boolean): void {
  const max = drawn.peek()?.max ?? []
  const { ctx, bbox } = plot
  ctx.save()
  ctx.beginPath()
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height)
  ctx.clip()
  ctx.globalAlpha = AREA_OPACITY
  for (const { upper, lower } of areasOf(curves, (curve) => !hidden.peek().has(keyOf(curve)))) {
    const curve = curves[upper]
    const path = curve && areaPath(plot, max[upper] ?? [], lower === null ? null : (max[lower] ?? []), curve.axis)
    if (!curve || !path) continue
    ctx.fillStyle = strokeOf(curves, curve, isLight).colour
    ctx.fill(path)
  }
  ctx.restore()
}

/** Event at a pixel of the plot. */
export const eventAt = (plot: uPlot, left: number): number => shownAxis.peek().toEvent(plot.posToVal(left, 'x'))

/** Of the screen. */
function pixelsOf(plot: uPlot): PixelAxis {
  const { toAxis, toEvent } = shownAxis.peek()
  return {
    pixelOf: (event) => plot.valToPos(toAxis(event), 'x', true),
    eventOf: (pixel) => toEvent(plot.posToVal(pixel, 'x', true)),
  }
}

const xTicks = ({ scales, bbox }: uPlot): ReturnType<typeof ticksOf> =>
  ticksOf(scales.x?.min ?? 0, scales.x?.max ?? 0, bbox.width / devicePixelRatio / TICK_PIXELS)

function xLabels(plot: uPlot, places: number[]): string[] {
  const { step } = xTicks(plot)
  return places.map((place) => shownAxis.peek().label(place, step))
}

function choose(plot: uPlot): void {
  const { left, width } = plot.select
  if (width > NEAR) range.value = [eventAt(plot, left), eventAt(plot, left + width)]
  plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false)
}

function point(plot: uPlot, log: Overview): void {
  const { left = -1, idx } = plot.cursor
  if (left < 0 || idx === null || idx === undefined) pointed.value = null
  else pointed.value = { cell: idx, moment: momentBetween(log, eventAt(plot, left - NEAR), eventAt(plot, left + NEAR)) }
}
