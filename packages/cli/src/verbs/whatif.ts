import { type MachineProfile, profileNamed } from '@reheap/machine'
import type { Command } from 'commander'
import { left, right } from 'fp-ts/lib/Either.js'
import type { Input } from '../input.ts'
import type { Outcome, Result } from '../outcome.ts'
import { begunAs, profilesOf, rejection } from '../profiles.ts'
import { whatifLines, withDifferences } from '../show/comparison.ts'
import { Variant } from '../variant.ts'
import { type LogOptions, logVerb, settle, withLog } from '../verb.ts'
import { walk } from '../walk.ts'

interface WhatifOptions extends LogOptions {
  readonly vary: readonly string[]
  readonly profile?: string
}

const EXAMPLE = `$ reheap whatif hello.arrows --vary profile=cpython-3.9,cpython-3.13`

/** `reheap whatif`: the same requests under other profiles. */
export const whatifVerb = (): Command =>
  logVerb('whatif <log>', 'replay the same requests under other profiles and compare what they cost', EXAMPLE)
    .requiredOption('--vary <key=values>', 'what to vary: profile=NAME,NAME; may stand more than once', collected)
    .option('--profile <name>', 'the profile of the first row (default: the recorded one)')
    .action((log: string, options: WhatifOptions) => settle(options, whatif(log, options)))

async function whatif(log: string, options: WhatifOptions): Promise<Result<Outcome>> {
  const profiles = variedProfiles(options.vary)
  if (profiles._tag === 'Left') return profiles
  return withLog(log, options, (input) => compare(input, profiles.right, options.profile))
}

const collected = (value: string, before: readonly string[] = []): readonly string[] => [...before, value]

const KEYS = ['profile']

/** The profiles that `--vary` names, in its order. */
function variedProfiles(vary: readonly string[]): Result<readonly MachineProfile[]> {
  const profiles: MachineProfile[] = []
  for (const text of vary) {
    const [key = '', values = ''] = text.split('=', 2)
    if (!KEYS.includes(key))
      return left(`--vary ${text}: there is no "${key}" to vary; known are ${KEYS.join(', ')}, as in profile=cpython-3.9`)
    for (const name of values.split(',')) {
      const profile = profileNamed(name)
      if (profile._tag === 'Left') return left(`--vary ${text}: ${profile.left}`)
      profiles.push(profile.right)
    }
  }
  return right(profiles)
}

async function compare(input: Input, profiles: readonly MachineProfile[], first: string | undefined): Promise<Result<Outcome>> {
  const chosen = profilesOf(input, first)
  if (chosen._tag === 'Left') return chosen
  const { recorded, profile: base } = chosen.right
  const variants = [base, ...profiles.map(begunAs(input.header))].map((profile) => new Variant(recorded, profile))
  const walked = await walk(input, { what: 'whatif' }, (batch) => {
    for (const variant of variants) {
      const fed = variant.feed(batch)
      if (fed._tag === 'Left') return left(`${rejection(input.name, fed.left)} (under ${variant.profile.name})`)
    }
    return right(undefined)
  })
  if (walked._tag === 'Left') return walked
  const figures = variants.map((variant) => variant.figures())
  const events = walked.right
  return right({
    status: 0,
    json: { events, recordedProfile: recorded.name, system: 'simulated', rows: withDifferences(figures) },
    text: () => whatifLines(input, events, figures, recorded.name).join('\n'),
  })
}
