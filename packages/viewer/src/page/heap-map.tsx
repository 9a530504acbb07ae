/** Arenas row by row, pool by pool: pointed at with the mouse or with the arrow keys. */

import type { PoolMap } from '@reheap/allocator'
import { useRef, useState } from 'preact/hooks'
import type { PythonView } from '../session/messages.ts'
import { useDrawing } from './drawing.ts'
import { bytes, count, counted, hex } from './format.ts'
import { COLOURINGS, type Colouring, drawPools, firstsOf, type Legend, paintOf, stepOf } from './heap-paint.ts'
import { linked, linkedChoice } from './permalink.ts'
import { PoolView } from './pool-view.tsx'
import { theme } from './store.ts'
import { useAnswer } from './use-answer.ts'
import { useWidth } from './use-width.ts'

const colouring = linked('colour', 'class')
/** Address of the pool that was picked. */
export const chosenPool = linkedChoice('pool', '', true)

interface Pool {
  readonly place: number
  readonly address: number
  readonly arena: number
  readonly column: number
}

/** The pool in a column of an arena; null: there is none. */
function poolAt({ arenas, pools, poolBytes }: PoolMap, arena: number, column: number): Pool | null {
  const address = arenas[arena]
  if (address === undefined || column < 0 || column >= (pools[arena] ?? 0)) return null
  return { place: (firstsOf(pools)[arena] ?? 0) + column, address: address + column * poolBytes, arena, column }
}

/** The pool that an address lies in; null: none. */
function poolOf(map: PoolMap, address: number): Pool | null {
  const arena = map.arenas.findLastIndex((first) => first <= address)
  return poolAt(map, arena, Math.floor((address - (map.arenas[arena] ?? 0)) / map.poolBytes))
}

const MOVES: Readonly<Record<string, readonly [arena: number, column: number]>> = {
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
}

export function HeapMap({ view }: { readonly view: PythonView }) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const [pointed, setPointed] = useState<Pool | null>(null)
  const { pools } = view
  const isLight = theme.value === 'light'
  const by = (Object.hasOwn(COLOURINGS, colouring.value) ? colouring.value : 'class') as Colouring
  const answer = useAnswer('facets', by === 'class' || by === 'fill' ? null : { at: view.at, by })
  const facets = answer?.at === view.at ? answer : null
  const paint = paintOf(by, pools, facets, view.at)
  const chosen = chosenPool.value === '' ? null : poolOf(pools, Number(chosenPool.value))
  const told = pointed ?? chosen
  const width = useWidth(canvas)

  useDrawing(() => {
    if (canvas.current !== null && width > 0) drawPools(canvas.current, pools, paint, { width, isLight, marked: told?.place ?? -1 })
  }, [view, by, facets, isLight, told?.place, width])

  const under = (event: MouseEvent): Pool | null => {
    const step = stepOf(pools, width)
    return poolAt(pools, Math.floor(event.offsetY / step), Math.floor(event.offsetX / step))
  }
  const choose = (pool: Pool | null): void => {
    chosenPool.value = pool === null ? '' : String(pool.address)
  }
  const onKey = (event: KeyboardEvent): void => {
    const move = MOVES[event.key]
    if (move !== undefined) {
      const from = told ?? { arena: 0, column: -1 }
      setPointed(poolAt(pools, from.arena + move[0], Math.max(0, from.column + move[1])) ?? pointed)
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
        <span class="quiet">
          {counted(pools.arenas.length, 'arena')}, one a row; each square is a pool of {bytes(pools.poolBytes)}
        </span>
        <LegendView legend={paint.legend} />
      </div>
      <div class="map">
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
      <p class="told" aria-live="polite">
        {told === null ? 'Point at a pool, or walk there with the arrow keys; a click or Enter shows its blocks.' : poolText(view, told)}
      </p>
      {chosen !== null && <PoolView at={view.at} address={chosen.address} bytes={pools.poolBytes} arena={chosen.arena} />}
    </section>
  )
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
      {legend.names.map(({ name, colour, pools }) => (
        <span key={name}>
          <i class="swatch" style={{ background: colour }} /> {name} ({count(pools)})
        </span>
      ))}
    </span>
  )
}

function poolText({ pools }: PythonView, { place, address, arena }: Pool): string {
  const size = pools.blockBytes[place] ?? 0
  const where = `pool ${hex(address)} of arena ${arena}`
  if (size === 0) return `${where}: free`
  const used = pools.used[place] ?? 0
  return `${where}: ${counted(used, 'live block')} of ${size} bytes`
}
