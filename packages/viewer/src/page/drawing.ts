/** When and onto what maps are drawn. */
import { useLayoutEffect } from 'preact/hooks'

/** Draws with the next frame when something has changed: the page is laid out once, and figures do not wait for a picture. */
export function useDrawing(draw: () => void, changing: readonly unknown[]): void {
  useLayoutEffect(() => {
    const frame = requestAnimationFrame(draw)
    return () => cancelAnimationFrame(frame)
  }, changing)
}

/** A canvas made ready to be drawn anew. @units CSS pixels @returns null: the browser draws nothing */
export function blankCanvas(canvas: HTMLCanvasElement, width: number, height: number): CanvasRenderingContext2D | null {
  const scale = devicePixelRatio
  const [columns, rows] = [Math.floor(width * scale), Math.floor(height * scale)]
  // A size that is set, even to what it was, has the whole page laid out again.
  if (canvas.width !== columns || canvas.height !== rows) {
    canvas.width = columns
    canvas.height = rows
    canvas.style.width = `${width}px`
    canvas.style.height = `${height}px`
  }
  const context = canvas.getContext('2d')
  context?.setTransform(scale, 0, 0, scale, 0, 0)
  context?.clearRect(0, 0, width, height)
  return context
}

/** A canvas larger than that is none: browsers draw nothing on it. @unit pixels of the screen */
export const CANVAS_MAX = 32_767

/** A map with all that it shows, also what is scrolled out of sight or lies over it. */
export interface WholeMap {
  readonly canvas: HTMLCanvasElement
  /** What is left out of it, to stand behind its caption; empty: nothing. */
  readonly leftOut: string
}

const wholes = new WeakMap<HTMLCanvasElement, () => WholeMap>()

/** Tells how a map is drawn whole, where the page shows only a part of it. */
export function drawnWhole(canvas: HTMLCanvasElement, draw: () => WholeMap): void {
  wholes.set(canvas, draw)
}

/** A map as it is saved. */
export const wholeOf = (canvas: HTMLCanvasElement): WholeMap => wholes.get(canvas)?.() ?? { canvas, leftOut: '' }
