/** A part of one log: what it holds behind the part, beside what it held before. */

import { type EventBatch, formatCount, sliceEvents } from '@reheap/kernel'
import { DeviceSummarizer, deviceStretch, HeapSummarizer, type HeapSummary, heapStretch } from '@reheap/machine'
import { left, right } from 'fp-ts/lib/Either.js'
import { deviceRejection, isDeviceLog, loadDevice } from './device/device-input.ts'
import type { Input } from './input.ts'
import type { Outcome, Result } from './outcome.ts'
import { profilesOf, rejection } from './profiles.ts'
import { deviceStretchLines, heapStretchLines } from './show/difference.ts'
import { walk } from './walk.ts'

interface StretchOptions {
  /** Events before the part. */
  readonly since: number
  /** Events before its end; left out: the log's end. */
  readonly until?: number | undefined
  readonly profile?: string | undefined
  /** Rows of each table. */
  readonly top: number
}

/** The part from `since` to `until`. Left: the log has none. */
export async function stretch(input: Input, options: StretchOptions): Promise<Result<Outcome>> {
  const { since, until } = options
  if (until !== undefined && until < since)
    return left(`--since ${since} --until ${until}: ends before it begins; give the lower number to --since`)
  return isDeviceLog(input) ? ofDevices(input, options) : ofHeap(input, options)
}

const beyond = ({ name }: Input, since: number, events: number): Result<never> =>
  left(`--since ${since}: ${name} has ${formatCount(events)} events; give at most so many`)

async function ofHeap(input: Input, { since, until, profile, top }: StretchOptions): Promise<Result<Outcome>> {
  const profiles = profilesOf(input, profile)
  if (profiles._tag === 'Left') return profiles
  const summarizer = new HeapSummarizer(input.name, profiles.right)
  let before: HeapSummary | null = null
  const feed = (batch: EventBatch, from: number, to: number): Result<void> => {
    const fed = summarizer.feed(sliceEvents(batch, from, to))
    return fed._tag === 'Left' ? left(rejection(input.name, fed.left)) : fed
  }
  const walked = await walk(input, { what: 'diff', until }, (batch, to) => {
    const place = since - batch.firstIndex
    if (before !== null || place > to) return feed(batch, 0, to)
    const come = feed(batch, 0, place)
    if (come._tag === 'Left') return come
    before = summarizer.begin()
    return feed(batch, place, to)
  })
  if (walked._tag === 'Left') return walked
  if (before === null) return beyond(input, since, walked.right)
  const told = heapStretch(before, summarizer.summary())
  return right({ status: 0, json: told, text: () => heapStretchLines(told, top).join('\n') })
}

async function ofDevices(input: Input, { since, until, profile, top }: StretchOptions): Promise<Result<Outcome>> {
  const loaded = await loadDevice(input, { what: 'diff', until, profile })
  if (loaded._tag === 'Left') return loaded
  const { log, options } = loaded.right
  if (since > log.length) return beyond(input, since, log.length)
  const summarizer = new DeviceSummarizer(input.name, log, options)
  const come = summarizer.run(since)
  if (come._tag === 'Left') return left(deviceRejection(input.name, come.left))
  const before = summarizer.begin()
  const ran = summarizer.run()
  if (ran._tag === 'Left') return left(deviceRejection(input.name, ran.left))
  const after = summarizer.summary()
  const told = deviceStretch(before, after)
  return right({ status: 0, json: told, text: () => deviceStretchLines(before, after, told, top).join('\n') })
}
