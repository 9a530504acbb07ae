/** What the mouse does over the curves. */
import type uPlot from 'uplot'
import type { Overview } from '../session/messages.ts'
import { moveTo, range } from './store.ts'
import { eventAt, NEAR } from './timeline-plot.ts'
import { zoom } from './timeline-state.ts'

/**
 * A click goes to its event, the wheel zooms and pans, a drag with Shift, with the middle button or below the curves pans; to select is uPlot's.
 *
 * @returns lets go of the mouse
 */
export function withMouse(parent: HTMLElement, plot: uPlot, overview: Overview): () => void {
  const placeOf = ({ clientX }: MouseEvent): number => eventAt(plot, clientX - plot.over.getBoundingClientRect().left)
  const onWheel = (event: WheelEvent): void => {
    event.preventDefault()
    zoom(overview, event.deltaX === 0 ? 1.2 ** Math.sign(event.deltaY) : 1, placeOf(event), event.deltaX / 400)
  }
  const onDown = (event: MouseEvent): void => {
    const isOver = plot.over.contains(event.target as Node)
    if (isOver && !event.shiftKey && event.button === 0) onceUp((up) => isClick(event, up) && moveTo(placeOf(up)))
    if (isOver && !event.shiftKey && event.button !== 1) return
    event.preventDefault()
    event.stopPropagation()
    const onMove = ({ movementX }: MouseEvent): void => zoom(overview, 1, range.peek()?.[0] ?? 0, -movementX / plot.over.clientWidth)
    addEventListener('mousemove', onMove)
    onceUp(() => removeEventListener('mousemove', onMove))
  }
  parent.addEventListener('wheel', onWheel, { passive: false })
  // Before uPlot, which would select.
  parent.addEventListener('mousedown', onDown, { capture: true })
  return () => {
    parent.removeEventListener('wheel', onWheel)
    parent.removeEventListener('mousedown', onDown, { capture: true })
  }
}

const onceUp = (act: (event: MouseEvent) => unknown): void => addEventListener('mouseup', act, { once: true })

/** Hands are not still: uPlot takes whatever moved for a drag. */
const isClick = (down: MouseEvent, up: MouseEvent): boolean =>
  Math.abs(up.clientX - down.clientX) <= NEAR && Math.abs(up.clientY - down.clientY) <= NEAR
