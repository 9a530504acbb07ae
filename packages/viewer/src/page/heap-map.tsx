/** Arenas row by row, pool by pool. */
import { useEffect, useRef, useState } from 'preact/hooks'
import type { BlockOrigin, PythonView } from '../session/messages.ts'
import { bytes, count, hex, ramp } from './format.ts'
import { ask } from './session-client.ts'
import { fault, theme } from './store.ts'

const CELL = 14
const GAP = 2

interface Pool {
  readonly place: number
  readonly address: number
  readonly arena: number
}

export function HeapMap({ view }: { readonly view: PythonView }) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const [colouring, setColouring] = useState<'class' | 'fill'>('class')
  const [hovered, setHovered] = useState<Pool | null>(null)
  const [chosen, setChosen] = useState<{ readonly pool: Pool; readonly blocks: readonly BlockOrigin[] } | null>(null)
  const { pools } = view
  const isLight = theme.value === 'light'
  const perRow = pools.pools.reduce((most, each) => Math.max(most, each), 1)
  const firsts = firstsOf(pools.pools)

  useEffect(() => {
    if (canvas.current !== null) draw(canvas.current, view, colouring, perRow, firsts, isLight)
  }, [view, colouring, isLight])
  useEffect(() => setChosen(null), [view])

  const poolAt = (event: MouseEvent): Pool | null => {
    const column = Math.floor(event.offsetX / (CELL + GAP))
    const arena = Math.floor(event.offsetY / (CELL + GAP))
    const address = pools.arenas[arena]
    if (address === undefined || column >= (pools.pools[arena] ?? 0)) return null
    return { place: (firsts[arena] ?? 0) + column, address: address + column * pools.poolBytes, arena }
  }
  const choose = async (pool: Pool | null): Promise<void> => {
    if (pool === null) return setChosen(null)
    try {
      setChosen({ pool, blocks: await ask('pool', { at: view.at, address: pool.address, bytes: pools.poolBytes }) })
    } catch (error) {
      fault.value = (error as Error).message
    }
  }
  const told = hovered ?? chosen?.pool ?? null
  return (
    <section aria-label="heap map">
      <div class="bar">
        <label>
          colour by{' '}
          <select value={colouring} onChange={(event) => setColouring(event.currentTarget.value as 'class' | 'fill')}>
            <option value="class">size class</option>
            <option value="fill">how full</option>
          </select>
        </label>
        <span class="quiet">
          {count(pools.arenas.length)} arenas, one a row; each square is a pool of {bytes(pools.poolBytes)}
        </span>
        <span class="legend">
          {colouring === 'class' ? '16 B' : 'empty'} <i class="ramp" /> {colouring === 'class' ? '512 B' : 'full'}
        </span>
      </div>
      <div class="map">
        <canvas
          ref={canvas}
          aria-label={`${pools.arenas.length} arenas`}
          role="img"
          onMouseMove={(event) => setHovered(poolAt(event))}
          onMouseLeave={() => setHovered(null)}
          onClick={(event) => void choose(poolAt(event))}
        />
      </div>
      <p class="told">{told === null ? 'Point at a pool; click it for its blocks.' : poolText(view, told)}</p>
      {chosen !== null && <Blocks blocks={chosen.blocks} />}
    </section>
  )
}

function Blocks({ blocks }: { readonly blocks: readonly BlockOrigin[] }) {
  return (
    <table>
      <thead>
        <tr>
          <th>block</th>
          <th>address</th>
          <th class="number">bytes</th>
          <th class="number">made by event</th>
          <th>stack</th>
        </tr>
      </thead>
      <tbody>
        {blocks.slice(0, 200).map(({ block, address, bytes: size, born, frames }) => (
          <tr key={block}>
            <td>{block}</td>
            <td>{hex(address)}</td>
            <td class="number">{count(size)}</td>
            <td class="number">{born === null ? 'before the log' : count(born)}</td>
            <td>{frames[0] ?? ''}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function poolText({ pools }: PythonView, { place, address, arena }: Pool): string {
  const size = pools.blockBytes[place] ?? 0
  const where = `pool ${hex(address)} of arena ${arena}`
  return size === 0 ? `${where}: free` : `${where}: ${count(pools.used[place] ?? 0)} live blocks of ${size} bytes`
}

function firstsOf(counts: Uint16Array): readonly number[] {
  let sum = 0
  return Array.from(counts, (each) => {
    sum += each
    return sum - each
  })
}

function draw(
  canvas: HTMLCanvasElement,
  { pools }: PythonView,
  by: 'class' | 'fill',
  perRow: number,
  firsts: readonly number[],
  isLight: boolean,
): void {
  const scale = devicePixelRatio
  const step = CELL + GAP
  const width = perRow * step
  const height = Math.min(pools.arenas.length, 2000) * step
  canvas.width = width * scale
  canvas.height = height * scale
  canvas.style.width = `${width}px`
  canvas.style.height = `${height}px`
  const context = canvas.getContext('2d')
  if (context === null) return
  context.scale(scale, scale)
  for (let arena = 0; arena < Math.min(pools.arenas.length, 2000); arena++) {
    for (let column = 0; column < (pools.pools[arena] ?? 0); column++) {
      const place = (firsts[arena] ?? 0) + column
      const size = pools.blockBytes[place] ?? 0
      const share = by === 'class' ? size / 512 : ((pools.used[place] ?? 0) * size) / pools.poolBytes
      context.fillStyle = size === 0 ? (isLight ? '#e9edf2' : '#1c232e') : ramp(Math.min(1, share))
      context.fillRect(column * step, arena * step, CELL, CELL)
    }
  }
}
