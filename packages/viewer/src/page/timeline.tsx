/** Memory over events, with the cursor. */
import { useEffect, useRef } from 'preact/hooks'
import uPlot from 'uplot'
import type { Overview } from '../session/messages.ts'
import { windowOf } from './curve-window.ts'
import { bytes, colourOf, count } from './format.ts'
import { cursor, moveTo, range, theme } from './store.ts'

const HEIGHT = 260
const POINTS = 1600
const MARK_COLOURS = { mark: '#9aa4b2', collection: '#c678dd', region: '#4c8dff', outOfMemory: '#e5566d' } as const

export function Timeline({ overview }: { readonly overview: Overview }) {
  const host = useRef<HTMLDivElement>(null)
  const plot = useRef<uPlot | null>(null)
  const isLight = theme.value === 'light'
  const shown = range.value
  const at = cursor.value

  useEffect(() => {
    const parent = host.current
    if (parent === null) return
    const made = new uPlot(optionsOf(overview, parent.clientWidth, isLight), dataOf(overview, 0, overview.events), parent)
    plot.current = made
    const resized = new ResizeObserver(() => made.setSize({ width: parent.clientWidth, height: HEIGHT }))
    resized.observe(parent)
    const onWheel = (event: WheelEvent): void => {
      event.preventDefault()
      const place = made.posToVal(event.offsetX - made.bbox.left / devicePixelRatio, 'x')
      zoom(overview, event.deltaX === 0 ? 1.2 ** Math.sign(event.deltaY) : 1, place, event.deltaX / 400)
    }
    parent.addEventListener('wheel', onWheel, { passive: false })
    return () => {
      resized.disconnect()
      parent.removeEventListener('wheel', onWheel)
      made.destroy()
    }
  }, [overview, isLight])

  useEffect(() => {
    const [from, to] = shown ?? [0, overview.events]
    plot.current?.setData(dataOf(overview, from, to), false)
    plot.current?.setScale('x', { min: from, max: to })
  }, [shown, overview, isLight])

  useEffect(() => plot.current?.redraw(false), [at])
  return (
    <div
      class="timeline"
      ref={host}
      role="img"
      aria-label={`memory over ${count(overview.events)} events; the cursor is at ${count(at)}`}
    />
  )
}

/** Zooms by a factor around an event, and moves by a share of what is shown. */
export function zoom({ events }: Overview, factor: number, around: number, move = 0): void {
  const [from, to] = range.value ?? [0, events]
  const span = Math.min(events, Math.max(32, (to - from) * factor))
  const share = to === from ? 0.5 : (around - from) / (to - from)
  const start = Math.max(0, Math.min(events - span, around - span * share + span * move))
  range.value = span >= events ? null : [start, start + span]
}

function dataOf({ curves }: Overview, from: number, to: number): uPlot.AlignedData {
  const windows = curves.map((curve) => windowOf(curve, from, to, POINTS))
  return [windows[0]?.x ?? [], ...windows.map(({ y }) => y)]
}

function optionsOf(overview: Overview, width: number, isLight: boolean): uPlot.Options {
  const ink = isLight ? '#57606a' : '#8b95a5'
  const grid = { stroke: isLight ? '#e4e8ee' : '#232a35', width: 1 }
  const hasCounts = overview.curves.some(({ unit }) => unit === 'count')
  const axis = { stroke: ink, grid, ticks: grid, font: '11px system-ui, sans-serif' }
  return {
    width,
    height: HEIGHT,
    cursor: { drag: { x: true, y: false, setScale: false }, points: { size: 6 } },
    scales: {
      x: { time: false },
      bytes: { range: (_, __, max) => [0, max * 1.06 || 1] },
      count: { range: (_, __, max) => [0, max * 1.06 || 1] },
    },
    axes: [
      { ...axis, values: (_, values) => values.map((value) => count(value)) },
      { ...axis, scale: 'bytes', size: 76, values: (_, values) => values.map((value) => bytes(value)), splits: byteSplits },
      ...(hasCounts
        ? [
            {
              ...axis,
              scale: 'count',
              side: 1 as const,
              size: 64,
              grid: { show: false },
              values: (_: uPlot, values: number[]) => values.map((value) => count(value)),
            },
          ]
        : []),
    ],
    series: [
      { label: 'event', value: (_, value) => (value === null ? '' : count(value)) },
      ...overview.curves.map(
        (curve, place): uPlot.Series => ({
          label: curve.label,
          scale: curve.unit,
          stroke: colourOf(place),
          width: 1.5,
          ...(curve.unit === 'count' ? { dash: [4, 3] } : {}),
          points: { show: false },
          paths: (uPlot.paths.stepped as uPlot.Series.SteppedPathBuilderFactory)({ align: 1 }),
          value: (_, value) => (value === null ? '' : curve.unit === 'bytes' ? bytes(value) : count(value)),
        }),
      ),
    ],
    hooks: {
      setSelect: [
        (plot) => {
          const { left, width: chosen } = plot.select
          if (chosen > 4) range.value = [plot.posToVal(left, 'x'), plot.posToVal(left + chosen, 'x')]
          plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false)
        },
      ],
      ready: [
        (plot) =>
          plot.over.addEventListener('click', () => {
            if (plot.cursor.left !== undefined && plot.cursor.left >= 0) void moveTo(plot.posToVal(plot.cursor.left, 'x'))
          }),
      ],
      draw: [(plot) => drawMoments(plot, overview, isLight)],
    },
  }
}

/** Lines of the scale at round numbers of bytes. */
function byteSplits(_: uPlot, __: number, ___: number, max: number): number[] {
  const step = 2 ** Math.ceil(Math.log2(Math.max(1, max) / 5))
  return Array.from({ length: Math.floor(max / step) + 1 }, (____, place) => place * step)
}

function drawMoments({ ctx, bbox, valToPos }: uPlot, { moments }: Overview, isLight: boolean): void {
  ctx.save()
  const seen = new Set<string>()
  for (const { index, kind } of moments) {
    const x = Math.round(valToPos(index, 'x', true))
    const key = `${x}${kind}`
    if (x < bbox.left || x > bbox.left + bbox.width || seen.has(key)) continue
    seen.add(key)
    ctx.fillStyle = MARK_COLOURS[kind]
    const height = kind === 'outOfMemory' ? bbox.height : 5 * devicePixelRatio
    ctx.fillRect(x, kind === 'region' ? bbox.top + bbox.height - height : bbox.top, devicePixelRatio, height)
  }
  const x = Math.round(valToPos(cursor.value, 'x', true))
  if (x >= bbox.left && x <= bbox.left + bbox.width) {
    ctx.fillStyle = isLight ? '#111827' : '#f5f7fa'
    ctx.fillRect(x - devicePixelRatio / 2, bbox.top, 1.5 * devicePixelRatio, bbox.height)
  }
  ctx.restore()
}
