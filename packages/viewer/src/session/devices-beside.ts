/** A device's log beside itself under other settings, or beside another. */
import type { FirstFit } from '@reheap/device-memory'
import { formatCount } from '@reheap/kernel'
import {
  DeviceLog,
  type DeviceReplayOptions,
  DeviceSummarizer,
  type DeviceSummary,
  DeviceWhatIf,
  deviceDifference,
  deviceVariations,
  profileOfRuntime,
} from '@reheap/machine'
import type { DeviceTimeline } from '@reheap/projections'
import type { CompareAnswer, Compared, WhatIfAnswer } from './beside-messages.ts'
import { BESIDE_POINTS, deviceCurves } from './curves.ts'
import type { LogStore } from './log-store.ts'
import { impossible, must } from './refusals.ts'
import type { Steps, Tell } from './steps.ts'

/** Rows that are replayed without a pause. */
const ROWS_AT_ONCE = 4096

export function* deviceWhatIf(log: LogStore, vary: readonly string[], tell: Tell): Steps<WhatIfAnswer> {
  const { options, rows: held } = yield* deviceOptions(log, true)
  const variations = must(deviceVariations(vary, options.profile))
  const compared = new DeviceWhatIf(held.parts(), { options, variations, points: BESIDE_POINTS })
  while (compared.at < log.length) {
    const ran = compared.run(compared.at + ROWS_AT_ONCE)
    if (ran._tag === 'Left') throw new Error(impossible(ran.left.row, ran.left.rejected))
    tell(`replayed: ${formatCount(compared.at)} events`)
    yield
  }
  const rows = compared.rows()
  return {
    layer: 'device',
    vary,
    rows,
    names: rows.map(({ name }) => name),
    partings: rows.map(({ firstParting }) => firstParting),
    curves: compared.timelines.map((timeline) => deviceCurves(timeline, log.length)),
  }
}

/** All of the answer but where both logs part. */
type DevicesCompared = Compared & Omit<CompareAnswer, keyof Compared | 'firstParting'>

export function* compareDevices(log: LogStore, other: LogStore, tell: Tell): Steps<DevicesCompared> {
  const before = yield* summedDevice(log, undefined, tell)
  const after = yield* summedDevice(other, BESIDE_POINTS, tell)
  return {
    layer: 'device',
    difference: deviceDifference(before.summary, after.summary),
    costs: [before.summary.cost, after.summary.cost],
    curves: after.timeline === null ? [] : deviceCurves(after.timeline, other.length),
    events: other.length,
  }
}

/** @param points stretches of the log's curves; undefined: it has none */
function* summedDevice(
  log: LogStore,
  points: number | undefined,
  tell: Tell,
): Steps<{ readonly summary: DeviceSummary; readonly timeline: DeviceTimeline | null }> {
  const { options, rows } = yield* deviceOptions(log, false)
  const summarizer = new DeviceSummarizer(log.name, rows, { ...options, points })
  while (summarizer.at < log.length) {
    const ran = summarizer.run(summarizer.at + ROWS_AT_ONCE)
    if (ran._tag === 'Left') throw new Error(impossible(log.name, ran.left))
    tell(`replayed ${log.name}: ${formatCount(summarizer.at)} events`)
    yield
  }
  return { summary: summarizer.summary(), timeline: summarizer.timeline }
}

/** A device's log and how it is replayed. @param isWhatIf does what the real driver answered count for nothing? */
function* deviceOptions(log: LogStore, isWhatIf: boolean): Steps<{ readonly options: DeviceReplayOptions; readonly rows: DeviceLog }> {
  const { name, version } = log.header.runtime
  const { deviceMemory: profile } = must(profileOfRuntime({ name, version, pointerBits: 64 }))
  const { driver } = log.header as { readonly driver?: FirstFit }
  const rows = new DeviceLog(driver === undefined && !isWhatIf, log.length)
  for (const batch of log.batches) {
    rows.feed(batch)
    yield
  }
  return { rows, options: { profile, driver, answers: rows.answers.length > 0 ? rows.answers : undefined } }
}
