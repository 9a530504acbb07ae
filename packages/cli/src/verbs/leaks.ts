import { explainTrigger, isEnabled, thresholds } from '@reheap/cycle-gc'
import { formatBytes, formatCount } from '@reheap/kernel'
import { collectorOf, objectsOf } from '@reheap/machine'
import { type ListedObject, leakReport, Neighbours, unreachableOf, verdictOf } from '@reheap/projections'
import { objectGraph, typeTotals } from '@reheap/refcount'
import { type Command, Option } from 'commander'
import { left, right } from 'fp-ts/lib/Either.js'
import { isDeviceLog } from '../device/device-input.ts'
import { leaksDevice } from '../device/leaks.ts'
import type { Input } from '../input.ts'
import type { Outcome, Result } from '../outcome.ts'
import { profilesOf } from '../profiles.ts'
import { type Run, runLog } from '../run.ts'
import { leakLines, WORDS } from '../show/leaks.ts'
import { objectLines } from '../show/object.ts'
import { type LogOptions, logVerb, positiveNumber, profileOption, settle, wholeNumber, withLog } from '../verb.ts'

interface LeaksOptions extends LogOptions {
  readonly profile?: string
  readonly at?: number
  readonly top: number
  readonly type?: string
  readonly object?: number
  readonly maxUnreachable?: number
  readonly iterations?: string
}

const EXAMPLE = `$ reheap leaks app.arrows
$ reheap leaks app.arrows --at 120000 --type Node --top 3
$ reheap leaks app.arrows --at 120000 --object 17
$ reheap leaks app.arrows --max-unreachable 0`

/** `reheap leaks`: what keeps each live object; leak, or only late? */
export const leaksVerb = (): Command =>
  logVerb('leaks <log>', 'tell leaked objects from late ones: what keeps each live object, and which collection would free it', EXAMPLE)
    .addOption(new Option('--at <index>', 'look just before this event (default: at the end)').argParser(wholeNumber))
    .option('--top <count>', 'groups listed in each table', positiveNumber, 10)
    .option('--type <name>', 'list groups of this type only, with --json also its objects')
    .addOption(new Option('--object <number>', 'tell one object: its count, what holds it, and the way from a root').argParser(wholeNumber))
    .option('--max-unreachable <bytes>', 'exit 1 if more bytes than so many are unreachable', wholeNumber)
    .option('--iterations <label>', 'of a device log: marks of this label begin an iteration (default: the most frequent one)')
    .addOption(profileOption())
    .action((log: string, options: LeaksOptions) =>
      settle(
        options,
        withLog(log, options, (input) => leaks(input, options)),
      ),
    )

async function leaks(input: Input, options: LeaksOptions): Promise<Result<Outcome>> {
  if (isDeviceLog(input)) return leaksDevice(input, options)
  const profiles = profilesOf(input, options.profile)
  if (profiles._tag === 'Left') return profiles
  const ran = await runLog(input, profiles.right, { what: 'leaks', until: options.at })
  if (ran._tag === 'Left') return ran
  const { names } = ran.right
  if (names.types === 0) return left(`${input.name}: holds no objects, so nothing can be said of them; record the program with reheap run`)
  if (options.object !== undefined) return oneObject(input, ran.right, options.object, options.top)
  const { events, profile, state } = ran.right
  const collector = collectorOf(state)
  const report = leakReport(objectGraph(objectsOf(state)), collector, names)
  const trigger = explainTrigger(collector)
  const isOff = !isEnabled(collector) || thresholds(collector)[0] === 0
  const unreachable = unreachableOf(report)
  const { maxUnreachable, type } = options
  const isOver = maxUnreachable !== undefined && unreachable.bytes > maxUnreachable
  const groups = type === undefined ? report.groups : report.groups.filter((group) => group.type === type)
  return right({
    status: isOver ? 1 : 0,
    json: {
      events,
      profile: profile.name,
      verdict: verdictOf(report, isOff),
      unreachable,
      ...(maxUnreachable === undefined ? {} : { maxUnreachable, isOver }),
      ...report,
      groups: groups.slice(0, options.top),
      groupsTotal: groups.length,
      ...(type === undefined ? {} : { objects: objectsCalled(ran.right, type, options.top) }),
      trigger,
    },
    text: () =>
      [
        `${input.name}: ${formatCount(events)} events replayed as ${profile.name}`,
        ...leakLines(report, isOff, trigger, options),
        ...(isOver ? ['', `${formatBytes(unreachable.bytes)} are unreachable, more than the ${formatBytes(maxUnreachable)} allowed`] : []),
      ].join('\n'),
  })
}

const neighboursOf = ({ state, names }: Run): Neighbours => new Neighbours(objectsOf(state), collectorOf(state), names)

/** Live objects of every type of a name, in ascending order of ids. */
function objectsCalled(run: Run, name: string, top: number): readonly ListedObject[] {
  const neighbours = neighboursOf(run)
  return typeTotals(objectsOf(run.state))
    .filter(({ type }) => type !== null && run.names.typeName(type) === name)
    .flatMap(({ type }) => neighbours.list(type, top).listed)
    .sort((a, b) => a.object - b.object)
    .slice(0, top)
}

function oneObject({ name }: Input, run: Run, object: number, top: number): Result<Outcome> {
  const { events, profile } = run
  const found = neighboursOf(run).of(object)
  if (found === null)
    return left(
      `${name}: object ${formatCount(object)} is not alive after ${formatCount(events)} events; with --type and --json leaks lists those that are`,
    )
  return right({
    status: 0,
    json: { events, profile: profile.name, object: found },
    text: () => [`${name}: ${formatCount(events)} events replayed as ${profile.name}`, ...objectLines(found, WORDS, top)].join('\n'),
  })
}
