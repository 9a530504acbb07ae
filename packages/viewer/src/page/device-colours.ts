/** Colours of the GPU map. */
import type { BlockView, SegmentRow, SegmentView } from '@reheap/device-memory'
import type { DeviceFacets } from '../session/device-messages.ts'
import { colourOf, ramp } from './colours.ts'
import type { Fill } from './fill.ts'
import { bytes } from './format.ts'

/** What blocks are coloured by. */
export const COLOURINGS = { state: 'state', size: 'size', age: 'age', stream: 'stream', owner: 'who asked' } as const
export type Colouring = keyof typeof COLOURINGS

/** Which need that the log is asked. */
export const needsFacets = (by: Colouring): boolean => by === 'age' || by === 'owner'

/** Colours of their own; the rest share one. */
const NAMED_MAX = 7
const solid = (colour: string): Fill => ({ kind: 'solid', colour })
const OTHER = solid(colourOf(NAMED_MAX))
export const freeFill = (isLight: boolean): Fill => ({ kind: 'hatched', colour: isLight ? '#7c8796' : '#76829a' })
export const unmappedFill = (isLight: boolean): Fill => ({ kind: 'dashed', colour: isLight ? '#7c8796' : '#76829a' })

/** Blocks of one colour. */
export interface NamedColour {
  readonly name: string
  readonly fill: Fill
  readonly blocks: number
  readonly bytes: number
}

export interface BlockPaint {
  /** Both ends of a ramp; null: there is none. */
  readonly ramp: readonly [low: string, high: string] | null
  /** The most bytes first; only what occurs. */
  readonly names: readonly NamedColour[]
  /** Of a live block. */
  fillOf(segment: SegmentView, block: BlockView): Fill
}

/** A live block with its segment. */
type Live = readonly [segment: SegmentView, block: BlockView]

/** @param facets null: they are awaited, or the colouring needs none */
export function paintOf(by: Colouring, rows: readonly SegmentRow[], facets: DeviceFacets | null, isLight: boolean): BlockPaint {
  const live = rows.flatMap(({ ranges }) =>
    ranges.flatMap((segment) => segment.blocks.flatMap((block): readonly Live[] => (block.state === 'inactive' ? [] : [[segment, block]]))),
  )
  const paint = livePaint(by, live, facets)
  return { ...paint, names: [...paint.names, ...restOf(rows, isLight)] }
}

function livePaint(by: Colouring, live: readonly Live[], facets: DeviceFacets | null): BlockPaint {
  if (by === 'size') return sizePaint(live)
  if (by === 'stream') return namedPaint(live, ({ stream }) => `stream ${stream}`)
  if (by === 'state') return namedPaint(live, (_, { state }) => (state === 'active_allocated' ? 'allocated' : 'waits for a stream'))
  const places = new Map(
    facets === null ? [] : Array.from(facets.address, (address, place) => [`${facets.device[place]} ${address}`, place]),
  )
  const placeOf = (segment: SegmentView, block: BlockView): number => places.get(`${segment.device} ${block.address}`) ?? -1
  if (facets === null) return { ramp: null, names: [], fillOf: () => OTHER }
  if (by === 'owner') return namedPaint(live, (...one) => facets.owners[facets.owner[placeOf(...one)] ?? -1] ?? 'unknown')
  const bornOf = (...one: Live): number => facets.born[placeOf(...one)] ?? Number.NaN
  const before = live.filter((one) => Number.isNaN(bornOf(...one)))
  return {
    ramp: before.length === live.length ? null : ['old', 'new'],
    names: named('before the log', OTHER, before),
    fillOf: (...one) => (Number.isNaN(bornOf(...one)) ? OTHER : solid(ramp(bornOf(...one) / Math.max(1, facets.at)))),
  }
}

/** By the logarithm of their size: most blocks are small. */
function sizePaint(live: readonly Live[]): BlockPaint {
  const sizes = live.map(([, block]) => block.bytes)
  const least = sizes.reduce((low, each) => Math.min(low, each), Number.POSITIVE_INFINITY)
  const most = sizes.reduce((high, each) => Math.max(high, each), 0)
  const span = Math.log2(most / least) || 1
  return {
    ramp: live.length === 0 ? null : [bytes(least), bytes(most)],
    names: [],
    fillOf: (_, block) => solid(ramp(Math.log2(block.bytes / least) / span)),
  }
}

const sum = (live: readonly Live[]): number => live.reduce((total, [, block]) => total + block.bytes, 0)
const named = (name: string, fill: Fill, live: readonly Live[]): readonly NamedColour[] =>
  live.length === 0 ? [] : [{ name, fill, blocks: live.length, bytes: sum(live) }]

function namedPaint(live: readonly Live[], nameOf: (...one: Live) => string): BlockPaint {
  const groups = new Map<string, Live[]>()
  for (const one of live) {
    const group = groups.get(nameOf(...one))
    if (group === undefined) groups.set(nameOf(...one), [one])
    else group.push(one)
  }
  const ordered = [...groups].sort((a, b) => sum(b[1]) - sum(a[1]))
  const fills = new Map(ordered.slice(0, NAMED_MAX).map(([name], place) => [name, solid(colourOf(place))]))
  return {
    ramp: null,
    names: [
      ...ordered.slice(0, NAMED_MAX).flatMap(([name, own]) => named(name, fills.get(name) ?? OTHER, own)),
      ...named(
        'others',
        OTHER,
        ordered.slice(NAMED_MAX).flatMap(([, own]) => own),
      ),
    ],
    fillOf: (...one) => fills.get(nameOf(...one)) ?? OTHER,
  }
}

/** What is free, and what is not mapped between the ranges of a row. */
function restOf(rows: readonly SegmentRow[], isLight: boolean): readonly NamedColour[] {
  const free = rows.flatMap(({ ranges }) => ranges.flatMap(({ blocks }) => blocks.filter(({ state }) => state === 'inactive')))
  const gaps = rows.map(({ bytes: all, ranges }) => ranges.reduce((left, range) => left - range.bytes, all)).filter((gap) => gap > 0)
  const total = (sizes: readonly number[]): number => sizes.reduce((all, each) => all + each, 0)
  return [
    { name: 'free', fill: freeFill(isLight), blocks: free.length, bytes: total(free.map((block) => block.bytes)) },
    { name: 'not mapped', fill: unmappedFill(isLight), blocks: gaps.length, bytes: total(gaps) },
  ].filter(({ blocks }) => blocks > 0)
}
