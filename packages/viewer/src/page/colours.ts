/** Colours of curves, moments and maps: told apart by most eyes, and each with contrast enough to what it is drawn on. */
import type { Curve, MomentKind } from '../session/messages.ts'

/** What curves are drawn on. */
export const PANELS = { light: '#ffffff', dark: '#161c26' } as const

type Pair = readonly [light: string, dark: string]
const ofTheme = ([light, dark]: Pair, isLight: boolean): string => (isLight ? light : dark)

/** By the layer: `*` stands for a device or a process. The layers of a GPU, which lie within each other, go from one to the next. */
export const CURVE_COLOURS: Readonly<Record<string, Pair>> = {
  requestedBytes: ['#2095f3', '#39ceff'],
  blockBytes: ['#1847a8', '#166dbd'],
  arenaBytes: ['#b08d00', '#ffb600'],
  cLibraryBytes: ['#e64db2', '#9d99a0'],
  heldBytes: ['#1e1842', '#f2fbff'],
  objects: ['#8f6900', '#fbff5e'],
  objectBytes: ['#42594c', '#d48800'],
  'residentBytes*': ['#048773', '#37e5ae'],
  'heapBytes*': ['#273c61', '#07796d'],
  'mappedBytes*': ['#651404', '#cc2809'],
  'swapBytes*': ['#544eea', '#728eff'],
  'requestedBytes*': ['#a17d00', '#f7d94c'],
  'allocatedBytes*': ['#2f6b2f', '#5fc46f'],
  'activeBytes*': ['#0082a3', '#1f8fa8'],
  'reservedBytes*': ['#4a2fa8', '#9a86ff'],
}
const UNKNOWN: Pair = ['#5b6675', '#8b95a5']

/** The layer that a curve is of, whatever the device or the process. */
export const layerOf = ({ key }: Pick<Curve, 'key'>): string => key.replace(/\d+$/, '*')

/** The same in every log; a curve that stands beside has that of the log's own. */
export const curveColour = (curve: Pick<Curve, 'key'>, isLight: boolean): string =>
  ofTheme(CURVE_COLOURS[layerOf(curve)] ?? UNKNOWN, isLight)

export const MOMENT_COLOURS: Readonly<Record<MomentKind, Pair>> = {
  mark: ['#1a212b', '#e6eaf0'],
  collection: ['#a3007f', '#ff9de2'],
  region: ['#00736a', '#7fd6c6'],
  outOfMemory: ['#d1002f', '#ff4d6a'],
}

export const momentColour = (kind: MomentKind, isLight: boolean): string => ofTheme(MOMENT_COLOURS[kind], isLight)

/** Of categories, seen in both themes. */
export const CATEGORIES = ['#0184ff', '#ff8a00', '#05825d', '#d258ac', '#5f31cf', '#e0281a', '#77acff', '#c9a29a'] as const
export const colourOf = (place: number): string => CATEGORIES[place % CATEGORIES.length] ?? CATEGORIES[0]

/** Each lighter than the one before; the stylesheet's `.ramp` shows them too. */
export const RAMP = ['#3b5998', '#2a8a97', '#4fb47b', '#a5cf52', '#f0e35a'] as const

const channels = (colour: string): readonly number[] => [1, 3, 5].map((place) => Number.parseInt(colour.slice(place, place + 2), 16))

/** A colour for a value from 0 to 1: the more, the lighter. */
export function ramp(share: number): string {
  const place = Math.max(0, Math.min(1, share)) * (RAMP.length - 1)
  const low = Math.min(RAMP.length - 2, Math.floor(place))
  const [from, to] = [channels(RAMP[low] ?? ''), channels(RAMP[low + 1] ?? '')]
  return `rgb(${from.map((value, channel) => Math.round(value + ((to[channel] ?? 0) - value) * (place - low))).join(' ')})`
}
