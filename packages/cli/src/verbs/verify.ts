import { formatAddress, formatCount } from '@reheap/kernel'
import { type Mismatch, Verification, type VerifyReport } from '@reheap/machine'
import type { Command } from 'commander'
import { left, right } from 'fp-ts/lib/Either.js'
import { isDeviceLog } from '../device/device-input.ts'
import { verifyDevice } from '../device/verify.ts'
import { hostErrorLines } from '../host/host-errors.ts'
import type { Input } from '../input.ts'
import type { Outcome, Result } from '../outcome.ts'
import { profilesOf, rejection } from '../profiles.ts'
import { counted, table } from '../show/table.ts'
import { type LogOptions, logVerb, profileOption, settle, withLog } from '../verb.ts'
import { walk } from '../walk.ts'

interface VerifyOptions extends LogOptions {
  readonly profile?: string
}

const EXAMPLE = `$ reheap verify hello.arrows
hello.arrows: 28,895 events of cpython 3.11.7, replayed as cpython-3.11
13,883 observations compared: all as recorded`

/** `reheap verify`: replays a recording and compares every observation in it. */
export const verifyVerb = (): Command =>
  logVerb('verify <log>', 'replay a recording and compare every answer of the real runtime; exit 1 if one differs', EXAMPLE)
    .addOption(profileOption())
    .action((log: string, options: VerifyOptions) =>
      settle(
        options,
        withLog(log, options, (input) => verify(input, options)),
      ),
    )

/** Verifies a log under its own profile. */
export const verifyLog = (log: string): Promise<Result<Outcome>> => withLog(log, {}, (input) => verify(input, {}))

async function verify(input: Input, options: VerifyOptions): Promise<Result<Outcome>> {
  if (isDeviceLog(input)) return verifyDevice(input, options.profile)
  const profiles = profilesOf(input, options.profile)
  if (profiles._tag === 'Left') return profiles
  const { profile } = profiles.right
  const verification = new Verification(profile)
  const walked = await walk(input, { what: 'verify' }, (batch) => {
    const fed = verification.feed(batch)
    return fed._tag === 'Left' ? left(rejection(input.name, fed.left)) : fed
  })
  if (walked._tag === 'Left') return walked
  const report = verification.report()
  return right({
    status: report.mismatches === 0 ? 0 : 1,
    json: { profile: profile.name, ...report },
    text: () => lines(input, profile.name, report).join('\n'),
  })
}

function lines({ name, header }: Input, profile: string, report: VerifyReport): readonly string[] {
  const { runtime } = header
  const { events, observations, unanswered, mismatches, first, host } = report
  const verdict = mismatches === 0 ? 'all as recorded' : `${formatCount(mismatches)} differ${mismatches === 1 ? 's' : ''}`
  return [
    `${name}: ${counted(events, 'event')} of ${runtime.name} ${runtime.version}, replayed as ${profile}`,
    `${counted(observations, 'observation')} compared: ${observations === 0 ? 'the log holds none' : verdict}`,
    ...(unanswered === 0 ? [] : [`${counted(unanswered, 'observed value')} passed over: nothing here answers them`]),
    ...(mismatches === 0 ? [] : ['', ...mismatchTable(first)]),
    ...(mismatches > first.length ? [`... and ${formatCount(mismatches - first.length)} more`] : []),
    ...hostErrorLines(host),
  ]
}

const mismatchTable = (first: readonly Mismatch[]): readonly string[] =>
  table(
    [{ title: 'event' }, { title: 'of', align: 'left' }, { title: 'recorded' }, { title: 'simulated' }],
    first.map(({ index, of, expected, simulated }) => [formatCount(index), of, shown(of, expected), shown(of, simulated)]),
  )

const ADDRESSES = ['address', 'arenaMapped', 'arenaUnmapped']

function shown(of: string, value: number | null): string {
  if (value === null) return 'nothing'
  return ADDRESSES.includes(of) ? formatAddress(value) : formatCount(value)
}
