/** The batches of a log, each replayed before it is given. */
import type { EventBatch } from '@reheap/kernel'
import { DeviceLog, DeviceReplay, Replay } from '@reheap/machine'
import { left, right } from 'fp-ts/lib/Either.js'
import { deviceProfileOf, deviceRejection, isDeviceLog, loggedDriver } from '../device/device-input.ts'
import type { Input } from '../input.ts'
import { Progress } from '../io/progress.ts'
import type { Result } from '../outcome.ts'
import { profilesOf, rejection } from '../profiles.ts'

/** Why a log cannot be read or cannot have happened, in one line. */
export class LogFault extends Error {}

/** Takes batches in order, then the end. */
interface Check {
  feed(batch: EventBatch): Result<unknown>
  end(): Result<unknown>
}

/** @throws LogFault */
export async function* checkedBatches(input: Input, what: string): AsyncGenerator<EventBatch, void, undefined> {
  const check = must(isDeviceLog(input) ? deviceCheck(input) : heapCheck(input))
  const progress = new Progress(what, input.length)
  let events = 0
  try {
    for await (const read of input.batches) {
      const batch = must(read)
      must(check.feed(batch))
      events += batch.length
      progress.at(events)
      yield batch
    }
    must(check.end())
  } finally {
    progress.end()
  }
}

function heapCheck(input: Input): Result<Check> {
  const profiles = profilesOf(input)
  if (profiles._tag === 'Left') return profiles
  const replay = new Replay({ ...profiles.right, muted: true })
  return right({
    feed: (batch) => {
      const fed = replay.feed(batch)
      return fed._tag === 'Left' ? left(rejection(input.name, fed.left)) : fed
    },
    end: () => right(undefined),
  })
}

/** A device's log is replayed at its end: the driver's answers stand behind what they answer. */
function deviceCheck(input: Input): Result<Check> {
  const profile = deviceProfileOf(input)
  if (profile._tag === 'Left') return profile
  const log = new DeviceLog()
  return right({
    feed: (batch) => right(log.feed(batch)),
    end: () => {
      const answers = loggedDriver(input) === undefined && log.answers.length > 0 ? log.answers : undefined
      const ran = new DeviceReplay(log.parts(), { profile: profile.right, driver: loggedDriver(input), answers }).run()
      return ran._tag === 'Left' ? left(deviceRejection(input.name, ran.left)) : ran
    },
  })
}

/** @throws LogFault */
function must<A>(result: Result<A>): A {
  if (result._tag === 'Left') throw new LogFault(result.left)
  return result.right
}
