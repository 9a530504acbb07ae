/** The timeline and the maps below it as one picture, each map under its caption and its legend. */
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
  const maps = [...document.querySelectorAll<HTMLCanvasElement>(MAPS)].map((map) => ({
    map,
    width: map.width / devicePixelRatio,
    height: map.height / devicePixelRatio,
    legend: new PictureLegend(map, context, timeline.width - 2 * LEFT),
  }))
  const scale = Math.max(2, devicePixelRatio)
  made.width = scale * Math.max(timeline.width, ...maps.map(({ width }) => width))
  made.height = scale * maps.reduce((sum, { legend, height }) => sum + CAPTION + legend.height + height, timeline.height)
  const { backgroundColor, color } = getComputedStyle(document.body)
  context.scale(scale, scale)
  context.fillStyle = backgroundColor
  context.fillRect(0, 0, made.width, made.height)
  context.drawImage(await imageOf(timeline.text), 0, 0, timeline.width, timeline.height)
  context.imageSmoothingEnabled = false
  // A canvas that is given a size forgets all else.
  setFont()
  let top = timeline.height
  for (const { map, width, height, legend } of maps) {
    context.fillStyle = color
    context.fillText(caption, LEFT, top + 20)
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
