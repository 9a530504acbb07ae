/** The timeline and the map below it as one picture. */

/** Between the two, for a caption. @unit pixels */
const GAP = 30
const MAPS = '#heap, #device, #history, .region canvas'

interface Timeline {
  /** A drawing, as SVG. */
  readonly text: string
  readonly width: number
  readonly height: number
}

/** As fine as the screen is. @param caption of the map */
export async function pictureOf(timeline: Timeline, caption: string): Promise<Blob | null> {
  const maps = [...document.querySelectorAll<HTMLCanvasElement>(MAPS)]
  const scale = Math.max(2, devicePixelRatio)
  const sizeOf = (map: HTMLCanvasElement): readonly [number, number] => [map.width / devicePixelRatio, map.height / devicePixelRatio]
  const made = document.createElement('canvas')
  made.width = scale * Math.max(timeline.width, ...maps.map((map) => sizeOf(map)[0]))
  made.height = scale * maps.reduce((sum, map) => sum + GAP + sizeOf(map)[1], timeline.height)
  const context = made.getContext('2d')
  if (context === null) return null
  const { backgroundColor, color } = getComputedStyle(document.body)
  context.scale(scale, scale)
  context.fillStyle = backgroundColor
  context.fillRect(0, 0, made.width, made.height)
  context.drawImage(await imageOf(timeline.text), 0, 0, timeline.width, timeline.height)
  context.imageSmoothingEnabled = false
  let top = timeline.height
  for (const map of maps) {
    const [width, height] = sizeOf(map)
    context.fillStyle = color
    context.font = '12px system-ui, sans-serif'
    context.fillText(caption, 8, top + 20)
    context.drawImage(map, 0, top + GAP, width, height)
    top += GAP + height
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
