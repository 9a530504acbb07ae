/** The timeline as a drawing that needs no other file: what is on the screen, with its names. */
import type { Curve, Overview } from '../session/messages.ts'
import { momentColour, PANELS } from './colours.ts'
import type { CurveWindow, Values } from './curve-window.ts'
import { counted } from './format.ts'
import { momentKinds, momentsByPixel, type PixelAxis, trackName } from './moments.ts'
import { AREA_OPACITY, areasOf, type Stroke, strokeOf } from './strokes.ts'
import { type Axis, EVENT_AXIS, ticksOf } from './timeline-axis.ts'
import { SCALE_NAMES, type Scale, scalesOf, scaleTicks, tickTexts } from './timeline-scales.ts'
import { LANE, TICK } from './timeline-track.ts'

const WIDTH = 1200
const LEFT = 90
const RIGHT = 80
/** Of one scale at the right, where there are two. */
const SCALE = 60
/** Below the head, and all lanes of the track. */
const TOP = 46 + 4 * LANE
/** Height of the curves. */
const PLOT = 310
const FOOT = TOP + PLOT
/** Names of curves in a row, and from one row to the next. */
const NAMES = 3
const ROW = 20
/** Of a line that shows how a curve is drawn. */
const SAMPLE = 24

/** What is on the screen. */
export interface Drawing {
  readonly log: Overview
  readonly cut: CurveWindow
  readonly range: readonly [number, number]
  readonly axis: Axis
  /** Both ends of a scale. */
  readonly extentOf: (scale: Scale) => readonly [number, number]
  readonly isShown: (curve: Curve) => boolean
  /** Events before the cursor. */
  readonly at: number
  readonly isLight: boolean
}

