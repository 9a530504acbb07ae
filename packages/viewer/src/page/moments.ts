/** Moments of a log, found by event. */
import { MOMENT_KINDS, type MomentKind, type MomentTrack, type Overview } from '../session/messages.ts'

/** One of them. */
export interface Moment {
  readonly index: number
  readonly label: string
}

/** What a log calls moments of a kind, on the track: beside a what-if they are those of the recording. */
export const trackName = (kind: MomentKind, log: Overview): string =>
  `${momentName(kind, log)}${log.isVaried === true && kind !== 'mark' ? ' (recorded)' : ''}`

/** What a log calls moments of a kind. */
export function momentName(kind: MomentKind, { layer, devices }: Overview): string {
  if (kind === 'outOfMemory') return 'out-of-memory'
  if (kind !== 'region') return kind
  return layer === 'device' ? 'segment' : devices.length === 0 ? 'arena' : 'arena or segment'
}

/** Kinds of which a log has at least one. */
export const momentKinds = ({ moments }: Overview): readonly MomentKind[] => MOMENT_KINDS.filter((kind) => moments[kind].index.length > 0)

/** @param place negative or behind the last: there is none */
export function momentAt({ index, label, labels }: MomentTrack, place: number): Moment | null {
  const event = index[place]
  return event === undefined ? null : { index: event, label: labels[label[place] ?? 0] ?? '' }
}

/** Every moment of a track. */
export const momentsOf = (track: MomentTrack): readonly Moment[] =>
  Array.from(track.index, (index, place) => ({ index, label: track.labels[track.label[place] ?? 0] ?? '' }))

/** Place of the first moment that is not before an event. */
export function firstFrom({ index }: MomentTrack, event: number): number {
  let low = 0
  let high = index.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((index[middle] ?? 0) < event) low = middle + 1
    else high = middle
  }
  return low
}

/** Both ways between events and pixels. */
export interface PixelAxis {
  readonly pixelOf: (event: number) => number
  readonly eventOf: (pixel: number) => number
}

/** Moments from one event to another, of those on one pixel the first: their work is that of pixels, however many moments there are. */
export function momentsByPixel(track: MomentTrack, from: number, to: number, { pixelOf, eventOf }: PixelAxis): readonly Moment[] {
  const found: Moment[] = []
  for (let place = firstFrom(track, from); place < track.index.length; ) {
    const moment = momentAt(track, place)
    if (moment === null || moment.index > to) break
    found.push(moment)
    place = Math.max(place + 1, firstFrom(track, eventOf(Math.floor(pixelOf(moment.index)) + 1)))
  }
  return found
}
