/** The legend of a map on the saved picture: what the page shows beside the map, colour by colour. */

import { FILL_KINDS, type Fill, fillRectangle } from './fill.ts'

/** From one row to the next. @unit pixels */
const ROW = 20
/** Behind a colour, and behind what it stands for. @unit pixels */
const AFTER_MARK = 6
const AFTER_TEXT = 14

/** A colour, or several in a ramp, as the page paints it. */
interface Mark {
  /** @unit pixels */
  readonly width: number
  readonly height: number
  readonly colours: readonly string[]
  /** Null: it has no edge. */
  readonly edge: string | null
  /** How a part of the map is filled that it stands for; null: with the colours. */
  readonly fill: Fill | null
}

interface Entry {
  /** Null: only words. */
  readonly mark: Mark | null
  text: string
}

/** An entry with its place. @unit pixels */
interface Placed extends Entry {
  readonly left: number
  readonly row: number
}

export class PictureLegend {
  readonly #placed: readonly Placed[]
  readonly #ink: string

  /** @param context has the font of the picture @param width at most so wide, in as many rows as that takes */
  constructor(map: Element, context: CanvasRenderingContext2D, width: number) {
    const legend = map.closest('section')?.querySelector('.legend') ?? null
    this.#ink = legend === null ? '' : getComputedStyle(legend).color
    this.#placed = legend === null ? [] : placed(entriesOf(legend), context, width)
  }

  /** Of all rows; 0 where the page shows no legend. @unit pixels */
  get height(): number {
    return ROW * ((this.#placed.at(-1)?.row ?? -1) + 1)
  }

  draw(context: CanvasRenderingContext2D, from: number, top: number): void {
    for (const { mark, text, left: place, row } of this.#placed) {
      const left = from + place
      const middle = top + row * ROW + ROW / 2
      if (mark !== null) drawMark(context, mark, left, middle - mark.height / 2)
      context.fillStyle = this.#ink
      context.fillText(text, left + (mark === null ? 0 : mark.width + AFTER_MARK), middle + 4)
    }
  }
}

/** Words and marks in their order: what follows a mark is what it stands for. */
function entriesOf(legend: Element): readonly Entry[] {
  const entries: Entry[] = []
  const walker = document.createTreeWalker(legend, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT)
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    if (node instanceof HTMLElement && node.tagName === 'I') entries.push({ mark: markOf(node), text: '' })
    else if (node.nodeType === Node.TEXT_NODE) {
      if (entries.length === 0) entries.push({ mark: null, text: '' })
      ;(entries.at(-1) as Entry).text += node.textContent
    }
  }
  return entries.map(({ mark, text }) => ({ mark, text: text.trim() }))
}

function markOf(element: HTMLElement): Mark {
  const { width, height } = element.getBoundingClientRect()
  const { color, backgroundColor, backgroundImage, borderTopWidth, borderTopColor } = getComputedStyle(element)
  const kind = FILL_KINDS.find((each) => each === element.dataset.fill)
  return {
    fill: kind === undefined ? null : { kind, colour: color },
    width,
    height,
    colours: backgroundImage.match(/rgba?\([^)]*\)/g) ?? [backgroundColor],
    edge: Number.parseFloat(borderTopWidth) > 0 ? borderTopColor : null,
  }
}

function placed(entries: readonly Entry[], context: CanvasRenderingContext2D, width: number): readonly Placed[] {
  let [left, row] = [0, 0]
  return entries.map((entry) => {
    const { mark, text } = entry
    const own = (mark === null ? 0 : mark.width + AFTER_MARK) + context.measureText(text).width
    if (left > 0 && left + own > width) [left, row] = [0, row + 1]
    const place = { ...entry, left, row }
    left += own + AFTER_TEXT
    return place
  })
}

function drawMark(context: CanvasRenderingContext2D, { width, height, colours, edge, fill }: Mark, left: number, top: number): void {
  if (fill !== null) {
    fillRectangle(context, fill, left, top, width, height)
    return
  }
  const gradient = context.createLinearGradient(left, 0, left + width, 0)
  for (const [place, colour] of colours.entries()) gradient.addColorStop(place / Math.max(1, colours.length - 1), colour)
  context.fillStyle = gradient
  context.fillRect(left, top, width, height)
  if (edge === null) return
  context.strokeStyle = edge
  context.strokeRect(left + 0.5, top + 0.5, width - 1, height - 1)
}
