/** Memory over events or over time, with the cursor. */
import { type MutableRef, useEffect, useRef } from 'preact/hooks'
import uPlot from 'uplot'
import type { Overview } from '../session/messages.ts'
import { cellWidth, knownWidth, windowOf } from './curve-window.ts'
import { closerParts, lookCloser } from './detail.ts'
import { count } from './format.ts'
import { cursor, range, theme } from './store.ts'
import { Legend } from './timeline-legend.tsx'
import { withMouse } from './timeline-mouse.ts'
import { heightOf, optionsOf } from './timeline-plot.ts'
import { drawn, hidden, isFitted, keyOf, shownAxis } from './timeline-state.ts'
import { useRested } from './use-rested.ts'
import { useWidth } from './use-width.ts'

/** @param overview with what stands beside it */
export function Timeline({ overview }: { readonly overview: Overview }) {
  const host = useRef<HTMLDivElement>(null)
  const rested = useRested(range.value)
  const width = useWidth(host)
  const shown = range.value ?? ([0, overview.events] as const)
  const plot = usePlot(host, overview)
  useCurves(plot, overview, width)
  useEffect(() => void lookCloser(shown, Math.max(1, width)), [rested, width, overview])
  useCursor(plot, overview)
  return (
    <section class="timeline" aria-label="timeline" data-stretch={knownWidth(overview, closerParts.value, shown)}>
      <div ref={host} role="img" aria-label={`memory over ${count(overview.events)} events; the cursor is at ${count(cursor.value)}`} />
      <Legend overview={overview} />
    </section>
  )
}

/** The plot of a log, made anew with another or another theme. Its curves come with the next effect. */
function usePlot(host: MutableRef<HTMLDivElement | null>, overview: Overview): MutableRef<uPlot | null> {
  const plot = useRef<uPlot | null>(null)
  const isLight = theme.value === 'light'
  useEffect(() => {
    const parent = host.current
    if (parent === null) return
    const made = new uPlot(optionsOf(overview, parent.clientWidth, isLight), [[], ...overview.curves.map(() => [])], parent)
    plot.current = made
    const letGo = withMouse(parent, made, overview)
    return () => {
      letGo()
      made.destroy()
    }
  }, [overview, isLight])
  return plot
}

function useCurves(plot: MutableRef<uPlot | null>, overview: Overview, width: number): void {
  const [from, to] = range.value ?? [0, overview.events]
  const parts = closerParts.value
  const axis = shownAxis.value
  useEffect(() => {
    if (width === 0) return
    const cut = windowOf(overview.curves, parts, from, to, cellWidth(from, to, width))
    drawn.value = cut
    plot.current?.batch((made: uPlot) => {
      if (made.width !== width) made.setSize({ width, height: heightOf(overview) })
      overview.curves.forEach((curve, place) => {
        const show = !hidden.value.has(keyOf(curve))
        if (made.series[place + 1]?.show !== show) made.setSeries(place + 1, { show })
      })
      made.setData([cut.x.map(axis.toAxis), ...cut.max] as uPlot.AlignedData, false)
      made.setScale('x', { min: axis.toAxis(from), max: axis.toAxis(to) })
      for (const scale of ['bytes', 'count', 'gpu']) made.setScale(scale, { min: 0, max: 0 })
    })
  }, [from, to, width, parts, overview, theme.value, hidden.value, isFitted.value, axis])
}

/** The cursor is an element of its own: moving it draws no curve again. */
function useCursor(plot: MutableRef<uPlot | null>, overview: Overview): void {
  const line = useRef<HTMLElement | null>(null)
  const [from, to] = range.value ?? [0, overview.events]
  const at = cursor.value
  const axis = shownAxis.value
  useEffect(() => {
    line.current = document.createElement('i')
    line.current.className = 'at'
    plot.current?.over.append(line.current)
  }, [overview, theme.value])
  useEffect(() => {
    if (line.current === null) return
    line.current.hidden = at < from || at > to
    const [first, last] = [axis.toAxis(from), axis.toAxis(to)]
    line.current.style.left = `${(100 * (axis.toAxis(at) - first)) / (last - first || 1)}%`
  }, [at, from, to, axis, overview, theme.value])
}
