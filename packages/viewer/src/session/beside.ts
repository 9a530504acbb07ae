/** A log beside itself under other profiles and settings, or beside another log: all figures come from the machine's comparisons. */
import type { FirstFit } from '@reheap/device-memory'
import { formatCount } from '@reheap/kernel'
import {
  DEVICE_KEYS,
  DEVICE_RUNTIME,
  DeviceLog,
  type DeviceReplayOptions,
  type DeviceSummary,
  deviceDifference,
  deviceSummary,
  deviceVariations,
  deviceWhatIf,
  Foresight,
  HeapSummarizer,
  type HeapSummary,
  heapDifference,
  KNOWN_KEYS,
  type LoggedStart,
  profileOfRuntime,
  variationsOf,
  WhatIf,
} from '@reheap/machine'
import type { DeviceTimeline } from '@reheap/projections'
import type { BesideAnswers, BesideRequests, CompareAnswer, VaryKey, WhatIfAnswer } from './beside-messages.ts'
import { BESIDE_POINTS, deviceCurves, heapCurves, isEverHeld } from './curves.ts'
import { HostCurves } from './host-curves.ts'
import { profileOfLog } from './log-profile.ts'
import { type LogStore, readLog } from './log-store.ts'
import type { Steps } from './steps.ts'
import { inSteps } from './stepwise.ts'
import { varyValues } from './vary-values.ts'

type Tell = (progress: string) => void

/** Is it a request of this kind? */
export const isBeside = (kind: string): kind is keyof BesideRequests => kind === 'varyKeys' || kind === 'whatIf' || kind === 'compare'

/** Answers about the open log. @throws a line for people */
export async function answerBeside<K extends keyof BesideRequests>(
  log: LogStore,
  kind: K,
  value: BesideRequests[K],
  tell: Tell,
): Promise<BesideAnswers[keyof BesideAnswers]> {
  if (kind === 'varyKeys') return varyKeys(log)
  if (kind === 'whatIf') return inSteps(whatIf(log, (value as BesideRequests['whatIf']).vary, tell))
  const { file, name } = value as BesideRequests['compare']
  const other = must(await readLog(file, name, (events) => tell(`read: ${formatCount(events)} events`)))
  return inSteps(compare(log, other, tell))
}

const isDevice = ({ header }: LogStore): boolean => header.runtime.name === DEVICE_RUNTIME

const varyKeys = (log: LogStore): readonly VaryKey[] =>
  (isDevice(log) ? DEVICE_KEYS : KNOWN_KEYS).map((key) => ({ key, values: varyValues(isDevice(log), key) }))

function* whatIf(log: LogStore, vary: readonly string[], tell: Tell): Steps<WhatIfAnswer> {
  if (isDevice(log)) return deviceAnswer(log, vary, tell)
  const recorded = must(profileOfLog(log))
  const { collector: start } = log.header as { readonly collector?: LoggedStart }
  const variations = must(variationsOf(vary, recorded))
  const hosts = Array.from({ length: variations.length + 1 }, () => new HostCurves(BESIDE_POINTS))
  // What a script's log tells late is known to every row, as the command has it.
  const foresight = new Foresight()
  if (start !== undefined) for (const batch of log.batches) foresight.feed(batch)
  const compared = new WhatIf({
    recorded,
    start,
    variations,
    foresight,
    points: BESIDE_POINTS,
    onHost: (row) => (hosts[row] as HostCurves).listener,
  })
  for (const batch of log.batches) {
    const fed = compared.feed(batch)
    if (fed._tag === 'Left') throw new Error(impossible(fed.left.row, fed.left.rejected))
    tell(`replayed: ${formatCount(batch.firstIndex + batch.length)} events`)
    yield
  }
  const rows = compared.rows()
  if (rows._tag === 'Left') throw new Error(`${log.name}: ${rows.left}`)
  return {
    layer: 'python',
    vary,
    rows: rows.right,
    names: compared.names(),
    partings: rows.right.map(({ firstParting }) => firstParting),
    curves: compared.variants.map(({ timeline }, row) =>
      [...heapCurves(timeline, log.length), ...(hosts[row] as HostCurves).curves(log.length)].filter(isEverHeld),
    ),
  }
}

