/** The suite of stored logs: what is written comes back, and what was damaged is never taken for what was written. */
import { isDeepStrictEqual } from 'node:util'
import {
  cuts as cutFiles,
  damaged,
  damages,
  type Finding,
  fewestStepsLater,
  inWords,
  type LawOptions,
  Sightings,
  type Suite,
  type Trial,
} from '@reheap/properties'
import type { LogEvent } from '@reheap/trace'
import fc, { type Arbitrary } from 'fast-check'
import { batchesOf, type Case, casesOf, HEADER, must, open, stored } from './made-log.ts'

/** Events of a case at most. */
const EVENTS_MAX = 40
/** So many small cases are tried when a large one was found: one that is damaged elsewhere does not shrink. */
const SMALL_RUNS = 1500
const SMALL_EVENTS_MAX = 12

const sightings = new Sightings<string>([
  { says: 'a torn log was opened', isSeen: (sight) => sight === 'torn' },
  { says: 'a damaged batch was refused', isSeen: (sight) => sight === 'batch' },
  { says: 'a damaged log was refused', isSeen: (sight) => sight === 'log' },
])

/** A law of logs. */
function trialOf<C extends Case>(
  name: string,
  says: string,
  arbitraryOf: (eventsMax: number) => Arbitrary<C>,
  holds: (tried: C) => Promise<void>,
): Trial {
  const faultOf = (tried: C): Promise<unknown> =>
    holds(tried)
      .then(() => null)
      .catch((fault: unknown) => fault)
  const find = async ({ runs = 100, seed, path, log }: LawOptions = {}): Promise<Finding | null> => {
    const [, ...lines] = log ?? []
    const kept = lines.map((line) => JSON.parse(line) as LogEvent)
    const large = arbitraryOf(EVENTS_MAX)
    const made = log === undefined ? large : large.map((tried) => ({ ...tried, events: kept }))
    // What is found is made smaller event by event: a generator's own shrinking would write thousands of logs.
    const options = { numRuns: runs, endOnFailure: true, ...(seed === undefined ? {} : { seed }), ...(path === undefined ? {} : { path }) }
    const tried = await fc.check(fc.asyncProperty(made, holds), options)
    if (!tried.failed || tried.counterexample === null) return null
    const small = await fc.check(fc.asyncProperty(arbitraryOf(SMALL_EVENTS_MAX), holds), { ...options, numRuns: SMALL_RUNS })
    const [found] = small.counterexample ?? tried.counterexample
    const events = await fewestStepsLater(found.events, async (fewer) => (await faultOf({ ...found, events: fewer })) !== null)
    const { events: _, ...beside } = found
    const fault = (await faultOf({ ...found, events })) ?? tried.errorInstance
    return {
      law: `event-log: ${name}`,
      says,
      message: fault instanceof Error ? fault.message : String(fault),
      event: Math.max(0, events.length - 1),
      seed: tried.seed,
      path: tried.counterexamplePath ?? '',
      run: tried.numRuns,
      shrinks: found.events.length - events.length,
      steps: events.map(inWords),
      beside,
      log: [HEADER, ...events].map((line) => JSON.stringify(line)),
    }
  }
  return { name: `event-log: ${name}`, says, find }
}

const roundTrip = trialOf(
  'what is appended comes back',
  'every event that was appended is read again, in its batch, with the index or without it',
  casesOf,
  async (tried) => {
    const { log, index, batches } = await stored(tried)
    for (const beside of [index, null]) {
      const opened = must(await open(log, beside))
      if (opened.damage.length > 0) throw new Error(`a whole log is said to be damaged: ${JSON.stringify(opened.damage)}`)
      const read = await batchesOf(opened)
      if (!isDeepStrictEqual(read, batches)) throw new Error(`${JSON.stringify(read)} was read, ${JSON.stringify(batches)} was written`)
    }
  },
)

const tornLog = trialOf(
  'a torn log gives its whole batches',
  'a log that ends early gives every batch before its end as it was written, and nothing else',
  (most) => fc.tuple(casesOf(most), cutFiles).map(([tried, cut]) => ({ ...tried, cut })),
  async (tried) => {
    const { log, batches, ends } = await stored(tried)
    const torn = damaged(log, tried.cut)
    const opened = await open(torn, null)
    const whole = batches.filter((_, at) => (ends[at] ?? 0) <= torn.length)
    if (opened._tag === 'Left') {
      if (whole.length > 0) throw new Error(`${whole.length} whole batches are refused: ${opened.left.message}`)
      return
    }
    sightings.see(['torn'])
    const read = await batchesOf(opened.right)
    if (!isDeepStrictEqual(read, whole)) throw new Error(`${read.length} batches were read, ${whole.length} were whole`)
    // The first bytes of the end of the log may be there and say nothing yet.
    if (opened.right.isClosed) throw new Error('a torn log is said to have been ended')
  },
)

const damageShows = trialOf(
  'what is damaged is refused',
  'whatever was done to its bytes, each batch that a log gives is one that was written, in its place',
  (most) =>
    fc.tuple(casesOf(most), fc.array(damages, { minLength: 1, maxLength: 3 }), fc.boolean()).map(([tried, harm, hasIndex]) => ({
      ...tried,
      damages: harm,
      hasIndex,
    })),
  async (tried) => {
    const { log, index, batches } = await stored(tried)
    const opened = await open(tried.damages.reduce(damaged, log), tried.hasIndex ? index : null)
    if (opened._tag === 'Left') {
      if (opened.left.message.includes('\n')) throw new Error(`the error is no line: ${opened.left.message}`)
      sightings.see(['log'])
      return
    }
    const read = await batchesOf(opened.right)
    if (read.includes(null)) sightings.see(['batch'])
    const wrong = read.findIndex((batch, at) => batch !== null && !isDeepStrictEqual(batch, batches[at]))
    if (wrong >= 0) throw new Error(`batch ${wrong} is ${JSON.stringify(read[wrong])}, and ${JSON.stringify(batches[wrong])} was written`)
  },
)

export const eventLogSuite = (): Suite => ({ mechanism: 'event-log', trials: [roundTrip, tornLog, damageShows], sightings })
