/** Colours of the heap map. */
import type { PoolMap } from '@reheap/allocator'
import type { PoolFacets } from '../session/explore-messages.ts'
import { colourOf, ramp } from './colours.ts'
import { blankCanvas } from './drawing.ts'

const STEP_MAX = 16
const STEP_MIN = 7
const GAP = 2
/** From one pool to the next, so that an arena fits into a width. @unit pixels */
export const stepOf = ({ pools }: PoolMap, width: number): number =>
  Math.max(STEP_MIN, Math.min(STEP_MAX, Math.floor(width / pools.reduce((largest, each) => Math.max(largest, each), 1))))
/** Arenas that are drawn: a taller picture is more than a browser draws. */
export const ARENAS_MAX = 2000

/** What pools are coloured by. */
export const COLOURINGS = { class: 'size class', fill: 'how full', type: 'type', age: 'age', thread: 'thread' } as const
export type Colouring = keyof typeof COLOURINGS

/** Colours of their own; the rest share one. */
const NAMED_MAX = 7
const OTHER = colourOf(NAMED_MAX)

/** A legend: a ramp between two ends, or named colours. */
export type Legend =
  | { readonly kind: 'ramp'; readonly low: string; readonly high: string }
  | { readonly kind: 'names'; readonly names: readonly { readonly name: string; readonly colour: string; readonly pools: number }[] }

export interface Paint {
  readonly legend: Legend
  /** Colour of a pool with live blocks. */
  readonly colour: (place: number) => string
}

/** @param facets needed by type, age and thread; null: they are awaited */
export function paintOf(by: Colouring, { blockBytes, used, poolBytes }: PoolMap, facets: PoolFacets | null, at: number): Paint {
  const size = (place: number): number => blockBytes[place] ?? 0
  if (by === 'class')
    return { legend: { kind: 'ramp', low: '16 B', high: '512 B' }, colour: (place) => ramp(Math.min(1, size(place) / 512)) }
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
  const nameOf = (value: number): string => (by === 'thread' ? `thread ${value}` : (facets.types[value] ?? 'no object of the log'))
  return namedPaint(facets.column, size, nameOf)
}

function namedPaint(column: Int16Array, size: (place: number) => number, nameOf: (value: number) => string): Paint {
  const pools = new Map<number, number>()
  column.forEach((value, place) => {
    if (size(place) > 0) pools.set(value, (pools.get(value) ?? 0) + 1)
  })
  const ordered = [...pools].sort((a, b) => b[1] - a[1])
  const colours = new Map(ordered.slice(0, NAMED_MAX).map(([value], place) => [value, colourOf(place)]))
  const rest = ordered.slice(NAMED_MAX).reduce((sum, [, many]) => sum + many, 0)
  const names = ordered.slice(0, NAMED_MAX).map(([value, many], place) => ({ name: nameOf(value), colour: colourOf(place), pools: many }))
  return {
    legend: { kind: 'names', names: rest === 0 ? names : [...names, { name: 'others', colour: OTHER, pools: rest }] },
    colour: (place) => colours.get(column[place] ?? -1) ?? OTHER,
  }
}

/** First place of each arena in the columns of pools. */
export function firstsOf(counts: Uint16Array): readonly number[] {
  let sum = 0
  return Array.from(counts, (each) => {
    sum += each
    return sum - each
  })
}

interface Drawn {
  /** @unit pixels */
  readonly width: number
  readonly isLight: boolean
  /** Place of the pool that is pointed at; -1: none. */
  readonly marked: number
}

/** Draws arenas row by row, with a frame around the place that is pointed at. */
export function drawPools(canvas: HTMLCanvasElement, pools: PoolMap, paint: Paint, { width, isLight, marked }: Drawn): void {
  const step = stepOf(pools, width)
  const cell = step - GAP
  const perRow = pools.pools.reduce((largest, each) => Math.max(largest, each), 1)
  const rows = Math.min(pools.arenas.length, ARENAS_MAX)
  const context = blankCanvas(canvas, perRow * step + GAP, rows * step + GAP)
  if (context === null) return
  context.strokeStyle = isLight ? '#111827' : '#f5f7fa'
  const firsts = firstsOf(pools.pools)
  for (let arena = 0; arena < rows; arena++) {
    for (let column = 0; column < (pools.pools[arena] ?? 0); column++) {
      const place = (firsts[arena] ?? 0) + column
      context.fillStyle = (pools.blockBytes[place] ?? 0) === 0 ? (isLight ? '#e9edf2' : '#1c232e') : paint.colour(place)
      context.fillRect(column * step + 1, arena * step + 1, cell, cell)
      if (place === marked) context.strokeRect(column * step + 0.5, arena * step + 0.5, cell + 1, cell + 1)
    }
  }
}
