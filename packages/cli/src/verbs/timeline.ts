import {
  Collections,
  DeviceTimeline,
  Marks,
  type Names,
  OBJECT_MEASURES,
  Timeline,
  UNCOLLECTED_MEASURES,
  Uncollected,
  UncollectedPeaks,
  USAGE_MEASURES,
} from '@reheap/projections'
import { type Command, Option } from 'commander'
import { left, right } from 'fp-ts/lib/Either.js'
import { isDeviceLog } from '../device/device-input.ts'
import { deviceFigure, drawDevice } from '../device/timeline.ts'
import { HostDrawing, type HostFigure, processFigures, ramFigure } from '../host/host-drawing.ts'
import { type HostOptions, hostOption, hostReplay } from '../host/host-options.ts'
import type { Input } from '../input.ts'
import { type DrawnFile, openFiles, writeFiles } from '../io/drawn-files.ts'
import { STANDARD } from '../io/output.ts'
import type { Outcome, Result } from '../outcome.ts'
import { profilesOf } from '../profiles.ts'
import { runLog, runTitle } from '../run.ts'
import { objectPlotLines } from '../show/object-plot.ts'
import { plotLines } from '../show/plot.ts'
import type { ObjectTimeline, TimelineFigure } from '../show/timeline-figure.ts'
import { forceOption, type LogOptions, logVerb, positiveNumber, profileOption, settle, wholeNumber, withLog } from '../verb.ts'

interface TimelineOptions extends LogOptions, HostOptions {
  readonly view: View
  readonly profile?: string
  readonly width: number
  readonly height: number
  readonly device?: number
  readonly csv?: string
  readonly svg?: string
  readonly force?: boolean
}

/** What a picture shows. */
const VIEWS = ['layers', 'process', 'ram'] as const
type View = (typeof VIEWS)[number]

/** Stretches of the written files; a plot in the terminal has one for each of its columns. */
const POINTS = 1024

const EXAMPLE = `$ reheap timeline hello.arrows --height 10
$ reheap timeline hello.arrows --svg hello.svg --csv hello.csv`

/** `reheap timeline`: how the memory went. */
export const timelineVerb = (): Command =>
  logVerb('timeline <log>', 'plot memory over events: in the terminal, as CSV, as SVG', EXAMPLE)
    .addOption(profileOption())
    .addOption(hostOption())
    .addOption(
      new Option('--view <what>', 'what --svg draws: layers of the allocator, sizes of process 0, or RAM by who has it')
        .choices(VIEWS)
        .default('layers'),
    )
    .option('--width <columns>', 'columns of the plot', positiveNumber, terminalWidth())
    .option('--height <rows>', 'rows of the plot', positiveNumber, 12)
    .option('--device <number>', 'of a device log: show this device only; a picture shows one', wholeNumber)
    .option('--csv <file>', 'write the stretches as CSV; - is standard output')
    .option('--svg <file>', 'write the plot as SVG; - is standard output')
    .addOption(forceOption())
    .action((log: string, options: TimelineOptions) => settle(options, timeline(log, options)))

const terminalWidth = (): number => Math.min(process.stdout.columns ?? 80, 120)

async function timeline(log: string, options: TimelineOptions): Promise<Result<Outcome>> {
  const toStandard = [options.csv, options.svg].filter((name) => name === STANDARD).length
  if (toStandard + (options.json === true ? 1 : 0) > 1)
    return left('standard output takes one of --csv -, --svg - and --json; name files for the others')
  const files = openFiles(options)
  if (files._tag === 'Left') return files
  const worked = await withLog(log, options, (input) => draw(input, options, files.right, toStandard > 0))
  if (worked._tag === 'Left') for (const { output } of files.right) output.abandon()
  return worked
}

