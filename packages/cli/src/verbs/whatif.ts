import { type EventBatch, OPCODE_RANGES } from '@reheap/kernel'
import { type MachineProfile, profileNamed } from '@reheap/machine'
import type { Command } from 'commander'
import { left, right } from 'fp-ts/lib/Either.js'
import { isDeviceLog } from '../device/device-input.ts'
import { whatifDevice } from '../device/whatif.ts'
import { type HostOptions, hostOption, hostReplay } from '../host/host-options.ts'
import type { Input } from '../input.ts'
import type { Outcome, Result } from '../outcome.ts'
import { begunAs, profilesOf, rejection } from '../profiles.ts'
import { collectionLines, rowName } from '../show/collections.ts'
import { whatifLines, withDifferences } from '../show/comparison.ts'
import { hostComparisonLines } from '../show/host-comparison.ts'
import { counted } from '../show/table.ts'
import { Variant } from '../variant.ts'
import { hostText, KNOWN_KEYS, type Variation, variationsOf, varyCollector, varyHost } from '../variation.ts'
import { type LogOptions, logVerb, settle, withLog } from '../verb.ts'
import { walk } from '../walk.ts'

interface WhatifOptions extends LogOptions, HostOptions {
  readonly vary: readonly string[]
  readonly profile?: string
  readonly rebuild?: boolean
}

const EXAMPLE = `$ reheap whatif hello.arrows --vary profile=cpython-3.9,cpython-3.13
$ reheap whatif app.arrows --vary gc.threshold0=700,2000,50000 --vary gc.threshold1=10,20
$ reheap whatif app.arrows --vary gc.enabled=false --vary profile=cpython-3.13,cpython-3.14.0
$ reheap whatif app.arrows --vary host.ram=512MiB,1GiB --vary host.swap=0,2GiB
$ reheap whatif oom.jsonl.gz --vary settings="max_split_size_mb:128","expandable_segments:True" --vary capacity=24GiB,40GiB`

/** `reheap whatif`: the same requests under other profiles and settings of the collector. */
export const whatifVerb = (): Command =>
  logVerb('whatif <log>', 'replay the same requests under other profiles and collector settings, and compare what they cost', EXAMPLE)
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
    const variations = variationsOf(options.vary)
    return variations._tag === 'Left' ? variations : compare(input, variations.right, options)
  })
}

const collected = (value: string, before: readonly string[] = []): readonly string[] => [...before, value]

async function compare(input: Input, variations: readonly Variation[], options: WhatifOptions): Promise<Result<Outcome>> {
  const chosen = profilesOf(input, options.profile)
  if (chosen._tag === 'Left') return chosen
  const named = hostReplay(options)
  if (named._tag === 'Left') return named
  const below = varyHost(variations) ? { isHosted: true } : named.right
  const { recorded, profile: base } = chosen.right
  const begun = begunAs(input.header)
  const rows = variations.map(
    ({ profile, settings, host }) =>
      new Variant(recorded, profile === null ? base : begun(ofWidth(profile, base)), settings, { ...below, host }),
  )
  const variants = [new Variant(recorded, base, {}, below), ...rows]
  let hasObjects = false
  const walked = await walk(input, { what: 'whatif' }, (batch) => {
    hasObjects ||= holdsObjects(batch)
    for (const variant of variants) {
      const fed = variant.feed(batch)
      if (fed._tag === 'Left') return left(`${rejection(input.name, fed.left)} (under ${rowName(variant.profile.name, variant.settings)})`)
    }
    return right(undefined)
  })
  if (walked._tag === 'Left') return walked
  if (!hasObjects && varyCollector(variations))
    return left(`${input.name}: holds no objects, so only profile can be varied; record the program with reheap run`)
  return right(outcome(input, walked.right, variants, recorded.name, hasObjects))
}

const NARROW = '-32'

/** Of a version that is named without its build, the build as wide as the first row's: else arenas of other sizes were compared. */
function ofWidth(profile: MachineProfile, first: MachineProfile): MachineProfile {
  if (!first.name.endsWith(NARROW) || !/^cpython-[\d.]+$/.test(profile.name)) return profile
  const twin = profileNamed(`${profile.name}${NARROW}`)
  return twin._tag === 'Right' ? twin.right : profile
}

const { from: FIRST, to: LAST } = { from: OPCODE_RANGES.refcount.from, to: OPCODE_RANGES.cycleGc.to }

/** Does a batch hold a request of the object layers? */
function holdsObjects({ code, length }: EventBatch): boolean {
  for (let row = 0; row < length; row++) if (code[row] >= FIRST && code[row] <= LAST) return true
  return false
}

function outcome(input: Input, events: number, variants: readonly Variant[], recorded: string, hasObjects: boolean): Outcome {
  const figures = variants.map((variant) => variant.figures())
  const compared = withDifferences(figures)
  const document = { events, recordedProfile: recorded, system: 'simulated' }
  const hosts = variants.map((variant) => variant.hostFigures())
  const isHosted = hosts.some((host) => host !== null)
  const names = variants.map(({ profile, settings, host }, place) =>
    place === 0 && profile.name === recorded
      ? `${profile.name} (recorded)`
      : [rowName(profile.name, settings), hostText(host.host ?? {})].join(' ').trimEnd(),
  )
  const hostRows = isHosted ? ['', ...hostComparisonLines(hosts, names)] : []
  if (!hasObjects)
    return {
      status: 0,
      json: { ...document, rows: compared.map((row, place) => (isHosted ? { ...row, host: hosts[place] } : row)) },
      text: () => [...whatifLines(input, events, figures, recorded, names), ...hostRows].join('\n'),
    }
  const collectors = variants.map((variant) => variant.collectorFigures())
  const hasArenas = figures.some(({ arenasTotal }) => arenasTotal > 0)
  return {
    status: 0,
    json: {
      ...document,
      rows: compared.map((row, place) => ({
        ...row,
        settings: variants[place]?.settings,
        collector: collectors[place],
        ...(isHosted ? { host: hosts[place] } : {}),
      })),
    },
    text: () =>
      [
        `${input.name}: ${counted(events, 'event')} of ${input.header.runtime.name} ${input.header.runtime.version}`,
        ...collectionLines(collectors, names),
        ...(hasArenas ? ['', ...whatifLines(input, events, figures, recorded, names)] : []),
        ...hostRows,
      ].join('\n'),
  }
}
