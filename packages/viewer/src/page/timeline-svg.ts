/** The timeline as a drawing that needs no other file: what is on the screen, with its names. */
import { type Curve, MOMENT_KINDS, type MomentKind, type Overview } from '../session/messages.ts'
import type { CurveWindow } from './curve-window.ts'
import { bytes, count, counted } from './format.ts'
import { MOMENT_COLOURS, momentKinds, momentName, momentsByPixel, type PixelAxis } from './moments.ts'
import { type Axis, ticksOf } from './timeline-axis.ts'
import { byteTicks, curveColour, strokeWidth } from './timeline-plot.ts'

const WIDTH = 1200
const LEFT = 90
const RIGHT = 80
/** Of one scale at the right, where there are two. */
const SCALE = 60
const TOP = 46
/** Height of the curves. */
const PLOT = 310
const FOOT = TOP + PLOT
/** Names of curves in a row, and from one row to the next. */
const NAMES = 3
const ROW = 20
const TICK = 8

/** What is on the screen. */
export interface Drawing {
  readonly log: Overview
  readonly cut: CurveWindow
  readonly range: readonly [number, number]
  readonly axis: Axis
  /** Both ends of a scale. */
  readonly extentOf: (scale: Curve['axis']) => readonly [number, number]
  readonly isShown: (curve: Curve) => boolean
  /** Events before the cursor. */
  readonly at: number
  readonly isLight: boolean
}

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')

/** The drawing, and how large it is. @unit pixels */
export function timelineSvg(drawing: Drawing): { readonly text: string; readonly width: number; readonly height: number } {
  const { log, isLight } = drawing
  const names = namesOf(drawing)
  const height = FOOT + 50 + Math.ceil(names.length / NAMES) * ROW
  const frame = `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" font-family="system-ui, sans-serif" font-size="12">`
  const back = `<rect width="100%" height="100%" fill="${isLight ? '#ffffff' : '#161c26'}"/>`
  const head = text(drawing, LEFT, 26, 'start', `${log.name}: ${counted(log.events, 'event')} of ${log.runtime}`)
  const parts = [head, ...scales(drawing), ...moments(drawing), ...lines(drawing), cursor(drawing), ...names]
  return { text: `${frame}<title>${escaped(log.name)}</title>${back}${parts.join('')}</svg>\n`, width: WIDTH, height }
}

const inkOf = ({ isLight }: Drawing): string => (isLight ? '#57606a' : '#8b95a5')

function text(drawing: Drawing, left: number, top: number, anchor: string, what: string, fill = inkOf(drawing)): string {
  return `<text x="${left.toFixed(1)}" y="${top.toFixed(1)}" text-anchor="${anchor}" fill="${fill}">${escaped(what)}</text>`
}

/** Scales at the right. */
const atRight = ({ log }: Drawing): readonly Curve['axis'][] =>
  (['count', 'gpu'] as const).filter((scale) => log.curves.some(({ axis }) => axis === scale))
const rightOf = (drawing: Drawing): number => WIDTH - RIGHT - (atRight(drawing).length > 1 ? SCALE : 0)

function xOf(drawing: Drawing, place: number): number {
  const [from, to] = drawing.range.map(drawing.axis.toAxis) as [number, number]
  return LEFT + ((place - from) / (to - from || 1)) * (rightOf(drawing) - LEFT)
}

/** Place on the axis at a pixel. */
function placeOf(drawing: Drawing, x: number): number {
  const [from, to] = drawing.range.map(drawing.axis.toAxis) as [number, number]
  return from + ((x - LEFT) / (rightOf(drawing) - LEFT)) * (to - from)
}

function yOf({ extentOf }: Drawing, value: number, scale: Curve['axis']): number {
  const [low, high] = extentOf(scale)
  return FOOT - ((value - low) / (high - low || 1)) * PLOT
}

