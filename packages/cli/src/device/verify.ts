import { formatCount } from '@reheap/kernel'
import { type DeviceMismatch, type DeviceValue, DeviceVerification, type DeviceVerifyReport } from '@reheap/machine'
import { left, right } from 'fp-ts/lib/Either.js'
import type { Input } from '../input.ts'
import type { Outcome, Result } from '../outcome.ts'
import { counted, table } from '../show/table.ts'
import { walk } from '../walk.ts'
import { deviceProfileOf, deviceRejection, loggedDriver } from './device-input.ts'

/** Replays a device's log and compares every answer of the real allocator. */
export async function verifyDevice(input: Input, chosen: string | undefined): Promise<Result<Outcome>> {
  const profile = deviceProfileOf(input, chosen)
  if (profile._tag === 'Left') return profile
  const verification = new DeviceVerification(profile.right, loggedDriver(input))
  const walked = await walk(input, { what: 'verify' }, (batch) => {
    const fed = verification.feed(batch)
    return fed._tag === 'Left' ? left(deviceRejection(input.name, fed.left)) : fed
  })
  if (walked._tag === 'Left') return walked
  const reported = verification.report()
  if (reported._tag === 'Left') return left(deviceRejection(input.name, reported.left))
  const report = reported.right
  return right({
    status: report.mismatches === 0 ? 0 : 1,
    json: { profile: profile.right.name, ...report },
    text: () => lines(input, profile.right.name, report).join('\n'),
  })
}

function lines({ name, header }: Input, profile: string, report: DeviceVerifyReport): readonly string[] {
  const { name: runtime, version } = header.runtime
  const { events, observations, unanswered, mismatches, first } = report
  const verdict = mismatches === 0 ? 'all as recorded' : `${formatCount(mismatches)} differ${mismatches === 1 ? 's' : ''}`
  return [
    `${name}: ${counted(events, 'event')} of ${runtime} ${version}, replayed as ${profile}`,
    `${counted(observations, 'observation')} compared: ${observations === 0 ? 'the log holds none' : verdict}`,
    ...(unanswered === 0 ? [] : [`${counted(unanswered, 'observed value')} passed over: nothing here answers them`]),
    ...(mismatches === 0 ? [] : ['', ...mismatchTable(first)]),
    ...(mismatches > first.length ? [`... and ${formatCount(mismatches - first.length)} more`] : []),
  ]
}

const mismatchTable = (first: readonly DeviceMismatch[]): readonly string[] =>
  table(
    [{ title: 'event' }, { title: 'of', align: 'left' }, { title: 'recorded', align: 'left' }, { title: 'simulated', align: 'left' }],
    first.map(({ index, of, expected, simulated }) => [formatCount(index), of, shown(expected), shown(simulated)]),
  )

const shown = (value: DeviceValue): string => (value === null ? 'nothing' : typeof value === 'string' ? value : JSON.stringify(value))
