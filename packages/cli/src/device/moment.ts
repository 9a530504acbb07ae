/** A device's log just after one of its events. */
import {
  type DeviceMemoryState,
  deviceMemoryWording,
  deviceStats,
  FACT_OPCODES,
  type Fact,
  openDevices,
  outOfMemoryMessage,
  REQUEST_OPCODES,
  type SegmentView,
  segments,
} from '@reheap/device-memory'
import { NO_ID, type Sealed } from '@reheap/kernel'
import { type LiveBlock, liveBlocks } from '@reheap/projections'
import { left, right } from 'fp-ts/lib/Either.js'
import type { Result } from '../outcome.ts'
import { deviceRejection, type LoadedDevice, replayOf } from './device-input.ts'

const { BeginPool: BEGIN, EndPool: END } = REQUEST_OPCODES

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

/** A request that was refused. */
export interface Refusal {
  readonly index: number
  readonly device: number
  readonly stream: number
  /** As the program asked. */
  readonly requestedBytes: number
  /** As the allocator rounded it. */
  readonly bytes: number
  readonly deviceFreeBytes: number
}

/** Every request that was refused, in order. */
export function refusalsOf(loaded: LoadedDevice): Result<readonly Refusal[]> {
  const { log, input } = loaded
  const found: Refusal[] = []
  const replay = replayOf(loaded)
  const ran = replay.run(log.length, ({ code, cause, tag, other, size, address, length }) => {
    for (let fact = 0; fact < length; fact++) {
      if (code[fact] !== FACT_OPCODES.OutOfMemoryRaised) continue
      const index = cause[fact]
      const requestedBytes = log.rows.size[index]
      found.push({ index, device: tag[fact], stream: other[fact], requestedBytes, bytes: size[fact], deviceFreeBytes: address[fact] })
    }
  })
  return ran._tag === 'Left' ? left(deviceRejection(input.name, ran.left)) : right(found)
}

/** Capacity and limit of a device, and what it answers in words. */
export function deviceOf(state: Sealed<DeviceMemoryState>, device: number) {
  const open = openDevices(state).find((each) => each.device === device)
  return {
    capacityBytes: open?.capacityBytes ?? 0,
    limitBytes: open?.limitBytes ?? Number.POSITIVE_INFINITY,
    stats: deviceStats(state, device),
    message: outOfMemoryMessage(state, device),
  }
}

/** The private pool that a request on a stream comes from at an event; null: the device's own pools. */
export function poolAt({ log, options }: LoadedDevice, index: number, device: number, stream: number): number | null {
  const begun: { readonly pool: number; readonly stream: number }[] = []
  const { code, tag, id, other } = log.rows
  for (let row = 0; row < index; row++) {
    if (tag[row] !== device) continue
    if (code[row] === BEGIN) begun.push({ pool: id[row], stream: other[row] })
    else if (code[row] === END) {
      const place = begun.findLastIndex(({ pool }) => pool === id[row])
      if (place >= 0) begun.splice(place, 1)
    }
  }
  const own = begun.filter((pool) => pool.stream === NO_ID || pool.stream === stream)
  return (options.profile.poolMatch === 'last' ? own.at(-1) : own[0])?.pool ?? null
}
