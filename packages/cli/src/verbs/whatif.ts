import { Foresight, KNOWN_KEYS, type LoggedStart, variationsOf, WhatIf, type WhatIfRow } from '@reheap/machine'
import type { Command } from 'commander'
import { left, right } from 'fp-ts/lib/Either.js'
import { isDeviceLog } from '../device/device-input.ts'
import { whatifDevice } from '../device/whatif.ts'
import { type HostOptions, hostOption, hostReplay } from '../host/host-options.ts'
import { type Input, openInput } from '../input.ts'
import { STANDARD } from '../io/output.ts'
import type { Outcome, Result } from '../outcome.ts'
import { profilesOf, rejection } from '../profiles.ts'
import { collectionLines } from '../show/collections.ts'
import { whatifLines } from '../show/comparison.ts'
import { hostComparisonLines } from '../show/host-comparison.ts'
import { partingLines } from '../show/partings.ts'
import { counted } from '../show/table.ts'
import { type LogOptions, logVerb, settle, withLog } from '../verb.ts'
import { walk } from '../walk.ts'

interface WhatifOptions extends LogOptions, HostOptions {
  readonly vary: readonly string[]
  readonly profile?: string
  readonly rebuild?: boolean
}

const EXAMPLE = `$ reheap whatif hello.arrows --vary profile=cpython-3.9,cpython-3.13
$ reheap whatif app.arrows --vary gc.threshold0=700,2000,50000 --vary gc.threshold1=10,20
$ reheap whatif hello.arrows --vary allocator.arenaSize=256KiB,1MiB --vary allocator.poolSize=4KiB,16KiB
$ reheap whatif app.arrows --vary gc.enabled=false --vary profile=cpython-3.13,cpython-3.14.0
$ reheap whatif app.arrows --vary host.ram=512MiB,1GiB --vary host.swap=0,2GiB
$ reheap whatif oom.jsonl.gz --vary settings="max_split_size_mb:128","expandable_segments:True" --vary capacity=24GiB,40GiB`

/** `reheap whatif`: the same requests under other profiles, sizes and settings. */
export const whatifVerb = (): Command =>
  logVerb(
    'whatif <log>',
    'replay the same requests under other profiles, sizes and settings, and compare what they cost and where they part',
    EXAMPLE,
  )
    .requiredOption(
      '--vary <key=values>',
      `what to vary: profile=NAME,NAME or another of ${KNOWN_KEYS.slice(1).join(', ')}; may stand more than once, for every combination; a profile named without its build is of the recorded width. Of a device log: settings, capacity, profile; a comma outside of [] and "" ends a value, so '"a:1,b:2"' is one`,
      collected,
    )
    .option('--profile <name>', 'the profile of the first row (default: the recorded one)')
    .addOption(hostOption())
    .option('--rebuild', 'of a device log: ask anew for what was live before the log begins, so that the settings shape it too')
    .action((log: string, options: WhatifOptions) => settle(options, whatif(log, options)))

async function whatif(log: string, options: WhatifOptions): Promise<Result<Outcome>> {
  return withLog(log, options, async (input) => {
    if (isDeviceLog(input)) return whatifDevice(input, options)
    return compare(log, input, options)
  })
}

const collected = (value: string, before: readonly string[] = []): readonly string[] => [...before, value]

/** What the log tells late; a script's is read twice, unless it comes by standard input. */
async function foresightOf(log: string, input: Input, options: WhatifOptions): Promise<Result<Foresight>> {
  const foresight = new Foresight()
  if (log === STANDARD || input.header.collector === undefined) return right(foresight)
  const opened = await openInput(log, options)
  if (opened._tag === 'Left') return opened
  try {
    const walked = await walk(opened.right, { what: 'whatif' }, (batch) => {
      foresight.feed(batch)
      return right(undefined)
    })
    return walked._tag === 'Left' ? walked : right(foresight)
  } finally {
    await opened.right.close()
  }
}

async function compare(log: string, input: Input, options: WhatifOptions): Promise<Result<Outcome>> {
  const chosen = profilesOf(input, options.profile)
  if (chosen._tag === 'Left') return chosen
  const named = hostReplay(options)
  if (named._tag === 'Left') return named
  const { recorded, profile: base } = chosen.right
  const variations = variationsOf(options.vary, base)
  if (variations._tag === 'Left') return variations
  const { collector: start } = input.header as { readonly collector?: LoggedStart }
  const foreseen = await foresightOf(log, input, options)
  if (foreseen._tag === 'Left') return foreseen
  const compared = new WhatIf({ recorded, base, start, variations: variations.right, foresight: foreseen.right, host: named.right })
  const walked = await walk(input, { what: 'whatif' }, (batch) => {
    const fed = compared.feed(batch)
    return fed._tag === 'Left' ? left(`${rejection(input.name, fed.left.rejected)} (under ${fed.left.row})`) : fed
  })
  if (walked._tag === 'Left') return walked
  const rows = compared.rows()
  if (rows._tag === 'Left') return left(`${input.name}: ${rows.left}`)
  return right(outcome(input, walked.right, rows.right, compared, recorded.name))
}

function outcome(input: Input, events: number, rows: readonly WhatIfRow[], compared: WhatIf, recorded: string): Outcome {
  const names = compared.names()
  const collectors = rows.flatMap(({ collector }) => (collector === undefined ? [] : [collector]))
  const hosts = rows.map(({ host }) => host ?? null)
  const hostRows = hosts.some((host) => host !== null) ? ['', ...hostComparisonLines(hosts, names)] : []
  const hasArenas = rows.some(({ arenasTotal }) => arenasTotal > 0)
  return {
    status: 0,
    json: { events, recordedProfile: recorded, system: 'simulated', rows },
    text: () =>
      [
        ...(collectors.length === 0
          ? whatifLines(input, events, rows, recorded, names)
          : [
              `${input.name}: ${counted(events, 'event')} of ${input.header.runtime.name} ${input.header.runtime.version}`,
              ...collectionLines(collectors, names),
              ...(hasArenas ? ['', ...whatifLines(input, events, rows, recorded, names)] : []),
            ]),
        ...hostRows,
        '',
        ...partingLines(rows, names),
      ].join('\n'),
  }
}
