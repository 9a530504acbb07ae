/** Maps that are taller than what is seen of them: a canvas of the part in sight, in what scrolls. */
import { CANVAS_MAX } from './drawing.ts'

/** The height that is seen at once, as the style says. @unit pixels */
export const VISIBLE = 460
/** A saved picture is at least so much finer than the page, and has so much beside the map. @unit pixels */
const FINER = 2
const BESIDE = 600

const scrollerOf = (canvas: HTMLCanvasElement): Element | null => canvas.closest('.map, .region')

/** How far the map is scrolled. @unit pixels */
export const scrolledOf = (canvas: HTMLCanvasElement): number => scrollerOf(canvas)?.scrollTop ?? 0

/** Height of a map that the saved picture of a browser can hold. @unit pixels */
export const heldHeight = (): number => Math.floor(CANVAS_MAX / Math.max(FINER, devicePixelRatio)) - BESIDE

/** Scrolls no further than it must until a row is seen. @unit pixels */
export function keepInSight(canvas: HTMLCanvasElement, top: number, height: number): void {
  const map = scrollerOf(canvas)
  if (map === null) return
  if (top < map.scrollTop) map.scrollTop = top
  else if (top + height > map.scrollTop + map.clientHeight) map.scrollTop = top + height - map.clientHeight
}
