import { Replay } from '@reheap/machine'
import { type Command, Option } from 'commander'
import { left, right } from 'fp-ts/lib/Either.js'
import { descentLines, descentOf } from '../descent/descent.ts'
import { traceDeviceRequest } from '../descent/device-descent.ts'
import { Witness } from '../descent/witness.ts'
import { isDeviceLog } from '../device/device-input.ts'
import { type HostOptions, hostOption, hostReplay } from '../host/host-options.ts'
import type { Input } from '../input.ts'
import type { Outcome, Result } from '../outcome.ts'
import { profilesOf, rejection } from '../profiles.ts'
import { counted } from '../show/table.ts'
import { type LogOptions, logVerb, profileOption, settle, wholeNumber, withLog } from '../verb.ts'
import { walk } from '../walk.ts'

interface TraceOptions extends LogOptions, HostOptions {
  readonly index: number
  readonly profile?: string
}

const EXAMPLE = `$ reheap trace-request hello.arrows --index 19000
$ reheap trace-request array.arrows --index 51200 --json`

/** `reheap trace-request`: one request on its way down through every layer. */
export const traceRequestVerb = (): Command =>
  logVerb(
    'trace-request <log>',
    'follow one request down: object, block, pool, arena, C library, mapping, pages, RAM, or a GPU; with the pyramid of all layers at that moment',
    EXAMPLE,
  )
    .addOption(new Option('--index <index>', 'the event to follow').argParser(wholeNumber).makeOptionMandatory())
    .addOption(profileOption())
    .addOption(hostOption())
    .action((log: string, options: TraceOptions) =>
      settle(
        options,
        withLog(log, options, (input) => traceRequest(input, options)),
      ),
    )

async function traceRequest(input: Input, options: TraceOptions): Promise<Result<Outcome>> {
  if (isDeviceLog(input)) return traceDeviceRequest(input, options)
  const profiles = profilesOf(input, options.profile)
  if (profiles._tag === 'Left') return profiles
  const host = hostReplay(options)
  if (host._tag === 'Left') return host
  const witness = new Witness(new Replay({ ...profiles.right, ...host.right }), options.index)
  const walked = await walk(input, { what: 'trace-request', isDone: () => witness.seen !== null }, (batch) => {
    const fed = witness.feed(batch)
    return fed._tag === 'Left' ? left(rejection(input.name, fed.left)) : fed
  })
  if (walked._tag === 'Left') return walked
  const { seen } = witness
  if (seen === null)
    return left(`--index ${options.index}: ${input.name} has ${counted(walked.right, 'event')}; give a number below ${walked.right}`)
  const descent = descentOf(seen)
  const { profile } = profiles.right
  return right({
    status: 0,
    json: { profile: profile.name, ...descent },
    text: () => descentLines(input.name, descent, profile).join('\n'),
  })
}
