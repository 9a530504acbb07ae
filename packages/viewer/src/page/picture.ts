/** The timeline and the maps and graphs below it as one picture, each under its caption and its legend. */

import { CANVAS_MAX, wholeOf } from './drawing.ts'
import { drawnSvg } from './drawn-svg.ts'
import { PictureLegend } from './picture-legend.ts'

/** Height of a caption, and before the first letter. @unit pixels */
const CAPTION = 30
const LEFT = 8
const DRAWN = '[role=tabpanel] canvas, [role=tabpanel] svg'

interface Timeline {
  /** A drawing, as SVG. */
  readonly text: string
  readonly width: number
  readonly height: number
}

/** A map or a graph. @unit pixels */
interface Part {
  readonly image: CanvasImageSource
  /** What a browser's canvas has no room for, in words; empty: nothing. */
  readonly leftOut: string
  readonly width: number
  readonly height: number
  readonly legend: PictureLegend
}

/** As fine as the screen is. @param caption of the maps and graphs */
export async function pictureOf(timeline: Timeline, caption: string): Promise<Blob | null> {
  const made = document.createElement('canvas')
  const context = made.getContext('2d')
  if (context === null) return null
  const setFont = (): void => {
    context.font = '12px system-ui, sans-serif'
  }
  setFont()
  const parts = await partsOf(context, timeline.width - 2 * LEFT)
  const tall = parts.reduce((sum, { legend, height }) => sum + CAPTION + legend.height + height, timeline.height)
  const scale = Math.min(Math.max(2, devicePixelRatio), CANVAS_MAX / tall)
  made.width = scale * Math.max(timeline.width, ...parts.map(({ width }) => width))
  made.height = scale * tall
  const { backgroundColor, color } = getComputedStyle(document.body)
  context.scale(scale, scale)
  context.fillStyle = backgroundColor
  context.fillRect(0, 0, made.width, made.height)
  context.drawImage(await imageOf(timeline.text), 0, 0, timeline.width, timeline.height)
  context.imageSmoothingEnabled = false
  // A canvas that is given a size forgets all else.
  setFont()
  let top = timeline.height
  for (const { image, leftOut, width, height, legend } of parts) {
    context.fillStyle = color
    context.fillText(`${caption}${leftOut}`, LEFT, top + 20)
    legend.draw(context, LEFT, top + CAPTION - 2)
    top += CAPTION + legend.height
    context.drawImage(image, 0, top, width, height)
    top += height
  }
  return new Promise((resolve) => made.toBlob(resolve))
}

/** Has the view that is open drawn anything? */
export const hasDrawings = (): boolean => document.querySelector(DRAWN) !== null

/** What it has drawn. @param width of their legends */
function partsOf(context: CanvasRenderingContext2D, width: number): Promise<readonly Part[]> {
  const all = [...document.querySelectorAll<HTMLCanvasElement | SVGSVGElement>(DRAWN)]
  return Promise.all(
    all.map(async (each): Promise<Part> => {
      const legend = new PictureLegend(each, context, width)
      if (each instanceof HTMLCanvasElement) {
        const { canvas, leftOut } = wholeOf(each)
        return { image: canvas, leftOut, width: canvas.width / devicePixelRatio, height: canvas.height / devicePixelRatio, legend }
      }
      const { text, width: wide, height } = drawnSvg(each)
      return { image: await imageOf(text), leftOut: '', width: wide, height, legend }
    }),
  )
}

async function imageOf(svg: string): Promise<HTMLImageElement> {
  const image = new Image()
  image.src = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }))
  await image.decode()
  URL.revokeObjectURL(image.src)
  return image
}