function scales(drawing: Drawing): readonly string[] {
  const { axis, range, extentOf } = drawing
  const right = rightOf(drawing)
  const { step, places } = ticksOf(axis.toAxis(range[0]), axis.toAxis(range[1]), 10)
  const levels = byteTicks(...extentOf('bytes')).map((value) => {
    const y = yOf(drawing, value, 'bytes')
    return `<path d="M${LEFT} ${y.toFixed(1)}H${right}" stroke="${inkOf(drawing)}" stroke-opacity="0.25"/>${text(drawing, LEFT - 8, y + 4, 'end', bytes(value))}`
  })
  const others = atRight(drawing).flatMap((scale, column) => {
    const [low, high] = extentOf(scale)
    const ticks = scale === 'gpu' ? byteTicks(low, high) : ticksOf(low, high, 5).places
    const shown = scale === 'gpu' ? bytes : count
    return ticks.map((value) => text(drawing, right + 8 + column * SCALE, yOf(drawing, value, scale) + 4, 'start', shown(value)))
  })
  return [...levels, ...others, ...places.map((place) => text(drawing, xOf(drawing, place), FOOT + 18, 'middle', axis.label(place, step)))]
}

function lines(drawing: Drawing): readonly string[] {
  const { log, cut, axis, range, isShown } = drawing
  const x = (event: number): string => xOf(drawing, axis.toAxis(Math.max(range[0], Math.min(range[1], event)))).toFixed(1)
  return log.curves.map((curve, place) => {
    if (!isShown(curve)) return ''
    const y = (value = 0): string => yOf(drawing, value, curve.axis).toFixed(1)
    const steps = cut.x.map((event, cell) => {
      const [low, high] = [y(cut.min[place]?.[cell]), y(cut.max[place]?.[cell])]
      return `${cell === 0 ? 'M' : 'H'}${x(event)}${cell === 0 ? ' ' : 'V'}${low}V${high}`
    })
    const dash = curve.isBeside === true ? ' stroke-dasharray="8 4"' : curve.unit === 'count' ? ' stroke-dasharray="4 3"' : ''
    return `<path d="${steps.join('')}H${x(range[1])}" fill="none" stroke="${curveColour(log, curve)}" stroke-width="${strokeWidth(curve)}"${dash}/>`
  })
}

/** Collections and marks hang from the top, arenas and segments stand below, an out-of-memory goes through all. */
function moments(drawing: Drawing): readonly string[] {
  const { log, range, axis } = drawing
  const height: Readonly<Record<MomentKind, string>> = {
    mark: `${TOP}v${TICK}`,
    collection: `${TOP}v${TICK}`,
    region: `${FOOT}v${-TICK}`,
    outOfMemory: `${TOP}v${PLOT}`,
  }
  const pixels: PixelAxis = {
    pixelOf: (event) => xOf(drawing, axis.toAxis(event)),
    eventOf: (pixel) => axis.toEvent(placeOf(drawing, pixel)),
  }
  return MOMENT_KINDS.flatMap((kind) =>
    momentsByPixel(log.moments[kind], range[0], range[1], pixels).map(({ index, label }) => {
      const x = pixels.pixelOf(index).toFixed(1)
      return `<path d="M${x} ${height[kind]}" stroke="${MOMENT_COLOURS[kind]}"><title>${escaped(label)}</title></path>`
    }),
  )
}

function cursor(drawing: Drawing): string {
  const { at, range, axis, isLight } = drawing
  if (at < range[0] || at > range[1]) return ''
  return `<path d="M${xOf(drawing, axis.toAxis(at)).toFixed(1)} ${TOP}v${PLOT}" stroke="${isLight ? '#1a212b' : '#e6eaf0'}"><title>cursor</title></path>`
}

function namesOf(drawing: Drawing): readonly string[] {
  const { log, isShown } = drawing
  const names: readonly (readonly [label: string, colour: string])[] = [
    ...log.curves
      .filter(isShown)
      .map((curve) => [`${curve.isBeside === true ? '┅' : '■'} ${curve.label}`, curveColour(log, curve)] as const),
    ...momentKinds(log).map((kind) => [`┃ ${momentName(kind, log)}`, MOMENT_COLOURS[kind]] as const),
  ]
  return names.map(([label, colour], place) => {
    const left = LEFT + (place % NAMES) * ((WIDTH - LEFT) / NAMES)
    return text(drawing, left, FOOT + 46 + Math.floor(place / NAMES) * ROW, 'start', label, colour)
  })
}
