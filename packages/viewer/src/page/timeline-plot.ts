/** How uPlot draws the timeline: scales, axes, curves and the track of moments. */
import type uPlot from 'uplot'
import { type Curve, MOMENT_KINDS, type Overview } from '../session/messages.ts'
import { envelope } from './envelope.ts'
import { bytes, colourOf, count } from './format.ts'
import { firstFrom, MOMENT_COLOURS, momentAt, momentsByPixel, type PixelAxis } from './moments.ts'
import { moveTo, range } from './store.ts'
import { ticksOf } from './timeline-axis.ts'
import { drawn, hidden, isFitted, keyOf, pointed, shownAxis } from './timeline-state.ts'

export const HEIGHT = 260
/** Pixels from the pointer to a moment that it is at. */
const NEAR = 4
/** Events, and lines of a scale: about so many pixels apart. */
const TICK_PIXELS = 90

/** Those of a device lie on each other where a program uses all that it holds: the lower ones are drawn wider. */
const WIDER = [
  [/^requestedBytes\d/, 5],
  [/^allocatedBytes\d/, 3.25],
] as const

/** The colour of a curve; one that stands beside has that of the log's own. */
export function curveColour({ curves }: Overview, curve: Curve): string {
  return colourOf(curves.findIndex(({ key }) => key === curve.key))
}

export const strokeWidth = ({ key }: Curve): number => WIDER.find(([each]) => each.test(key))?.[1] ?? 1.5

export function optionsOf(overview: Overview, width: number, isLight: boolean): uPlot.Options {
  const { curves } = overview
  const grid = { stroke: isLight ? '#e4e8ee' : '#232a35', width: 1 }
  const axis = { stroke: isLight ? '#57606a' : '#8b95a5', grid, ticks: grid, font: '11px system-ui, sans-serif' }
  const has = (scale: Curve['axis']): boolean => curves.some((curve) => curve.axis === scale)
  const right = { ...axis, side: 1 as const, grid: { show: false }, splits: valueSplits }
  const scaleOf = (scale: Curve['axis']): uPlot.Scale => ({ range: () => extentOf(overview, scale) })
  const paths = envelope((series) => drawn.peek()?.min[series - 1])
  return {
    width,
    height: HEIGHT,
    legend: { show: false },
    cursor: { drag: { x: true, y: false, setScale: false }, points: { size: 6 } },
    scales: {
      x: { time: false },
      bytes: scaleOf('bytes'),
      count: scaleOf('count'),
      gpu: scaleOf('gpu'),
    },
    axes: [
      { ...axis, size: 34, splits: (plot) => [...xTicks(plot).places], values: xLabels },
      { ...axis, scale: 'bytes', size: 92, values: byteLabels, splits: byteSplits },
      ...(has('count') ? [{ ...right, scale: 'count', size: 64, values: (_: uPlot, values: number[]) => values.map(count) }] : []),
      ...(has('gpu')
        ? [{ ...right, scale: 'gpu', label: 'GPU', labelSize: 16, labelFont: axis.font, size: 76, values: byteLabels, splits: byteSplits }]
        : []),
    ],
    series: [
      {},
      ...curves.map(
        (curve): uPlot.Series => ({
          scale: curve.axis,
          stroke: curveColour(overview, curve),
          fill: `${curveColour(overview, curve)}50`,
          width: strokeWidth(curve),
          ...(curve.isBeside === true ? { dash: [8, 4] } : curve.unit === 'count' ? { dash: [4, 3] } : {}),
          points: { show: false },
          paths,
        }),
      ),
    ],
    hooks: {
      setSelect: [choose],
      ready: [(plot) => plot.over.addEventListener('click', () => goTo(plot))],
      draw: [(plot) => drawMoments(plot, overview)],
      setCursor: [(plot) => point(plot, overview)],
    },
  }
}

