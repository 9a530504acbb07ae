/** A log beside itself under other profiles and settings, or beside another log: all figures come from the machine's comparisons. */
import { type EventBatch, formatCount } from '@reheap/kernel'
import {
  DEVICE_KEYS,
  DEVICE_RUNTIME,
  Foresight,
  HeapSummarizer,
  type HeapSummary,
  heapDifference,
  KNOWN_KEYS,
  type LoggedStart,
  LogParting,
  variationsOf,
  WhatIf,
} from '@reheap/machine'
import type { BesideAnswers, BesideRequests, CompareAnswer, VaryKey, WhatIfAnswer } from './beside-messages.ts'
import { BESIDE_POINTS, heapCurves, isEverHeld } from './curves.ts'
import { compareDevices, deviceWhatIf } from './devices-beside.ts'
import { HostCurves } from './host-curves.ts'
import type { LogFile } from './log-file.ts'
import { profileOfLog } from './log-profile.ts'
import { type LogStore, readLog } from './log-store.ts'
import { impossible, must } from './refusals.ts'
import type { Steps, Tell } from './steps.ts'
import { inSteps } from './stepwise.ts'
import { unknownProfile, varyValues } from './vary-values.ts'

/** Is it a request of this kind? */
export const isBeside = (kind: string): kind is keyof BesideRequests => kind === 'varyKeys' || kind === 'whatIf' || kind === 'compare'

/** Answers about the open log. @param isWanted asked after each step; null is returned where it is not @throws a line for people */
export async function answerBeside<K extends keyof BesideRequests>(
  log: LogStore,
  kind: K,
  value: BesideRequests[K],
  tell: Tell,
  isWanted: () => boolean,
): Promise<BesideAnswers[keyof BesideAnswers]> {
  if (kind === 'varyKeys') return varyKeys(log)
  if (kind === 'whatIf') return inSteps(whatIf(log, (value as BesideRequests['whatIf']).vary, tell), isWanted)
  const { file, name } = value as BesideRequests['compare']
  const other = await readWhile(isWanted, file, name, tell)
  return other && inSteps(compare(log, other, tell), isWanted)
}

class NotWanted extends Error {}

/** Reads a log as long as somebody waits for it; null: nobody does, whatever is wrong with it. */
async function readWhile(isWanted: () => boolean, file: LogFile, name: string, tell: Tell): Promise<LogStore | null> {
  const onRead = (events: number): void => {
    if (!isWanted()) throw new NotWanted()
    tell(`read: ${formatCount(events)} events`)
  }
  try {
    const read = await readLog(file, name, onRead)
    return read._tag === 'Left' && !isWanted() ? null : must(read)
  } catch (error) {
    if (error instanceof NotWanted) return null
    throw error
  }
}

const isDevice = ({ header }: LogStore): boolean => header.runtime.name === DEVICE_RUNTIME

const varyKeys = (log: LogStore): readonly VaryKey[] =>
  (isDevice(log) ? DEVICE_KEYS : KNOWN_KEYS).map((key) => ({ key, values: varyValues(isDevice(log), key) }))

function* whatIf(log: LogStore, vary: readonly string[], tell: Tell): Steps<WhatIfAnswer> {
  const unknown = unknownProfile(isDevice(log), vary)
  if (unknown !== null) throw new Error(unknown)
  if (isDevice(log)) return yield* deviceWhatIf(log, vary, tell)
  const recorded = must(profileOfLog(log))
  const { collector: start } = log.header as { readonly collector?: LoggedStart }
  const variations = must(variationsOf(vary, recorded))
  const hosts = Array.from({ length: variations.length + 1 }, () => new HostCurves(BESIDE_POINTS))
  // What a script's log tells late is known to every row, as the command has it.
  const foresight = new Foresight()
  if (start !== undefined)
    for (const batch of log.batches) {
      foresight.feed(batch)
      yield
    }
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

function* compare(log: LogStore, other: LogStore, tell: Tell): Steps<CompareAnswer> {
  if (isDevice(log) !== isDevice(other)) {
    const words = (each: LogStore): string => (isDevice(each) ? 'a GPU' : 'an interpreter')
    throw new Error(`${other.name}: is a log of ${words(other)}, and ${log.name} one of ${words(log)}; open two of the same kind`)
  }
  const firstParting = yield* logsParting(log, other)
  if (isDevice(log)) return { ...(yield* compareDevices(log, other, tell)), firstParting }
  const before = yield* heapSummary(log, 2, tell)
  const after = yield* heapSummary(other, BESIDE_POINTS, tell)
  return {
    layer: 'python',
    difference: heapDifference(before.summary, after.summary),
    curves: heapCurves(after.timeline, other.length).filter(isEverHeld),
    events: other.length,
    firstParting,
  }
}

function* logsParting(...logs: readonly [LogStore, LogStore]): Steps<number | null> {
  const batches = logs.map((log) => log.batches[Symbol.iterator]()) as [Iterator<EventBatch>, Iterator<EventBatch>]
  const compared = new LogParting()
  for (let side = compared.wanted; side !== null; side = compared.wanted) {
    const next = batches[side].next()
    compared.feed(side, next.done === true ? null : next.value)
    yield
  }
  return compared.parting
}

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
