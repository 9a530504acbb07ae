import { allocatorStats } from '@reheap/allocator'
import { heapsOf, hostOf, machineAllocatedBlocks, machineUsage } from '@reheap/machine'
import { RunningObjects, RunningUsage, USAGE_MEASURES } from '@reheap/projections'
import { encodeFacts } from '@reheap/trace'
import type { Command } from 'commander'
import { left, right } from 'fp-ts/lib/Either.js'
import { isDeviceLog } from '../device/device-input.ts'
import { replayDevice } from '../device/replay.ts'
import { hostFigures, hostLines, wasKilled } from '../host/host-figures.ts'
import { type HostOptions, hostOption, hostReplay } from '../host/host-options.ts'
import type { Input } from '../input.ts'
import { type Output, openOutput, STANDARD } from '../io/output.ts'
import { EVENTS_PER_SECOND } from '../monitor/played-events.ts'
import { speedOf, watchReplay } from '../monitor/watch-replay.ts'
import { objectFigures } from '../object-figures.ts'
import type { Outcome, Result } from '../outcome.ts'
import { profilesOf } from '../profiles.ts'
import { runLog, runTitle } from '../run.ts'
import { type Figures, figureLines } from '../show/figures.ts'
import { objectLines } from '../show/objects.ts'
import { forceOption, intervalOption, type LogOptions, logVerb, profileOption, settle, untilOption, withLog } from '../verb.ts'

interface ReplayOptions extends LogOptions, HostOptions {
  readonly profile?: string
  readonly until?: number
  readonly peaks?: boolean
  readonly facts?: string
  readonly force?: boolean
  readonly monitor?: boolean
  readonly speed: string
  readonly interval: number
}

const EXAMPLE = `$ reheap replay hello.arrows --until 20000 --peaks
$ reheap replay hello.arrows --profile cpython-3.13 --facts facts.jsonl
$ reheap replay hello.arrows --monitor --speed 0.5`

/** `reheap replay`: what the memory was in the end, and at most. */
export const replayVerb = (): Command =>
  logVerb('replay <log>', 'replay a log and print the final figures', EXAMPLE)
    .addOption(untilOption())
    .addOption(profileOption())
    .addOption(hostOption())
    .option('--peaks', 'find the peak of every figure too, at about half the speed')
    .option('--facts <file>', 'write every fact as a JSON line with the index of the event that caused it; - is standard output')
    .addOption(forceOption())
    .option('--monitor', 'play the log on a live screen; a line for each look where there is no terminal')
    .option(
      '--speed <factor>',
      `of --monitor: so many times as fast as the program ran, or max; a log without times plays ${EVENTS_PER_SECOND} events a second`,
      '1',
    )
    .addOption(intervalOption(0.25))
    .action((log: string, options: ReplayOptions) => settle(options.monitor === true ? {} : options, replay(log, options)))

async function replay(log: string, options: ReplayOptions): Promise<Result<Outcome>> {
  if (options.monitor === true) return monitor(log, options)
  if (options.facts === undefined) return withLog(log, options, (input) => replayLog(input, options, null))
  if (options.facts === STANDARD && options.json === true) return left('--facts -: --json needs standard output for itself; name a file')
  const facts = openOutput(options.facts, options.force === true)
  if (facts._tag === 'Left') return facts
  const worked = await withLog(log, options, (input) => replayLog(input, options, facts.right))
  if (worked._tag === 'Left') {
    facts.right.abandon()
    return worked
  }
  const committed = facts.right.commit()
  return committed._tag === 'Left' ? committed : worked
}

function monitor(log: string, options: ReplayOptions): Promise<Result<Outcome>> {
  const speed = speedOf(options.speed)
  if (speed._tag === 'Left') return Promise.resolve(speed)
  if (options.facts !== undefined || options.peaks === true)
    return Promise.resolve(left('--monitor: shows the figures as they go; leave out --facts and --peaks'))
  return withLog(log, options, (input) => watchReplay(input, { ...options, speed: speed.right }))
}

async function replayLog(input: Input, options: ReplayOptions, facts: Output | null): Promise<Result<Outcome>> {
  if (isDeviceLog(input)) return replayDevice(input, options, facts)
  const profiles = profilesOf(input, options.profile)
  if (profiles._tag === 'Left') return profiles
  const below = hostReplay(options)
  if (below._tag === 'Left') return below
  const usage = options.peaks === true ? new RunningUsage(profiles.right.profile.allocator.alignmentBytes) : null
  const live = options.peaks === true ? new RunningObjects() : null
  const ran = await runLog(input, profiles.right, {
    what: 'replay',
    until: options.until,
    host: below.right,
    onFacts:
      usage === null && facts === null
        ? undefined
        : (fed, batch) => {
            usage?.feed(fed)
            live?.feed(fed)
            return facts === null ? right(undefined) : facts.write(encodeFacts(fed, batch))
          },
  })
  if (ran._tag === 'Left') return ran
  const { events, profile, recorded, placement, state } = ran.right
  const figures: Figures = {
    final: machineUsage(state),
    allocatedBlocks: machineAllocatedBlocks(state),
    heaps: heapsOf(state).map((heap, number) => ({ heap: number, ...allocatorStats(heap) })),
    ...(usage === null ? {} : { peaks: Object.fromEntries(USAGE_MEASURES.map((measure) => [measure, usage.peak(measure)])) }),
  }
  const objects = objectFigures(ran.right, live)
  const memory = hostOf(state)
  const host = memory && hostFigures(memory)
  return right({
    status: host !== null && wasKilled(host) ? 1 : 0,
    json: {
      events,
      profile: profile.name,
      recordedProfile: recorded.name,
      placement,
      ...figures,
      ...(objects === null ? {} : { objects }),
      ...(host === null ? {} : { host }),
    },
    text: () =>
      options.facts === STANDARD
        ? ''
        : [
            runTitle(input.name, ran.right),
            '',
            ...figureLines(figures, profile.allocator),
            ...objectLines(objects),
            ...(host === null ? [] : hostLines(host)),
          ].join('\n'),
  })
}
