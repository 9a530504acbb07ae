/** A device's log: replayed once for its curves, then asked for any moment. */
import type { DeviceMemoryState, FirstFit } from '@reheap/device-memory'
import { type FactBatch, NO_ID } from '@reheap/kernel'
import {
  DeviceLog,
  DeviceReplay,
  type DeviceReplayOptions,
  DeviceSummarizer,
  isOfDevice,
  profileOfRuntime,
  Refusals,
} from '@reheap/machine'
import { DeviceTimeline } from '@reheap/projections'
import { type Either, left, right } from 'fp-ts/lib/Either.js'
import { deviceCurves, POINTS } from './curves.ts'
import { deviceRows } from './device-rows.ts'
import { eventText } from './event-text.ts'
import { eventTimes } from './event-times.ts'
import type { LogStore } from './log-store.ts'
import { type Curve, type DeviceView, type Overview, PART, type Sent } from './messages.ts'
import { MomentGathering } from './moments.ts'
import { KeptStates } from './snapshots.ts'
import { Stacks } from './stacks.ts'
import type { Steps } from './steps.ts'

const PROGRESS_ROWS = 65_536

export class DeviceSession {
  readonly log: LogStore
  readonly stacks: Stacks
  readonly rows: DeviceLog
  /** Requests that were refused: known once it has been replayed. */
  readonly refusals: Refusals
  readonly #kept: KeptStates<DeviceMemoryState>
  #options: DeviceReplayOptions | null = null

  constructor(store: LogStore) {
    this.log = store
    this.stacks = new Stacks(store)
    this.rows = new DeviceLog(true, store.length)
    this.refusals = new Refusals(this.rows.rows)
    this.#kept = new KeptStates(store.length)
  }

  /** The first pass. Left: the log contradicts itself. */
  open(onProgress: (events: number) => void): Either<string, Overview> {
    const { name, header, batches, length, notes } = this.log
    const profile = profileOfRuntime({ name: header.runtime.name, version: header.runtime.version, pointerBits: 64 })
    if (profile._tag === 'Left') return left(`${name}: ${profile.left}`)
    for (const batch of batches) this.rows.feed(batch)
    const driver = (header as { readonly driver?: FirstFit }).driver
    const { answers } = this.rows
    this.#options = {
      profile: profile.right.deviceMemory,
      driver,
      answers: driver === undefined && answers.length > 0 ? answers : undefined,
    }
    const replay = new DeviceReplay(this.rows.parts(), this.#options)
    const timeline = new DeviceTimeline(POINTS)
    const moments = new MomentGathering()
    let index = 0
    const take = (facts: FactBatch): void => {
      moments.feed(facts)
      this.refusals.feed(facts)
    }
    const { code } = this.rows.rows
    for (; index < length; index++) {
      if (index % PROGRESS_ROWS === 0) onProgress(index)
      if (index === this.#kept.next) {
        this.#kept.add(replay.moment().state, index)
      }
      if (!isOfDevice(code[index])) continue
      const ran = replay.run(index + 1, take)
      if (ran._tag === 'Left') return left(`${name}: event ${ran.left.index} cannot have happened: ${ran.left.reason.message}`)
      timeline.enter(index, replay.state)
    }
    return right({
      name,
      layer: 'device',
      devices: timeline.devices(),
      runtime: `${header.runtime.name} ${header.runtime.version}`,
      profile: profile.right.deviceMemory.name,
      events: length,
      hasLines: !this.stacks.isEmpty,
      hasObjects: false,
      notes,
      curves: deviceCurves(timeline, length),
      times: eventTimes(batches, 0, length),
      moments: moments.moments(this.rows.marks),
      collections: [],
    })
  }

  /** Curves of a part of the log, closer than those of the whole. Yields where something else may be answered. */
  *detail(from: number, to: number): Steps<readonly Curve[]> {
    const replay = this.replayAt(from)
    const timeline = new DeviceTimeline(POINTS, { at: from, state: replay.state })
    const { code } = this.rows.rows
    for (let index = from; index < to; index++) {
      if (index % PART === 0) yield
      if (!isOfDevice(code[index])) continue
      replay.run(index + 1)
      timeline.enter(index, replay.state)
    }
    return deviceCurves(timeline, to)
  }

  /** The memory after the first `at` events. */
  view(at: number): Sent<DeviceView> {
    const stack = this.stacks.told(this.stackOf(at - 1) ?? NO_ID)
    return { layer: 'device', at, event: eventText(this.log, at - 1), named: {}, stack, devices: deviceRows(this.devicesAt(at)) }
  }

  /** How the log is replayed. @throws Error before it has been opened */
  get options(): DeviceReplayOptions {
    if (this.#options === null) throw new Error('the log has not been opened')
    return this.#options
  }

  /** A replay that has done the first `at` events. */
  replayAt(at: number): DeviceReplay {
    const { options } = this
    const kept = this.#kept.before(at)
    if (kept === undefined) throw new RangeError(`no state at ${at}`)
    const replay = kept.use((state) => new DeviceReplay(this.rows.parts(), { ...options, from: { state, at: kept.at } }))
    replay.run(at)
    return replay
  }

  /** The memory of all devices after the first `at` events. */
  devicesAt(at: number): DeviceReplay['state'] {
    return this.replayAt(at).state
  }

  /** What gathers the changes of a part of the log that begins after the first `at` events. */
  summarizerAt(at: number): DeviceSummarizer {
    const from = this.replayAt(at).moment()
    return new DeviceSummarizer(this.log.name, this.rows, { ...this.options, from })
  }

  /** Gives the facts of the whole log. */
  *facts(take: (facts: FactBatch) => void): Steps<void> {
    const replay = this.replayAt(0)
    while (replay.at < this.log.length) {
      replay.run(Math.min(this.log.length, replay.at + PART), take)
      yield
    }
  }

  /** Stack of an event; undefined: the log does not say. */
  stackOf(index: number): number | undefined {
    return this.rows.rows.stack?.[index]
  }
}
