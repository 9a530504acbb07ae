/** Memory over events or over time, with the cursor. */
import { useEffect, useRef } from 'preact/hooks'
import uPlot from 'uplot'
import type { Overview } from '../session/messages.ts'
import { cellWidth, knownWidth, windowOf } from './curve-window.ts'
import { closerParts, lookCloser } from './detail.ts'
import { count } from './format.ts'
import { cursor, range, theme } from './store.ts'
import { Legend } from './timeline-legend.tsx'
import { eventAt, HEIGHT, optionsOf } from './timeline-plot.ts'
import { drawn, hidden, isFitted, keyOf, shownAxis, zoom } from './timeline-state.ts'
import { useRested } from './use-rested.ts'
import { useWidth } from './use-width.ts'

export function Timeline({ overview }: { readonly overview: Overview }) {
  const host = useRef<HTMLDivElement>(null)
  const plot = useRef<uPlot | null>(null)
  const line = useRef<HTMLElement | null>(null)
  const isLight = theme.value === 'light'
  const [from, to] = range.value ?? [0, overview.events]
  const at = cursor.value
  const parts = closerParts.value
  const axis = shownAxis.value
  const rested = useRested(range.value)
  const width = useWidth(host)

  useEffect(() => {
    const parent = host.current
    if (parent === null) return
    // Curves come with the next effect.
    const made = new uPlot(optionsOf(overview, parent.clientWidth, isLight), [[], ...overview.curves.map(() => [])], parent)
    plot.current = made
    line.current = document.createElement('i')
    line.current.className = 'at'
    made.over.append(line.current)
    const letGo = withMouse(parent, made, overview)
    return () => {
      letGo()
      made.destroy()
    }
  }, [overview, isLight])

  useEffect(() => {
    if (width === 0) return
    const cut = windowOf(overview.curves, parts, from, to, cellWidth(from, to, width))
    drawn.value = cut
    plot.current?.batch((made: uPlot) => {
      if (made.width !== width) made.setSize({ width, height: HEIGHT })
      overview.curves.forEach((curve, place) => {
        const show = !hidden.value.has(keyOf(curve))
        if (made.series[place + 1]?.show !== show) made.setSeries(place + 1, { show })
      })
      made.setData([cut.x.map(axis.toAxis), ...cut.max] as uPlot.AlignedData, false)
      made.setScale('x', { min: axis.toAxis(from), max: axis.toAxis(to) })
      for (const scale of ['bytes', 'count', 'gpu']) made.setScale(scale, { min: 0, max: 0 })
    })
  }, [from, to, width, parts, overview, isLight, hidden.value, isFitted.value, axis])

  useEffect(() => void lookCloser([from, to], Math.max(1, width)), [rested, width, overview])

  // The cursor is an element of its own: moving it draws no curve again.
  useEffect(() => {
    if (line.current === null) return
    line.current.hidden = at < from || at > to
    const [first, last] = [axis.toAxis(from), axis.toAxis(to)]
    line.current.style.left = `${(100 * (axis.toAxis(at) - first)) / (last - first || 1)}%`
  }, [at, from, to, axis, overview, isLight])
  return (
    <section class="timeline" aria-label="timeline" data-stretch={knownWidth(overview, parts, [from, to])}>
      <div ref={host} role="img" aria-label={`memory over ${count(overview.events)} events; the cursor is at ${count(at)}`} />
      <Legend overview={overview} />
    </section>
  )
}

/** The wheel zooms and pans; a drag with Shift, with the middle button or below the curves pans. @returns lets go of the mouse */
function withMouse(parent: HTMLElement, plot: uPlot, overview: Overview): () => void {
  const onWheel = (event: WheelEvent): void => {
    event.preventDefault()
    const place = eventAt(plot, event.clientX - plot.over.getBoundingClientRect().left)
    zoom(overview, event.deltaX === 0 ? 1.2 ** Math.sign(event.deltaY) : 1, place, event.deltaX / 400)
  }
  const onDown = (event: MouseEvent): void => {
    if (!event.shiftKey && event.button !== 1 && plot.over.contains(event.target as Node)) return
    event.preventDefault()
    event.stopPropagation()
    const onMove = ({ movementX }: MouseEvent): void => zoom(overview, 1, range.peek()?.[0] ?? 0, -movementX / plot.over.clientWidth)
    addEventListener('mousemove', onMove)
    addEventListener('mouseup', () => removeEventListener('mousemove', onMove), { once: true })
  }
  parent.addEventListener('wheel', onWheel, { passive: false })
  // Before uPlot, which would select.
  parent.addEventListener('mousedown', onDown, { capture: true })
  return () => {
    parent.removeEventListener('wheel', onWheel)
    parent.removeEventListener('mousedown', onDown, { capture: true })
  }
}
