/** The timeline and the maps below it as one picture, each map under its caption and its legend. */
import { CANVAS_MAX, wholeOf } from './drawing.ts'
import { PictureLegend } from './picture-legend.ts'

/** Height of a caption, and before the first letter. @unit pixels */
const CAPTION = 30
const LEFT = 8
const MAPS = '#heap, #device, #history, .region canvas'

interface Timeline {
  /** A drawing, as SVG. */
  readonly text: string
  readonly width: number
  readonly height: number
}

/** As fine as the screen is. @param caption of the maps */
export async function pictureOf(timeline: Timeline, caption: string): Promise<Blob | null> {
  const made = document.createElement('canvas')
  const context = made.getContext('2d')
  if (context === null) return null
  const setFont = (): void => {
    context.font = '12px system-ui, sans-serif'
  }
  setFont()
  const maps = [...document.querySelectorAll<HTMLCanvasElement>(MAPS)].map((shown) => {
    const { canvas: map, leftOut } = wholeOf(shown)
    const legend = new PictureLegend(shown, context, timeline.width - 2 * LEFT)
    return { map, leftOut, width: map.width / devicePixelRatio, height: map.height / devicePixelRatio, legend }
  })
  const tall = maps.reduce((sum, { legend, height }) => sum + CAPTION + legend.height + height, timeline.height)
  const scale = Math.min(Math.max(2, devicePixelRatio), CANVAS_MAX / tall)
  made.width = scale * Math.max(timeline.width, ...maps.map(({ width }) => width))
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
  for (const { map, leftOut, width, height, legend } of maps) {
    context.fillStyle = color
    context.fillText(`${caption}${leftOut}`, LEFT, top + 20)
    legend.draw(context, LEFT, top + CAPTION - 2)
    top += CAPTION + legend.height
    context.drawImage(map, 0, top, width, height)
    top += height
  }
  return new Promise((resolve) => made.toBlob(resolve))
}

async function imageOf(svg: string): Promise<HTMLImageElement> {
  const image = new Image()
  image.src = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }))
  await image.decode()
  URL.revokeObjectURL(image.src)
  return image
}