/** What a scale reaches over: from 0, or from the smallest value on the screen. */
export function extentOf({ curves }: Overview, scale: Curve['axis']): [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, 0]
  curves.forEach(({ axis }, place) => {
    if (axis !== scale || hidden.peek().has(keyOf(curves[place] as Curve))) return
    for (const value of drawn.peek()?.max[place] ?? []) high = Math.max(high, value)
    if (isFitted.peek()) for (const value of drawn.peek()?.min[place] ?? []) low = Math.min(low, value)
  })
  if (!isFitted.peek() || low > high) return [0, high * 1.06 || 1]
  const margin = Math.max(1, (high - low) * 0.06)
  return [Math.max(0, low - margin), high + margin]
}

/** Event at a pixel of the plot. */
export const eventAt = (plot: uPlot, left: number): number => shownAxis.peek().toEvent(plot.posToVal(left, 'x'))

const xTicks = ({ scales, bbox }: uPlot): ReturnType<typeof ticksOf> =>
  ticksOf(scales.x?.min ?? 0, scales.x?.max ?? 0, bbox.width / devicePixelRatio / TICK_PIXELS)

function xLabels(plot: uPlot, places: number[]): string[] {
  const { step } = xTicks(plot)
  return places.map((place) => shownAxis.peek().label(place, step))
}

const valueSplits = (_: uPlot, __: number, min: number, max: number): number[] => [...ticksOf(min, max, 5).places]

const byteSplits = (_: uPlot, __: number, min: number, max: number): number[] => byteTicks(min, max)

/** Lines of a scale at round numbers of bytes. */
export function byteTicks(min: number, max: number): number[] {
  const step = Math.max(1, 2 ** Math.ceil(Math.log2((max - min) / 5)))
  const first = Math.ceil(min / step)
  return Array.from({ length: Math.max(0, Math.floor(max / step) - first + 1) }, (_line, place) => (first + place) * step)
}

/** Where lines are so close that rounded ones would be alike, all of the number stands there. */
function byteLabels(_: uPlot, values: number[]): string[] {
  const labels = values.map(bytes)
  return new Set(labels).size === values.length ? labels : values.map((value) => `${count(value)} B`)
}

function choose(plot: uPlot): void {
  const { left, width } = plot.select
  if (width > NEAR) range.value = [eventAt(plot, left), eventAt(plot, left + width)]
  plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false)
}

function goTo(plot: uPlot): void {
  const { left = -1 } = plot.cursor
  if (left >= 0) void moveTo(eventAt(plot, left))
}

function point(plot: uPlot, { moments }: Overview): void {
  const { left = -1, idx } = plot.cursor
  if (left < 0 || idx === null || idx === undefined) {
    pointed.value = null
    return
  }
  const [from, to] = [eventAt(plot, left - NEAR), eventAt(plot, left + NEAR)]
  const near = MOMENT_KINDS.map((kind) => momentAt(moments[kind], firstFrom(moments[kind], from)))
    .filter((each) => each !== null && each.index <= to)
    .sort((a, b) => (a?.index ?? 0) - (b?.index ?? 0))[0]
  pointed.value = { cell: idx, moment: near ? `${near.label} at event ${count(near.index)}` : null }
}

function drawMoments(plot: uPlot, { moments }: Overview): void {
  const { ctx, bbox } = plot
  const { toAxis, toEvent } = shownAxis.peek()
  const [from, to] = [toEvent(plot.scales.x?.min ?? 0), toEvent(plot.scales.x?.max ?? 0)]
  const axis: PixelAxis = {
    pixelOf: (event) => plot.valToPos(toAxis(event), 'x', true),
    eventOf: (pixel) => toEvent(plot.posToVal(pixel, 'x', true)),
  }
  ctx.save()
  for (const kind of MOMENT_KINDS) {
    ctx.fillStyle = MOMENT_COLOURS[kind]
    const height = kind === 'outOfMemory' ? bbox.height : 5 * devicePixelRatio
    const top = kind === 'region' ? bbox.top + bbox.height - height : bbox.top
    for (const { index } of momentsByPixel(moments[kind], from, to, axis))
      ctx.fillRect(Math.floor(axis.pixelOf(index)), top, devicePixelRatio, height)
  }
  ctx.restore()
}