async function draw(input: Input, options: TimelineOptions, files: readonly DrawnFile[], isTaken: boolean): Promise<Result<Outcome>> {
  if (isDeviceLog(input)) {
    const drawing = await drawDevice(input, options)
    if (drawing._tag === 'Left') return drawing
    const { figure, outcome } = drawing.right
    const written = await writeFiles(figure, figure, files)
    return written._tag === 'Left' ? written : right(isTaken ? { ...outcome, text: () => '' } : outcome)
  }
  const profiles = profilesOf(input, options.profile)
  if (profiles._tag === 'Left') return profiles
  const named = hostReplay(options)
  if (named._tag === 'Left') return named
  const drawing = new HostDrawing(POINTS)
  const devices = new DeviceTimeline(POINTS)
  const projection = new Timeline(profiles.right.profile.allocator.alignmentBytes, POINTS)
  const collections = new Collections(profiles.right.profile.nanosecondsPerVisit)
  const waiting = new Uncollected()
  const waitingPeaks = new UncollectedPeaks()
  const marks = new Marks()
  const ran = await runLog(input, profiles.right, {
    what: 'timeline',
    host: named.right,
    onHost: drawing.listener,
    onDevices: (index, state) => devices.enter(index, state),
    onFacts: (facts, batch, to) => {
      projection.feed(facts)
      collections.feed(facts)
      marks.feed(batch, to)
      return right(undefined)
    },
    onGarbage: (span) => {
      waiting.add(span)
      waitingPeaks.add(span)
    },
  })
  if (ran._tag === 'Left') return ran
  const { events, profile, placement, names } = ran.right
  const points = projection.points(events)
  const objects: ObjectTimeline | null =
    names.types === 0 ? null : objectTimeline(points, projection, collections, waiting, waitingPeaks, names)
  const host = drawing.tracks(events)
  const layers: TimelineFigure = {
    title: runTitle(input.name, ran.right),
    events,
    points,
    marks: marks.first,
    objects,
    ...(host === null ? {} : { host }),
  }
  if (host === null && options.view !== 'layers')
    return left(`--view ${options.view}: ${input.name} does not say what its machine was; give --host linux-x86_64 to assume one`)
  const below = host === null ? [] : [...processFigures(host, layers), ramFigure(host, layers)]
  const tracks = devices.devices().map((device) => ({ device, peaks: devices.peaks(device), points: devices.points(device, events) }))
  const written = await writeFiles(layers, viewed(options.view, layers, below), files)
  if (written._tag === 'Left') return written
  const isHostOnly = host !== null && projection.usage.peak('heldBytes').value === 0
  const peaks = Object.fromEntries(USAGE_MEASURES.map((measure) => [measure, projection.usage.peak(measure)]))
  return right({
    status: 0,
    json: {
      events,
      profile: profile.name,
      placement,
      peaks,
      marks: marks.first,
      marksTotal: marks.total,
      points,
      ...(objects === null ? {} : { objects }),
      ...(host === null ? {} : { host }),
      ...(tracks.length === 0 ? {} : { devices: tracks }),
    },
    text: () =>
      isTaken
        ? ''
        : [
            ...(isHostOnly ? [layers.title] : plotLines(layers, projection.usage.peak('heldBytes'), options)),
            ...objectPlotLines(layers, options),
            ...below.flatMap(({ figure, peak }) => ['', ...plotLines(figure, peak, options)]),
            ...tracks.flatMap((track) => ['', ...plotLines(deviceFigure(track, layers), track.peaks.reservedBytes, options)]),
          ].join('\n'),
  })
}

/** The figure of a view. */
function viewed(view: View, layers: TimelineFigure, below: readonly HostFigure[]): TimelineFigure {
  const place = view === 'process' ? 0 : below.length - 1
  return view === 'layers' ? layers : (below[place]?.figure ?? layers)
}

function objectTimeline(
  points: TimelineFigure['points'],
  { objects }: Timeline,
  { total, first }: Collections,
  waiting: Uncollected,
  waitingPeaks: UncollectedPeaks,
  names: Names,
): ObjectTimeline {
  const bounds = points.map(({ from }) => from)
  const { born, died, reused } = objects
  return {
    born,
    died,
    reused,
    types: objects.types().map(({ type, ...tally }) => ({ type: names.typeName(type), ...tally })),
    peaks: Object.fromEntries(OBJECT_MEASURES.map((measure) => [measure, objects.peak(measure)])),
    uncollected: {
      peaks: Object.fromEntries(UNCOLLECTED_MEASURES.map((measure) => [measure, waitingPeaks.peak(measure)])),
      objectsMax: waiting.most('objects', bounds),
      bytesMax: waiting.most('bytes', bounds),
      isExact: waiting.width === 1,
    },
    collectionsTotal: total,
    collections: first,
  }
}
