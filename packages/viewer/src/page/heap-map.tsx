/** Arenas row by row, pool by pool: pointed at with the mouse or with the arrow keys. */

import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import type { PythonView } from '../session/messages.ts'
import { drawnWhole, useDrawing, type WholeMap } from './drawing.ts'
import { bytes, count, counted, hex } from './format.ts'
import { type HeapLayout, heapLayout, type PlacedPool, poolAt, poolOf } from './heap-layout.ts'
import { COLOURINGS, type Colouring, drawPools, heightOf, type Legend, type Paint, paintOf } from './heap-paint.ts'
import { linked, linkedChoice } from './permalink.ts'
import { PoolView } from './pool-view.tsx'
import { heldHeight, keepInSight, scrolledOf, VISIBLE } from './scrolled-map.ts'
import { asked, theme } from './store.ts'
import { useAnswer } from './use-answer.ts'
import { useWidth } from './use-width.ts'

const colouring = linked('colour', 'class')
/** Address of the pool that was picked. */
export const chosenPool = linkedChoice('pool', '', true)

const MOVES: Readonly<Record<string, readonly [arena: number, column: number]>> = {
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
}

export function HeapMap({ view }: { readonly view: PythonView }) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const [pointed, setPointed] = useState<PlacedPool | null>(null)
  const { pools } = view
  const isLight = theme.value === 'light'
  const by = (Object.hasOwn(COLOURINGS, colouring.value) ? colouring.value : 'class') as Colouring
  const answer = useAnswer('facets', by === 'class' || by === 'fill' ? null : { at: asked.value, by })
  const facets = answer?.at === view.at ? answer : null
  const paint = useMemo(() => paintOf(by, pools, facets, view.at), [by, pools, facets])
  const width = useWidth(canvas)
  const layout = useMemo(() => heapLayout(pools, width), [pools, width])
  const height = heightOf(layout, pools.arenas.length)
  const chosen = chosenPool.value === '' ? null : poolOf(layout, Number(chosenPool.value))
  const told = pointed ?? chosen

  const draw = (): void => {
    const shown = canvas.current
    if (shown === null || width === 0) return
    const marked = told?.place ?? -1
    drawPools(shown, layout, paint, { from: scrolledOf(shown), height: Math.min(VISIBLE, height), isLight, marked })
    drawnWhole(shown, () => wholeMap(layout, paint, isLight, marked))
  }
  useDrawing(draw, [layout, paint, isLight, told?.place])
  const show = (pool: PlacedPool | null): void => {
    if (canvas.current !== null && pool !== null) keepInSight(canvas.current, pool.arena * layout.step, layout.step)
  }
  useEffect(() => show(chosen), [chosen?.address, layout.step])

  const under = (event: MouseEvent): PlacedPool | null => {
    const y = event.offsetY + scrolledOf(event.currentTarget as HTMLCanvasElement)
    return poolAt(layout, Math.floor(y / layout.step), Math.floor(event.offsetX / layout.step))
  }
  const choose = (pool: PlacedPool | null): void => {
    chosenPool.value = pool === null ? '' : String(pool.address)
  }
  const onKey = (event: KeyboardEvent): void => {
    const move = MOVES[event.key]
    if (move !== undefined) {
      const from = told ?? { arena: 0, column: -1 }
      const next = poolAt(layout, from.arena + move[0], Math.max(0, from.column + move[1])) ?? pointed
      setPointed(next)
      show(next)
    } else if (event.key === 'Enter') choose(told)
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  return (
    <section aria-label="heap map" data-at={facets?.at}>
      <div class="bar">
        <label>
          colour by{' '}
          <select
            value={by}
            onChange={(event) => {
              colouring.value = event.currentTarget.value
            }}
          >
            {Object.entries(COLOURINGS).map(([key, name]) => (
              <option key={key} value={key}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <span class="quiet">{arenasText(layout)}</span>
        {paint.legend.kind === 'ramp' && <LegendView legend={paint.legend} />}
      </div>
      <div class="map" onScroll={draw}>
        <div class="rows" style={{ height: `${height}px` }}>
          {/* biome-ignore lint/a11y/noInteractiveElementToNoninteractiveRole: a screen reader passes the arrow keys on to an application alone */}
          <canvas
            ref={canvas}
            id="heap"
            tabIndex={0}
            aria-label={`${pools.arenas.length} arenas of ${pools.used.length} pools; arrow keys point at a pool, Enter shows its blocks`}
            role="application"
            onMouseMove={(event) => setPointed(under(event))}
            onMouseLeave={() => setPointed(null)}
            onClick={(event) => choose(under(event))}
            onKeyDown={onKey}
          />
        </div>
      </div>
      {/* It may be of several lines: above the map it would move it. */}
      {paint.legend.kind === 'names' && <LegendView legend={paint.legend} />}
      <p class="told" aria-live="polite">
        {told === null ? 'Point at a pool, or walk there with the arrow keys; a click or Enter shows its blocks.' : poolText(view, told)}
      </p>
      {chosen !== null && <PoolView at={view.at} address={chosen.address} bytes={pools.poolBytes} arena={chosen.arena} />}
    </section>
  )
}

/** Arenas that a saved picture holds: all, or as many as the picture of a browser can. */
const arenasHeld = ({ map, step }: HeapLayout): number => Math.min(map.arenas.length, Math.floor(heldHeight() / step))

/** How many there are, and how many of them a saved picture holds. */
function arenasText(layout: HeapLayout): string {
  const { arenas, poolBytes } = layout.map
  const held = arenasHeld(layout)
  const picture = held === arenas.length ? '' : `; a saved picture holds the first ${count(held)} of them`
  return `${counted(arenas.length, 'arena')}, one a row; each square is a pool of ${bytes(poolBytes)}${picture}`
}

function wholeMap(layout: HeapLayout, paint: Paint, isLight: boolean, marked: number): WholeMap {
  const canvas = document.createElement('canvas')
  const { length } = layout.map.arenas
  const held = arenasHeld(layout)
  drawPools(canvas, layout, paint, { from: 0, height: heightOf(layout, held), isLight, marked })
  return { canvas, leftOut: held === length ? '' : `: the first ${count(held)} of ${counted(length, 'arena')}` }
}

function LegendView({ legend }: { readonly legend: Legend }) {
  if (legend.kind === 'ramp')
    return (
      <span class="legend">
        {legend.low} <i class="ramp" /> {legend.high}
      </span>
    )
  return (
    <span class="legend wrap">
      {legend.names.map(({ name, colour, title }) => (
        <span key={name} title={title}>
          <i class="swatch" style={{ background: colour }} /> {name}
        </span>
      ))}
    </span>
  )
}

function poolText({ pools }: PythonView, { place, address, arena }: PlacedPool): string {
  const size = pools.blockBytes[place] ?? 0
  const where = `pool ${hex(address)} of arena ${arena}`
  if (size === 0) return `${where}: free`
  const used = pools.used[place] ?? 0
  return `${where}: ${counted(used, 'live block')} of ${size} bytes`
}
