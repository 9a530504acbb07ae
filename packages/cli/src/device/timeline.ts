import { formatCount } from '@reheap/kernel'
import { type DevicePoint, DeviceTimeline, type TimelinePoint } from '@reheap/projections'
import { left, right } from 'fp-ts/lib/Either.js'
import type { Input } from '../input.ts'
import type { Outcome, Result } from '../outcome.ts'
import { type PlotSize, plotLines } from '../show/plot.ts'
import { DEVICE_BANDS, type DeviceTrack, type TimelineFigure } from '../show/timeline-figure.ts'
import { deviceRejection, driverText, loadDevice, replayOf } from './device-input.ts'

interface TimelineOptions extends PlotSize {
  readonly profile?: string | undefined
  /** The one device that is shown. */
  readonly device?: number | undefined
}

const POINTS = 1024
/** Marks that are kept. */
const MARKS = 1000

/** A timeline of devices: one figure for each, and the text and document of all. */
export interface DeviceDrawing {
  /** What files are drawn from: the chosen device's, or the first one's. */
  readonly figure: TimelineFigure
  readonly outcome: Outcome
}

/** Plots the memory of every device over events. */
export async function drawDevice(input: Input, options: TimelineOptions): Promise<Result<DeviceDrawing>> {
  const loaded = await loadDevice(input, { what: 'timeline', profile: options.profile })
  if (loaded._tag === 'Left') return loaded
  const { log, options: used } = loaded.right
  const replay = replayOf(loaded.right)
  const timeline = new DeviceTimeline(POINTS)
  for (let row = 0; row < log.length; row++) {
    const ran = replay.run(row + 1)
    if (ran._tag === 'Left') return left(deviceRejection(input.name, ran.left))
    timeline.enter(row, replay.state)
  }
  const known = timeline.devices()
  const chosen = options.device === undefined ? known : known.filter((device) => device === options.device)
  if (chosen.length === 0)
    return left(
      options.device === undefined
        ? `${input.name}: opens no device, so there is nothing to plot`
        : `--device ${options.device}: ${input.name} holds ${known.length === 0 ? 'no device' : `device ${known.join(', ')}`}`,
    )
  const tracks = chosen.map((device) => ({ device, peaks: timeline.peaks(device), points: timeline.points(device, log.length) }))
  const marks = log.marks.slice(0, MARKS)
  const figures = tracks.map(
    (track): TimelineFigure => ({
      title: `${input.name}: device ${track.device}, ${formatCount(log.length)} events replayed as ${used.profile.name}; ${driverText(used)}`,
      events: log.length,
      points: track.points.map(drawn),
      marks,
      objects: null,
      bands: DEVICE_BANDS,
      devices: tracks,
    }),
  )
  return right({
    figure: figures[0] as TimelineFigure,
    outcome: {
      status: 0,
      json: { events: log.length, profile: used.profile.name, marks, marksTotal: log.marks.length, devices: tracks },
      text: () =>
        figures.flatMap((figure, place) => plotLines(figure, (tracks[place] as DeviceTrack).peaks.reservedBytes, options)).join('\n'),
    },
  })
}

/** A device on the events and marks of a log that holds more than its memory. */
export const deviceFigure = ({ device, points }: DeviceTrack, { events, marks }: TimelineFigure): TimelineFigure => ({
  title: `device ${device}; the driver is simulated`,
  events,
  points: points.map(drawn),
  marks,
  objects: null,
  bands: DEVICE_BANDS,
})

/** A device's layers in the places of the host's: what is reserved is what is held. */
function drawn({ from, to, max, last }: DevicePoint): TimelinePoint {
  const layers = ({ requestedBytes, allocatedBytes, activeBytes, reservedBytes }: DevicePoint['max']): TimelinePoint['max'] => ({
    requestedBytes,
    blockBytes: allocatedBytes,
    arenaBytes: activeBytes,
    cLibraryBytes: 0,
    heldBytes: reservedBytes,
    objects: 0,
    objectBytes: 0,
  })
  return { from, to, max: layers(max), last: layers(last) }
}