function deviceAnswer(log: LogStore, vary: readonly string[], tell: Tell): WhatIfAnswer {
  const { options, rows: held } = deviceOptions(log, true)
  const variations = must(deviceVariations(vary, options.profile))
  const onProgress = (row: number): void => tell(`replayed: ${formatCount(row)} events`)
  const compared = deviceWhatIf(held.parts(), { options, variations, points: BESIDE_POINTS, onProgress })
  if (compared._tag === 'Left') throw new Error(impossible(compared.left.row, compared.left.rejected))
  const { rows, timelines } = compared.right
  return {
    layer: 'device',
    vary,
    rows,
    names: rows.map(({ name }) => name),
    partings: rows.map(({ firstParting }) => firstParting),
    curves: timelines.map((timeline) => deviceCurves(timeline, log.length)),
  }
}

function* compare(log: LogStore, other: LogStore, tell: Tell): Steps<CompareAnswer> {
  if (isDevice(log) !== isDevice(other)) {
    const words = (each: LogStore): string => (isDevice(each) ? 'a GPU' : 'an interpreter')
    throw new Error(`${other.name}: is a log of ${words(other)}, and ${log.name} one of ${words(log)}; open two of the same kind`)
  }
  if (isDevice(log)) return compareDevices(log, other, tell)
  const before = yield* heapSummary(log, 2, tell)
  const after = yield* heapSummary(other, BESIDE_POINTS, tell)
  return {
    layer: 'python',
    difference: heapDifference(before.summary, after.summary),
    curves: heapCurves(after.timeline, other.length).filter(isEverHeld),
    events: other.length,
  }
}

function compareDevices(log: LogStore, other: LogStore, tell: Tell): CompareAnswer {
  const [before, after] = [log, other].map((each) => {
    tell(`replays ${each.name}`)
    const { options, rows } = deviceOptions(each, false)
    const summary = deviceSummary(each.name, rows, options)
    if (summary._tag === 'Left') throw new Error(impossible(each.name, summary.left))
    const replayed = deviceWhatIf(rows.parts(), { options, variations: [], points: BESIDE_POINTS })
    return { summary: summary.right, timeline: replayed._tag === 'Right' ? replayed.right.timelines[0] : undefined }
  }) as [DeviceSide, DeviceSide]
  return {
    layer: 'device',
    difference: deviceDifference(before.summary, after.summary),
    costs: [before.summary.cost, after.summary.cost],
    curves: after.timeline === undefined ? [] : deviceCurves(after.timeline, other.length),
    events: other.length,
  }
}

interface DeviceSide {
  readonly summary: DeviceSummary
  readonly timeline: DeviceTimeline | undefined
}

/** The line for a request that cannot have happened. @param where the log, or the row of a comparison */
const impossible = (where: string, { index, reason }: { readonly index: number; readonly reason: { readonly message: string } }): string =>
  `${where}: event ${index} cannot have happened: ${reason.message}`

function* heapSummary(
  log: LogStore,
  points: number,
  tell: Tell,
): Steps<{ readonly summary: HeapSummary; readonly timeline: HeapSummarizer['timeline'] }> {
  const summarizer = new HeapSummarizer(log.name, { recorded: must(profileOfLog(log)), points })
  for (const batch of log.batches) {
    const fed = summarizer.feed(batch)
    if (fed._tag === 'Left') throw new Error(impossible(log.name, fed.left))
    tell(`replayed ${log.name}: ${formatCount(batch.firstIndex + batch.length)} events`)
    yield
  }
  return { summary: summarizer.summary(), timeline: summarizer.timeline }
}

/** A device's log and how it is replayed. @param isWhatIf does what the real driver answered count for nothing? */
function deviceOptions(log: LogStore, isWhatIf: boolean): { readonly options: DeviceReplayOptions; readonly rows: DeviceLog } {
  const { name, version } = log.header.runtime
  const { deviceMemory: profile } = must(profileOfRuntime({ name, version, pointerBits: 64 }))
  const { driver } = log.header as { readonly driver?: FirstFit }
  const rows = new DeviceLog(driver === undefined && !isWhatIf)
  for (const batch of log.batches) rows.feed(batch)
  return { rows, options: { profile, driver, answers: rows.answers.length > 0 ? rows.answers : undefined } }
}

/** @throws a line for people */
function must<A>(result: { readonly _tag: 'Left'; readonly left: string } | { readonly _tag: 'Right'; readonly right: A }): A {
  if (result._tag === 'Left') throw new Error(result.left)
  return result.right
}