/** Names of marks are the program's: what XML 1.0 has no room for is left out. */
const escaped = (text: string): string =>
  text
    .replace(/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('"', '&quot;')

/** The drawing, and how large it is. @unit pixels */
export function timelineSvg(drawing: Drawing): { readonly text: string; readonly width: number; readonly height: number } {
  const { log, isLight } = drawing
  const names = namesOf(drawing)
  const height = FOOT + 66 + Math.ceil(names.length / NAMES) * ROW
  const frame = `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" font-family="system-ui, sans-serif" font-size="12">`
  const back = `<rect width="100%" height="100%" fill="${isLight ? PANELS.light : PANELS.dark}"/>`
  const head = text(drawing, LEFT, 26, 'start', `${log.name}: ${counted(log.events, 'event')} of ${log.runtime}`)
  const parts = [head, ...scales(drawing), ...areas(drawing), ...lines(drawing), ...moments(drawing), cursor(drawing), ...names]
  return { text: `${frame}<title>${escaped(log.name)}</title>${back}${parts.join('')}</svg>\n`, width: WIDTH, height }
}

const inkOf = ({ isLight }: Drawing): string => (isLight ? '#57606a' : '#8b95a5')

function text(drawing: Drawing, left: number, top: number, anchor: string, what: string, fill = inkOf(drawing)): string {
  return `<text x="${left.toFixed(1)}" y="${top.toFixed(1)}" text-anchor="${anchor}" fill="${fill}">${escaped(what)}</text>`
}

const rightOf = ({ log }: Drawing): number => WIDTH - RIGHT - SCALE * Math.max(0, scalesOf(log).length - 2)

function xOf(drawing: Drawing, place: number): number {
  const [from, to] = drawing.range.map(drawing.axis.toAxis) as [number, number]
  return LEFT + ((place - from) / (to - from || 1)) * (rightOf(drawing) - LEFT)
}

/** Place on the axis at a pixel. */
function placeOf(drawing: Drawing, x: number): number {
  const [from, to] = drawing.range.map(drawing.axis.toAxis) as [number, number]
  return from + ((x - LEFT) / (rightOf(drawing) - LEFT)) * (to - from)
}

function yOf({ extentOf }: Drawing, value: number, scale: Scale): number {
  const [low, high] = extentOf(scale)
  return FOOT - ((value - low) / (high - low || 1)) * PLOT
}

function scales(drawing: Drawing): readonly string[] {
  const { log, axis, range } = drawing
  const right = rightOf(drawing)
  const { step, places } = ticksOf(axis.toAxis(range[0]), axis.toAxis(range[1]), 10)
  const name = axis === EVENT_AXIS ? 'events' : 'time'
  return [
    ...scalesOf(log).flatMap((scale, column) => scaleLines(drawing, scale, column)),
    ...places.map((place) => text(drawing, xOf(drawing, place), FOOT + 18, 'middle', axis.label(place, step))),
    text(drawing, (LEFT + right) / 2, FOOT + 36, 'middle', name),
  ]
}

/** The first scale stands at the left and has lines through the curves. */
function scaleLines(drawing: Drawing, scale: Scale, column: number): readonly string[] {
  const right = rightOf(drawing)
  const [left, anchor] = column === 0 ? ([LEFT - 8, 'end'] as const) : ([right + 8 + (column - 1) * SCALE, 'start'] as const)
  const ticks = scaleTicks(scale, ...drawing.extentOf(scale))
  const texts = tickTexts(scale, ticks)
  const lines = ticks.map((value, place) => {
    const y = yOf(drawing, value, scale)
    const line = column > 0 ? '' : `<path d="M${LEFT} ${y.toFixed(1)}H${right}" stroke="${inkOf(drawing)}" stroke-opacity="0.25"/>`
    return line + text(drawing, left, y + 4, anchor, texts[place] ?? '')
  })
  return [...lines, text(drawing, left, FOOT + 18, anchor, SCALE_NAMES[scale])]
}

/** Places of a curve's cells: its left edge, and the upper end of each. */
function stepsOf(drawing: Drawing, values: Values, scale: Scale): readonly { readonly x: string; readonly y: string }[] {
  const { cut } = drawing
  return values.flatMap((value, cell) =>
    value === null ? [] : [{ x: xOfEvent(drawing, cut.x[cell] ?? 0), y: yOf(drawing, value, scale).toFixed(1) }],
  )
}

const xOfEvent = (drawing: Drawing, event: number): string =>
  xOf(drawing, drawing.axis.toAxis(Math.max(drawing.range[0], Math.min(drawing.range[1], event)))).toFixed(1)

/** Where a curve ends: with the range, or with its log. */
const endOf = (drawing: Drawing, values: Values): string =>
  xOfEvent(drawing, drawing.cut.x[values.filter((value) => value !== null).length] ?? drawing.range[1])

function areas(drawing: Drawing): readonly string[] {
  const { log, cut, isLight } = drawing
  return areasOf(log.curves, drawing.isShown).map(({ upper, lower }) => {
    const curve = log.curves[upper] as Curve
    const values = cut.max[upper] ?? []
    const down = lower === null ? [] : stepsOf(drawing, cut.max[lower] ?? [], curve.axis)
    const top = stepsOf(drawing, values, curve.axis)
    const end = endOf(drawing, values)
    const forth = top.map(({ x, y }, cell) => `${cell === 0 ? 'M' : 'H'}${x}${cell === 0 ? ' ' : 'V'}${y}`).join('')
    const back = down
      .map(({ y }, cell) => `V${y}H${down[cell]?.x}`)
      .toReversed()
      .join('')
    const foot = down.length === 0 ? `V${FOOT}H${top[0]?.x}` : back
    return `<path d="${forth}H${end}${foot}Z" fill="${strokeOf(log.curves, curve, isLight).colour}" fill-opacity="${AREA_OPACITY}"/>`
  })
}

function lines(drawing: Drawing): readonly string[] {
  const { log, cut, isLight } = drawing
  return log.curves.map((curve, place) => {
    if (!drawing.isShown(curve)) return ''
    const values = cut.max[place] ?? []
    const low = stepsOf(drawing, cut.min[place] ?? [], curve.axis)
    const steps = stepsOf(drawing, values, curve.axis).map(
      ({ x, y }, cell) => `${cell === 0 ? 'M' : 'H'}${x}${cell === 0 ? ' ' : 'V'}${low[cell]?.y ?? y}V${y}`,
    )
    const end = steps.length === 0 ? '' : `H${endOf(drawing, values)}`
    return `<path d="${steps.join('')}${end}" fill="none" ${strokeText(strokeOf(log.curves, curve, isLight))}/>`
  })
}

const strokeText = ({ colour, width, dash }: Stroke): string =>
  `stroke="${colour}" stroke-width="${width}"${dash.length === 0 ? '' : ` stroke-dasharray="${dash.join(' ')}"`}`

/** Each kind in its lane over the curves; an out-of-memory goes down through them. */
function moments(drawing: Drawing): readonly string[] {
  const { log, range, axis, isLight } = drawing
  const pixels: PixelAxis = {
    pixelOf: (event) => xOf(drawing, axis.toAxis(event)),
    eventOf: (pixel) => axis.toEvent(placeOf(drawing, pixel)),
  }
  const kinds = momentKinds(log)
  return kinds.flatMap((kind, lane) => {
    const top = TOP - (kinds.length - lane) * LANE
    return momentsByPixel(log.moments[kind], range[0], range[1], pixels).map(({ index, label }) => {
      const x = pixels.pixelOf(index).toFixed(1)
      const through = kind === 'outOfMemory' ? `<path d="M${x} ${top}V${FOOT}" stroke="${momentColour(kind, isLight)}"/>` : ''
      const tick = `<path d="M${x} ${top}v${TICK.height}" stroke="${momentColour(kind, isLight)}" stroke-width="${TICK.width}"><title>${escaped(label)}</title></path>`
      return through + tick
    })
  })
}

function cursor(drawing: Drawing): string {
  const { at, range, axis, isLight } = drawing
  if (at < range[0] || at > range[1]) return ''
  return `<path d="M${xOf(drawing, axis.toAxis(at)).toFixed(1)} ${TOP}v${PLOT}" stroke="${isLight ? '#1a212b' : '#e6eaf0'}"><title>cursor</title></path>`
}

function namesOf(drawing: Drawing): readonly string[] {
  const { log, isShown, isLight } = drawing
  const curves = log.curves.filter(isShown).map((curve) => ({ label: curve.label, stroke: strokeOf(log.curves, curve, isLight) }))
  const kinds = momentKinds(log).map((kind) => ({
    label: trackName(kind, log),
    stroke: { colour: momentColour(kind, isLight), width: TICK.height, dash: [TICK.width, LANE] },
  }))
  return [...curves, ...kinds].map(({ label, stroke }, place) => {
    const left = LEFT + (place % NAMES) * ((WIDTH - LEFT) / NAMES)
    const y = FOOT + 62 + Math.floor(place / NAMES) * ROW
    const sample = `<line x1="${left}" x2="${left + SAMPLE}" y1="${y - 4}" y2="${y - 4}" ${strokeText(stroke)}/>`
    return sample + text(drawing, left + SAMPLE + 8, y, 'start', label)
  })
}
