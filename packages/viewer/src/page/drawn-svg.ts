/** A drawing of the page as one that needs no other file. */

/** What the page's styles may set. */
const STYLES = ['fill', 'stroke', 'stroke-width', 'opacity', 'font-family', 'font-size', 'font-weight', 'text-anchor']

interface Drawn {
  readonly text: string
  /** @unit pixels, as on the page */
  readonly width: number
  readonly height: number
}

/** With every style in its place, on the page's own background; where it leads is left out. */
export function drawnSvg(drawing: SVGSVGElement): Drawn {
  const { width, height } = drawing.getBoundingClientRect()
  const made = drawing.cloneNode(true) as SVGSVGElement
  const [own, copies] = [drawing, made].map((root) => [root, ...root.querySelectorAll('*')]) as [Element[], Element[]]
  for (const [place, copy] of copies.entries()) {
    const style = getComputedStyle(own[place] as Element)
    for (const name of STYLES) copy.setAttribute(name, style.getPropertyValue(name))
    for (const name of ['class', 'style', 'href']) copy.removeAttribute(name)
  }
  made.setAttribute('width', String(width))
  made.setAttribute('height', String(height))
  const back = document.createElementNS(made.namespaceURI, 'rect')
  for (const name of ['width', 'height']) back.setAttribute(name, '100%')
  back.setAttribute('fill', getComputedStyle(drawing.closest('.views') ?? document.body).backgroundColor)
  made.prepend(back)
  return { text: `${new XMLSerializer().serializeToString(made)}\n`, width, height }
}
