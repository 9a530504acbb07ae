/** Memory over events, with the cursor. */
import { useEffect, useRef } from 'preact/hooks'
import uPlot from 'uplot'
import type { Curve, Moment, Overview } from '../session/messages.ts'
import { type CurveWindow, cellWidth, knownWidth, windowOf } from './curve-window.ts'
import { closerParts, lookCloser } from './detail.ts'
import { envelope } from './envelope.ts'
import { bytes, colourOf, count } from './format.ts'
import { cursor, moveTo, range, theme } from './store.ts'
import { useRested } from './use-rested.ts'

const HEIGHT = 260
const MARK_COLOURS = { mark: '#9aa4b2', collection: '#c678dd', region: '#4c8dff', outOfMemory: '#e5566d' } as const

export function Timeline({ overview }: { readonly overview: Overview }) {
  const host = useRef<HTMLDivElement>(null)
  const plot = useRef<uPlot | null>(null)
  const line = useRef<HTMLElement | null>(null)
  const drawn = useRef<CurveWindow | null>(null)
  const isLight = theme.value === 'light'
  const shown = range.value
  const at = cursor.value
  const parts = closerParts.value
  const rested = useRested(shown)

  useEffect(() => {
    const parent = host.current
    if (parent === null) return
    // Curves come with the next effect.
    const made = new uPlot(optionsOf(overview, parent.clientWidth, isLight, drawn), [[], ...overview.curves.map(() => [])], parent)
    plot.current = made
    line.current = document.createElement('i')
    line.current.className = 'at'
    made.over.append(line.current)
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
    const width = cellWidth(from, to, host.current?.clientWidth ?? 1)
    const cut = windowOf(overview.curves, parts, from, to, width)
    drawn.current = cut
    plot.current?.batch((made: uPlot) => {
      made.setData([cut.x, ...cut.max] as uPlot.AlignedData, false)
      made.setScale('x', { min: from, max: to })
    })
  }, [shown, parts, overview, isLight])

  useEffect(() => void lookCloser(rested ?? [0, overview.events], host.current?.clientWidth ?? 1), [rested, overview])

  // The cursor is an element of its own: moving it draws no curve again.
  useEffect(() => {
    const [from, to] = shown ?? [0, overview.events]
    if (line.current === null) return
    line.current.hidden = at < from || at > to
    line.current.style.left = `${(100 * (at - from)) / Math.max(1, to - from)}%`
  }, [at, shown, overview, isLight])
  return (
    <div
      class="timeline"
      ref={host}
      data-stretch={knownWidth(overview, parts, shown ?? [0, overview.events])}
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

/** @param drawn what is drawn last */
function optionsOf(overview: Overview, width: number, isLight: boolean, drawn: { readonly current: CurveWindow | null }): uPlot.Options {
  // The first series is that of the events.
  const paths = envelope((series) => drawn.current?.min[series - 1])
  const ink = isLight ? '#57606a' : '#8b95a5'
  const grid = { stroke: isLight ? '#e4e8ee' : '#232a35', width: 1 }
  const has = (axis: Curve['axis']): boolean => overview.curves.some((curve) => curve.axis === axis)
  const axis = { stroke: ink, grid, ticks: grid, font: '11px system-ui, sans-serif' }
  return {
    width,
    height: HEIGHT,
    cursor: { drag: { x: true, y: false, setScale: false }, points: { size: 6 } },
    scales: {
      x: { time: false },
      bytes: { range: (_, __, max) => [0, max * 1.06 || 1] },
      count: { range: (_, __, max) => [0, max * 1.06 || 1] },
      gpu: { range: (_, __, max) => [0, max * 1.06 || 1] },
    },
    axes: [
      { ...axis, values: (_, values) => values.map((value) => count(value)) },
      { ...axis, scale: 'bytes', size: 76, values: (_, values) => values.map((value) => bytes(value)), splits: byteSplits },
      ...(has('count')
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
      ...(has('gpu')
        ? [
            {
              ...axis,
              scale: 'gpu',
              label: 'GPU',
              labelSize: 16,
              labelFont: axis.font,
              side: 1 as const,
              size: 76,
              grid: { show: false },
              values: (_: uPlot, values: number[]) => values.map((value) => bytes(value)),
              splits: byteSplits,
            },
          ]
        : []),
    ],
    series: [
      { label: 'event', value: (_, value) => (value === null ? '' : count(value)) },
      ...overview.curves.map(
        (curve, place): uPlot.Series => ({
          label: curve.label,
          scale: curve.axis,
          stroke: colourOf(curve.isBeside === true ? overview.curves.findIndex(({ key }) => key === curve.key) : place),
          width: 1.5,
          ...(curve.isBeside === true ? { dash: [8, 4] } : curve.unit === 'count' ? { dash: [4, 3] } : {}),
          points: { show: false },
          paths,
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
      draw: [(plot) => drawMoments(plot, overview)],
    },
  }
}

/** Lines of the scale at round numbers of bytes. */
function byteSplits(_: uPlot, __: number, ___: number, max: number): number[] {
  const step = 2 ** Math.ceil(Math.log2(Math.max(1, max) / 5))
  return Array.from({ length: Math.floor(max / step) + 1 }, (____, place) => place * step)
}

function drawMoments(plot: uPlot, { moments }: Overview): void {
  const { ctx, bbox } = plot
  const [from, to] = [plot.scales.x?.min ?? 0, plot.scales.x?.max ?? 0]
  const first = firstBehind(moments, from)
  ctx.save()
  const drawn: Partial<Record<Moment['kind'], number>> = {}
  for (let place = first; place < moments.length; place++) {
    const { index, kind } = moments[place] as Moment
    if (index > to) break
    const x = Math.round(bbox.left + (bbox.width * (index - from)) / Math.max(1, to - from))
    if (drawn[kind] === x) continue
    drawn[kind] = x
    ctx.fillStyle = MARK_COLOURS[kind]
    const height = kind === 'outOfMemory' ? bbox.height : 5 * devicePixelRatio
    ctx.fillRect(x, kind === 'region' ? bbox.top + bbox.height - height : bbox.top, devicePixelRatio, height)
  }
  ctx.restore()
}

/** Place of the first moment that is not before an event. */
function firstBehind(moments: readonly Moment[], index: number): number {
  let low = 0
  let high = moments.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((moments[middle]?.index ?? 0) < index) low = middle + 1
    else high = middle
  }
  return low
}
