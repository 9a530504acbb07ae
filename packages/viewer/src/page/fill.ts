/** How a part of a map is filled: on the map, in its legend, and in the legend of the saved picture. */

export const FILL_KINDS = ['solid', 'hatched', 'dashed'] as const

/** A colour, lines of it within an outline, or only a dashed outline. */
export interface Fill {
  readonly kind: (typeof FILL_KINDS)[number]
  readonly colour: string
}

/** From one line to the next, and their width. @unit pixels */
const HATCH = 5
const LINE = 1.2
/** Narrower, an outline is all there is. @unit pixels */
const NARROW = 3

/** Fills a rectangle. @unit pixels */
export function fillRectangle(
  context: CanvasRenderingContext2D,
  fill: Fill,
  left: number,
  top: number,
  width: number,
  height: number,
): void {
  context.fillStyle = fill.colour
  if (fill.kind === 'solid' || width < NARROW) {
    context.fillRect(left, top, width, height)
    return
  }
  context.strokeStyle = fill.colour
  context.save()
  context.lineWidth = 1
  if (fill.kind === 'dashed') context.setLineDash([3, 3])
  context.strokeRect(left + 0.5, top + 0.5, width - 1, height - 1)
  if (fill.kind === 'hatched') hatch(context, left, top, width, height)
  context.restore()
}

/** Lines upwards to the right, in step with those of its neighbours. */
function hatch(context: CanvasRenderingContext2D, left: number, top: number, width: number, height: number): void {
  context.beginPath()
  context.rect(left, top, width, height)
  context.clip()
  context.beginPath()
  context.lineWidth = LINE
  for (let foot = Math.floor((left - height) / HATCH) * HATCH; foot < left + width; foot += HATCH) {
    context.moveTo(foot, top + height)
    context.lineTo(foot + height, top)
  }
  context.stroke()
}
