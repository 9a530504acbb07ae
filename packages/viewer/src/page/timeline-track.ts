/** The track of moments over the curves: a lane for each kind that a log has. */
import type uPlot from 'uplot'
import { MOMENT_KINDS, type MomentKind, type Overview } from '../session/messages.ts'
import { momentColour } from './colours.ts'
import { count } from './format.ts'
import { firstFrom, momentAt, momentKinds, momentsByPixel, type PixelAxis } from './moments.ts'
import type { Axis } from './timeline-axis.ts'

/** From one lane to the next, and of what stands in it. @unit pixels */
export const LANE = 10
export const TICK = { width: 2, height: 8 } as const

/** Height of all lanes. @unit pixels */
export const trackHeight = (log: Overview): number => LANE * momentKinds(log).length

/** A tick in its lane; an out-of-memory goes down through the curves. @param axis of the screen's own pixels */
export function drawTrack({ ctx, bbox, scales }: uPlot, log: Overview, axis: PixelAxis, { toEvent }: Axis, isLight: boolean): void {
  const [from, to] = [toEvent(scales.x?.min ?? 0), toEvent(scales.x?.max ?? 0)]
  const kinds = momentKinds(log)
  ctx.save()
  kinds.forEach((kind, lane) => {
    const top = bbox.top - (kinds.length - lane) * LANE * devicePixelRatio
    ctx.fillStyle = momentColour(kind, isLight)
    for (const { index } of momentsByPixel(log.moments[kind], from, to, axis)) {
      const left = Math.floor(axis.pixelOf(index))
      ctx.fillRect(left, top, TICK.width * devicePixelRatio, TICK.height * devicePixelRatio)
      if (kind === 'outOfMemory') ctx.fillRect(left, top, devicePixelRatio, bbox.top + bbox.height - top)
    }
  })
  ctx.restore()
}

/** The first moment between two events, in words; null: there is none. */
export function momentBetween({ moments }: Overview, from: number, to: number): string | null {
  const near = MOMENT_KINDS.map((kind: MomentKind) => momentAt(moments[kind], firstFrom(moments[kind], from)))
    .filter((each) => each !== null && each.index <= to)
    .sort((a, b) => (a?.index ?? 0) - (b?.index ?? 0))[0]
  return near ? `${near.label} at event ${count(near.index)}` : null
}
