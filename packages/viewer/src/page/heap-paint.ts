/** Colours of the heap map. */
import type { PoolMap } from '@reheap/allocator'
import { BEFORE_LOG, EMPTY, NO_OBJECT, type PoolFacets } from '../session/explore-messages.ts'
import { colourOf, ramp } from './colours.ts'
import { blankCanvas } from './drawing.ts'
import { bytes, count, counted } from './format.ts'
import type { HeapLayout } from './heap-layout.ts'

/** Between two pools. @unit pixels */
const GAP = 2
/** Largest block that lies in a pool. @unit bytes */
const CLASS_MAX = 512

/** What pools are coloured by. */
export const COLOURINGS = { class: 'size class', fill: 'how full', type: 'type', age: 'age', thread: 'thread' } as const
export type Colouring = keyof typeof COLOURINGS

/** Colours of their own; the rest share one. */
const NAMED_MAX = 7
const OTHER = colourOf(NAMED_MAX)

/** A legend: a ramp between two ends, or named colours. */
export type Legend =
  | { readonly kind: 'ramp'; readonly low: string; readonly high: string }
  | { readonly kind: 'names'; readonly names: readonly LegendName[] }

interface LegendName {
  readonly name: string
  readonly colour: string
  /** What of the map it stands for, in more words than a legend has room for. */
  readonly title: string
}

export interface Paint {
  readonly legend: Legend
  /** Colour of a pool with live blocks. */
  readonly colour: (place: number) => string
}

/** @param facets needed by type, age and thread; null: they are awaited */
export function paintOf(by: Colouring, { blockBytes, used, poolBytes }: PoolMap, facets: PoolFacets | null, at: number): Paint {
  const size = (place: number): number => blockBytes[place] ?? 0
  if (by === 'class') return classPaint(blockBytes, used)
  if (by === 'fill')
    return {
      legend: { kind: 'ramp', low: 'empty', high: 'full' },
      colour: (place) => ramp(Math.min(1, ((used[place] ?? 0) * size(place)) / poolBytes)),
    }
  if (facets === null) return { legend: { kind: 'names', names: [] }, colour: () => OTHER }
  if (by === 'age')
    return {
      legend: { kind: 'ramp', low: 'old', high: 'new' },
      colour: (place) => (Number.isNaN(facets.born[place]) ? OTHER : ramp(Math.min(1, (facets.born[place] ?? 0) / Math.max(1, at)))),
    }
  const nameOf = (value: number): string => {
    if (value === BEFORE_LOG) return 'before the log'
    if (value === NO_OBJECT) return 'no object of the log'
    return by === 'thread' ? `thread ${value}` : (facets.types[value] ?? '')
  }
  return namedPaint(facets.column, size, nameOf)
}

/** The classes that occur, each with its pools and what is live in them. */
function classPaint(blockBytes: Uint16Array, used: Uint16Array): Paint {
  const pools = new Uint32Array(CLASS_MAX + 1)
  const live = new Float64Array(CLASS_MAX + 1)
  for (let place = 0; place < blockBytes.length; place++) {
    const size = blockBytes[place] ?? 0
    pools[size] = (pools[size] ?? 0) + 1
    live[size] = (live[size] ?? 0) + size * (used[place] ?? 0)
  }
  const colourBy = (size: number): string => ramp(Math.min(1, size / CLASS_MAX))
  const names = Array.from(pools, (many, size) => ({ many, size }))
    .filter(({ many, size }) => many > 0 && size > 0)
    .map(({ many, size }) => ({
      name: `${size} B`,
      colour: colourBy(size),
      title: `${counted(many, 'pool')}, ${bytes(live[size] ?? 0)} live`,
    }))
  return { legend: { kind: 'names', names }, colour: (place) => colourBy(blockBytes[place] ?? 0) }
}

const legendOf = (name: string, colour: string, pools: number): LegendName => ({
  name: `${name} (${count(pools)})`,
  colour,
  title: counted(pools, 'pool'),
})

function namedPaint(column: Int32Array, size: (place: number) => number, nameOf: (value: number) => string): Paint {
  const pools = new Map<number, number>()
  column.forEach((value, place) => {
    if (size(place) > 0) pools.set(value, (pools.get(value) ?? 0) + 1)
  })
  const ordered = [...pools].sort((a, b) => b[1] - a[1])
  const colours = new Map(ordered.slice(0, NAMED_MAX).map(([value], place) => [value, colourOf(place)]))
  const rest = ordered.slice(NAMED_MAX).reduce((sum, [, many]) => sum + many, 0)
  const names = ordered.slice(0, NAMED_MAX).map(([value, many], place) => legendOf(nameOf(value), colourOf(place), many))
  return {
    legend: { kind: 'names', names: rest === 0 ? names : [...names, legendOf('others', OTHER, rest)] },
    colour: (place) => colours.get(column[place] ?? EMPTY) ?? OTHER,
  }
}

/** The part that is drawn, and how. */
interface Drawn {
  /** What is seen. @unit pixels */
  readonly from: number
  readonly height: number
  readonly isLight: boolean
  /** Place of the pool that is pointed at; -1: none. */
  readonly marked: number
}

/** Height of so many arenas. @unit pixels */
export const heightOf = ({ step }: HeapLayout, arenas: number): number => arenas * step + GAP

/** Draws the arenas between two heights row by row, with a frame around the place that is pointed at. */
export function drawPools(canvas: HTMLCanvasElement, layout: HeapLayout, paint: Paint, { from, height, isLight, marked }: Drawn): void {
  const { map, firsts, columns, step } = layout
  const cell = step - GAP
  const context = blankCanvas(canvas, columns * step + GAP, height)
  if (context === null) return
  context.translate(0, -from)
  context.strokeStyle = isLight ? '#111827' : '#f5f7fa'
  const end = Math.min(map.arenas.length, Math.ceil((from + height) / step))
  for (let arena = Math.floor(from / step); arena < end; arena++) {
    for (let column = 0; column < (map.pools[arena] ?? 0); column++) {
      const place = (firsts[arena] ?? 0) + column
      context.fillStyle = (map.blockBytes[place] ?? 0) === 0 ? (isLight ? '#e9edf2' : '#1c232e') : paint.colour(place)
      context.fillRect(column * step + 1, arena * step + 1, cell, cell)
      if (place === marked) context.strokeRect(column * step + 0.5, arena * step + 0.5, cell + 1, cell + 1)
    }
  }
}
