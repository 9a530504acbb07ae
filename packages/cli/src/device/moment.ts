/** A device's log just after one of its events. */
import { type DeviceMemoryState, deviceMemoryWording, deviceStats, type Fact, type SegmentView, segments } from '@reheap/device-memory'
import type { Sealed } from '@reheap/kernel'
import { type LiveBlock, liveBlocks } from '@reheap/projections'
import { left, right } from 'fp-ts/lib/Either.js'
import type { Result } from '../outcome.ts'
import { deviceRejection, type LoadedDevice, replayOf } from './device-input.ts'

export interface Moment {
  /** The event that was replayed last; -1: none. */
  readonly index: number
  /** Its facts. */
  readonly facts: readonly Fact[]
  /** Segments just before it. */
  readonly before: readonly SegmentView[]
  readonly statsBefore: ReturnType<typeof deviceStats>
  readonly state: Sealed<DeviceMemoryState>
  readonly segments: readonly SegmentView[]
  readonly live: readonly LiveBlock[]
}

/** Replays a log up to and with an event. @param index event; the last one where it is behind the end */
export function momentAt(loaded: LoadedDevice, index: number, device: number): Result<Moment> {
  const { log, input } = loaded
  const last = Math.min(index, log.length - 1)
  const replay = replayOf(loaded)
  const come = replay.run(Math.max(0, last))
  if (come._tag === 'Left') return left(deviceRejection(input.name, come.left))
  const before = segments(replay.state)
  const statsBefore = deviceStats(replay.state, device)
  const facts: Fact[] = []
  const ran = replay.run(last + 1, (told) => {
    for (let fact = 0; fact < told.length; fact++) if (told.cause[fact] === last) facts.push(deviceMemoryWording.read(told, fact))
  })
  if (ran._tag === 'Left') return left(deviceRejection(input.name, ran.left))
  const state = replay.end()
  return right({ index: last, facts, before, statsBefore, state, segments: segments(state), live: liveBlocks(state, log.rows, last + 1) })
}
