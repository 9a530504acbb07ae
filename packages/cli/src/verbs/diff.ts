import {
  type DeviceDifference,
  DeviceSummarizer,
  type DeviceSummary,
  deviceDifference,
  type HeapDifference,
  HeapSummarizer,
  type HeapSummary,
  heapDifference,
} from '@reheap/machine'
import type { Command } from 'commander'
import { left, right } from 'fp-ts/lib/Either.js'
import { deviceRejection, isDeviceLog, loadDevice } from '../device/device-input.ts'
import type { Input } from '../input.ts'
import { STANDARD } from '../io/output.ts'
import { logsParting } from '../logs-parting.ts'
import type { Outcome, Result } from '../outcome.ts'
import { profilesOf, rejection } from '../profiles.ts'
import { deviceDifferenceLines, heapDifferenceLines } from '../show/difference.ts'
import { logsPartingLine } from '../show/partings.ts'
import { stretch } from '../stretch.ts'
import { type LogOptions, logVerb, positiveNumber, profileOption, settle, untilOption, wholeNumber, withLog } from '../verb.ts'
import { walk } from '../walk.ts'

interface DiffOptions extends LogOptions {
  readonly profile?: string
  readonly top: number
  readonly since?: number
  readonly until?: number
}

const EXAMPLE = `$ reheap diff before.pickle after.pickle
$ reheap diff monday.arrows tuesday.arrows --top 30 --json
$ reheap diff monday.arrows --since 19000 --until 20000`

/** `reheap diff`: two logs of one kind, side by side, or two moments of one. */
export const diffVerb = (): Command =>
  logVerb(
    'diff <log> [other]',
    'compare two logs, or two moments of one: what they cost, and which types and size classes, or owners and segments of a GPU, hold it in the end',
    EXAMPLE,
  )
    .option('--since <index>', 'of one log: what it held after so many events, beside what it holds at --until', wholeNumber)
    .addOption(untilOption())
    .option('--top <count>', 'rows of each table', positiveNumber, 10)
    .addOption(profileOption())
    .action((log: string, other: string | undefined, options: DiffOptions) => settle(options, diff(log, other, options)))

type Summary = { readonly layer: 'heap'; readonly summary: HeapSummary } | { readonly layer: 'device'; readonly summary: DeviceSummary }

async function diff(log: string, other: string | undefined, { since, until, ...options }: DiffOptions): Promise<Result<Outcome>> {
  if (since === undefined && until !== undefined)
    return left(`--until ${until}: is for two moments of one log; give --since too, and no second log`)
  if (since === undefined)
    return other === undefined
      ? left('nothing to compare with: give a second log, or --since for two moments of one')
      : twoLogs(log, other, options)
  if (other !== undefined) return left(`--since ${since}: is for two moments of one log; leave out ${other}`)
  return withLog(log, options, (input) => stretch(input, { ...options, since, until }))
}

async function twoLogs(log: string, other: string, options: DiffOptions): Promise<Result<Outcome>> {
  const summaries: Summary[] = []
  const summed = (name: string): Promise<Result<Outcome>> =>
    withLog(name, options, async (input) => {
      const summary = isDeviceLog(input) ? await deviceSummaryOf(input, options.profile) : await heapSummaryOf(input, options.profile)
      if (summary._tag === 'Left') return summary
      summaries.push(summary.right)
      const [before, after] = summaries
      return before === undefined || after === undefined ? right(NOTHING) : differenceOf(before, after, [log, other], options)
    })
  const first = await summed(log)
  return first._tag === 'Left' ? first : summed(other)
}

/** What is told of the first log alone. */
const NOTHING: Outcome = { status: 0, json: {}, text: () => '' }

async function deviceSummaryOf(input: Input, profile: string | undefined): Promise<Result<Summary>> {
  const loaded = await loadDevice(input, { what: 'diff', profile })
  if (loaded._tag === 'Left') return loaded
  const summarizer = new DeviceSummarizer(input.name, loaded.right.log, loaded.right.options)
  const ran = summarizer.run()
  return ran._tag === 'Left' ? left(deviceRejection(input.name, ran.left)) : right({ layer: 'device', summary: summarizer.summary() })
}

async function heapSummaryOf(input: Input, profile: string | undefined): Promise<Result<Summary>> {
  const profiles = profilesOf(input, profile)
  if (profiles._tag === 'Left') return profiles
  const summarizer = new HeapSummarizer(input.name, profiles.right)
  const walked = await walk(input, { what: 'diff' }, (batch) => {
    const fed = summarizer.feed(batch)
    return fed._tag === 'Left' ? left(rejection(input.name, fed.left)) : fed
  })
  return walked._tag === 'Left' ? walked : right({ layer: 'heap', summary: summarizer.summary() })
}

async function differenceOf(
  before: Summary,
  after: Summary,
  logs: readonly [string, string],
  options: DiffOptions,
): Promise<Result<Outcome>> {
  const told = toldOf(before, after, options.top)
  if (told === null)
    return left(
      `${after.summary.name}: is a log of ${words(after)}, and ${before.summary.name} one of ${words(before)}; give two of the same kind`,
    )
  // Standard input cannot be read once more.
  if (logs.includes(STANDARD)) return right({ status: 0, json: told.difference, text: () => told.lines().join('\n') })
  const parting = await logsParting(logs, options)
  if (parting._tag === 'Left') return parting
  const text = (): string => [...told.lines(), '', logsPartingLine(parting.right)].join('\n')
  return right({ status: 0, json: { ...told.difference, firstParting: parting.right }, text })
}

interface Told {
  readonly difference: HeapDifference | DeviceDifference
  readonly lines: () => readonly string[]
}

/** Null: they are of different kinds. */
function toldOf(before: Summary, after: Summary, top: number): Told | null {
  if (before.layer === 'heap' && after.layer === 'heap') {
    const difference = heapDifference(before.summary, after.summary)
    return { difference, lines: () => heapDifferenceLines(difference, top) }
  }
  if (before.layer === 'device' && after.layer === 'device') {
    const difference = deviceDifference(before.summary, after.summary)
    return { difference, lines: () => deviceDifferenceLines(before.summary, after.summary, difference, top) }
  }
  return null
}

const words = ({ layer }: Summary): string => (layer === 'heap' ? 'an interpreter' : 'a GPU')
