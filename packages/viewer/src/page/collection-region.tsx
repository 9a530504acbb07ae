/** The region of a collection: a square for each object, pointed at with the mouse or walked through with the arrow keys. */
import { useEffect, useRef, useState } from 'preact/hooks'
import type { SearchedObject } from '../session/explore-messages.ts'
import { CELLS, type CellKind, type Step } from './collection-story.ts'
import { blankCanvas, drawnWhole, useDrawing, type WholeMap } from './drawing.ts'
import { count } from './format.ts'
import { heldHeight, keepInSight, scrolledOf } from './scrolled-map.ts'
import { theme } from './store.ts'
import { useWidth } from './use-width.ts'

const CELL = 9
/** The height that is seen at once, as the style says. @unit pixels */
const VISIBLE = 220

const COLOURS: Readonly<Record<CellKind, string>> = {
  open: '#848c9a',
  held: '#1b6fe0',
  reached: '#e0a100',
  garbage: '#c2184a',
  gone: 'transparent',
}
const WORDS: Readonly<Record<CellKind, string>> = {
  open: 'not yet told apart',
  held: 'held from outside',
  reached: 'reached from a held one',
  garbage: 'garbage',
  gone: 'gone',
}

/** Where a key leads from a square; null: nowhere. */
function beside(key: string, from: number, perRow: number, squares: number): number | null {
  if (key === 'Home') return 0
  if (key === 'End') return squares - 1
  const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -perRow, ArrowDown: perRow }[key]
  if (step === undefined) return null
  if (from < 0) return 0
  const to = from + step
  return to < 0 || to >= squares ? from : to
}

export function Region({ step }: { readonly step: Step }) {
  const { search } = step
  const canvas = useRef<HTMLCanvasElement>(null)
  const [pointed, setPointed] = useState(-1)
  const isLight = theme.value === 'light'
  const width = useWidth(canvas)
  const perRow = Math.max(1, Math.floor(width / CELL))
  const height = Math.ceil(search.length / perRow) * CELL
  const paint = (): void => {
    const shown = canvas.current
    if (shown === null || width === 0) return
    const squares: Squares = { step, perRow, isLight, pointed }
    drawSquares(shown, squares, scrolledOf(shown), Math.min(VISIBLE, height))
    drawnWhole(shown, () => wholeRegion(squares))
  }
  useDrawing(paint, [step, isLight, width, pointed])
  useEffect(() => setPointed(-1), [search])
  const under = (event: MouseEvent): number => {
    const y = event.offsetY + scrolledOf(event.currentTarget as HTMLCanvasElement)
    return Math.floor(y / CELL) * perRow + Math.min(perRow - 1, Math.floor(event.offsetX / CELL))
  }
  const onKey = (event: KeyboardEvent): void => {
    const next = beside(event.key, pointed, perRow, search.length)
    if (next === null) return
    setPointed(next)
    keepInSight(event.currentTarget as HTMLCanvasElement, Math.floor(next / perRow) * CELL, CELL)
    event.preventDefault()
    event.stopPropagation()
  }
  const kinds = new Set(search.map(step.cellOf))
  return (
    <>
      <div class="region" onScroll={paint}>
        <div class="rows" style={{ height: `${height}px` }}>
          {/* biome-ignore lint/a11y/noInteractiveElementToNoninteractiveRole: a screen reader passes the arrow keys on to an application alone */}
          <canvas
            ref={canvas}
            role="application"
            tabIndex={0}
            aria-label={`${count(search.length)} objects of the region; arrow keys point at one, and they are listed below`}
            onMouseMove={(event) => setPointed(under(event))}
            onMouseLeave={() => setPointed(-1)}
            onKeyDown={onKey}
          />
        </div>
      </div>
      <p class="told square" aria-live="polite">
        {search[pointed] === undefined ? 'Point at a square, or walk there with the arrow keys.' : squareText(search[pointed], step)}
      </p>
      <p class="legend left">
        {CELLS.filter((cell) => kinds.has(cell)).map((cell) => (
          <span key={cell}>
            <i class={`swatch cell-${cell}`} /> {WORDS[cell]}
          </span>
        ))}
      </p>
    </>
  )
}

function squareText(searched: SearchedObject, step: Step): string {
  const { object, type, count: references, held } = searched
  return `${type} ${object ?? 'of an instance'}: count ${count(references)}, ${count(held)} of them from outside; ${WORDS[step.cellOf(searched)]}`
}

interface Squares {
  readonly step: Step
  readonly perRow: number
  readonly isLight: boolean
  /** Place of the square that is pointed at; -1: none. */
  readonly pointed: number
}

/** Draws the squares that are in sight. @units pixels */
function drawSquares(canvas: HTMLCanvasElement, { step, perRow, isLight, pointed }: Squares, from: number, height: number): void {
  const context = blankCanvas(canvas, perRow * CELL, Math.max(1, height))
  if (context === null) return
  const first = Math.floor(from / CELL)
  const last = Math.min(step.search.length, (Math.ceil((from + height) / CELL) + 1) * perRow)
  for (let place = first * perRow; place < last; place++) {
    const [x, y] = [(place % perRow) * CELL, Math.floor(place / perRow) * CELL - from]
    const cell = step.cellOf(step.search[place] as SearchedObject)
    context.fillStyle = COLOURS[cell]
    context.strokeStyle = place === pointed ? (isLight ? '#111827' : '#f5f7fa') : isLight ? '#c3cad4' : '#3a4556'
    context.fillRect(x, y, CELL - 2, CELL - 2)
    if (cell === 'gone' || place === pointed) context.strokeRect(x + 0.5, y + 0.5, CELL - 3, CELL - 3)
  }
}

/** All squares, or as many as a saved picture can have. */
function wholeRegion(squares: Squares): WholeMap {
  const canvas = document.createElement('canvas')
  const { step, perRow } = squares
  const rows = Math.ceil(step.search.length / perRow)
  const held = Math.min(rows, Math.floor(heldHeight() / CELL))
  drawSquares(canvas, squares, 0, held * CELL)
  const leftOut = held === rows ? '' : `: the first ${count(held * perRow)} of ${count(step.search.length)} objects`
  return { canvas, leftOut }
}
