/** An interpreter's log: replayed once for its curves, then asked for any moment. */
import { allocatorStats, fragmentation, poolMap, sizeClassStats } from '@reheap/allocator'
import type { DeviceMemoryState } from '@reheap/device-memory'
import { type FactBatch, NO_ID, type Sealed, sliceEvents } from '@reheap/kernel'
import {
  behindDevices,
  collectorOf,
  devicesOf,
  heapOf,
  type MachineProfile,
  type MachineState,
  machineAllocatedBlocks,
  machineUsage,
  objectsOf,
  Replay,
} from '@reheap/machine'
import { BlockBirths, Collections, Marks, Names, ObjectBirths } from '@reheap/projections'
import { objectCount, typeTotals } from '@reheap/refcount'
import { type Either, left, right } from 'fp-ts/lib/Either.js'
import { collectorRows, NO_COLLECTOR } from './collector-rows.ts'
import { isEverHeld } from './curves.ts'
import { deviceRows } from './device-rows.ts'
import { eventNames } from './event-names.ts'
import { eventText } from './event-text.ts'
import { eventTimes } from './event-times.ts'
import { LogCurves } from './log-curves.ts'
import { profileOfLog } from './log-profile.ts'
import { type LogStore, partsOf } from './log-store.ts'
import { type Curve, type Overview, PART, type PythonView, type Sent } from './messages.ts'
import { MomentGathering } from './moments.ts'
import { PythonStates } from './python-states.ts'
import { Stacks } from './stacks.ts'
import type { Steps } from './steps.ts'

export class PythonSession {
  readonly log: LogStore
  readonly names = new Names()
  readonly stacks: Stacks
  /** Gathered by the first pass. */
  readonly births: BlockBirths
  readonly objectBirths: ObjectBirths
  readonly #states: PythonStates
  /** Null: the log was not opened yet. */
  #recorded: MachineProfile | null = null

  constructor(log: LogStore) {
    this.log = log
    this.stacks = new Stacks(log)
    this.births = new BlockBirths(log)
    this.objectBirths = new ObjectBirths(log)
    this.#states = new PythonStates(log)
  }

  /** The first pass. Left: the log contradicts itself. */
  open(onProgress: (events: number) => void): Either<string, Overview> {
    const log = this.log
    const profile = profileOfLog(log)
    if (profile._tag === 'Left') return left(`${log.name}: ${profile.left}`)
    const curves = new LogCurves(profile.right.allocator.alignmentBytes)
    const replay = new Replay({ recorded: profile.right, onHost: curves.listener })
    const collections = new Collections(profile.right.nanosecondsPerVisit, Number.POSITIVE_INFINITY)
    const marks = new Marks(Number.POSITIVE_INFINITY)
    const moments = new MomentGathering()
    const { kept } = this.#states
    for (const batch of log.batches) if (replay.begin(batch)) break
    for (const batch of partsOf(log)) {
      this.names.feed(batch, batch.length)
      marks.feed(batch, batch.length)
      this.births.feed(batch)
      if (batch.firstIndex >= kept.next) kept.add(replay.state(), batch.firstIndex)
      for (const rows of behindDevices(batch, batch.length)) {
        const fed = replay.feed(rows)
        if (fed._tag === 'Left') return left(`${log.name}: event ${fed.left.index} cannot have happened: ${fed.left.reason.message}`)
        collections.feed(fed.right)
        moments.feed(fed.right)
        curves.take(rows, fed.right, replay)
      }
      onProgress(batch.firstIndex + batch.length)
    }
    this.#recorded = profile.right
    const { name: runtime, version } = log.header.runtime
    return right({
      name: log.name,
      layer: 'python',
      devices: curves.devices,
      runtime: `${runtime} ${version}`,
      profile: profile.right.name,
      events: log.length,
      hasLines: !this.stacks.isEmpty,
      hasObjects: this.names.types > 0,
      notes: log.notes,
      curves: curves.curves(log.length).filter(isEverHeld),
      times: eventTimes(log.batches, 0, log.length),
      moments: moments.moments(marks.first),
      collections: collections.first,
    })
  }

  /**
   * Curves of a part of the log, closer than those of the whole. Yields where something else may be answered.
   *
   * @param from a place where a state may be kept
   */
  *detail(from: number, to: number): Steps<readonly Curve[]> {
    const recorded = this.#recorded
    if (recorded === null) throw new Error('the log has not been opened')
    const state = this.#states.near(from)
    const curves = new LogCurves(recorded.allocator.alignmentBytes, { at: from, state })
    const replay = new Replay({ recorded, from: state, onHost: curves.listener })
    for (let at = from; at < to; at += PART) {
      yield
      for (const batch of this.log.batches.within(at, Math.min(to, at + PART))) {
        const first = Math.max(0, at - batch.firstIndex)
        const part = sliceEvents(batch, first, Math.min(batch.length, Math.min(to, at + PART) - batch.firstIndex))
        for (const rows of behindDevices(part, part.length)) {
          const fed = replay.feed(rows)
          if (fed._tag === 'Right') curves.take(rows, fed.right, replay)
        }
      }
    }
    return curves.curves(to)
  }

  /** The memory after the first `at` events. */
  view(at: number): Sent<PythonView> {
    return this.read(at, (state) => this.#viewOf(state, at))
  }

  #viewOf(state: Sealed<MachineState>, at: number): Sent<PythonView> {
    const heap = heapOf(state)
    const objects = objectsOf(state)
    const event = eventText(this.log, at - 1)
    return {
      layer: 'python',
      at,
      event,
      named: eventNames({ log: this.log, names: this.names, heap: objects }, event, at - 1),
      stack: this.stacks.told(this.stackOf(at - 1) ?? NO_ID),
      allocatorStats: allocatorStats(heap),
      allocatedBlocks: machineAllocatedBlocks(state),
      sizeClasses: sizeClassStats(heap),
      fragmentation: fragmentation(heap),
      usage: machineUsage(state),
      pools: poolMap(heap),
      objects: objectCount(objects),
      types: typeTotals(objects).map(({ type, objects: count, bytes }) => ({ name: this.names.typeName(type), count, bytes })),
      ...(this.names.types === 0 ? NO_COLLECTOR : collectorRows(collectorOf(state))),
      devices: deviceRows(devicesOf(state)),
    }
  }

  /** The memory of all devices after the first `at` events. */
  devicesAt(at: number): Sealed<DeviceMemoryState> {
    return devicesOf(this.stateAt(at))
  }

  /** Gives the facts of the whole log. */
  *facts(take: (facts: FactBatch) => void): Steps<void> {
    const profile = profileOfLog(this.log)
    if (profile._tag === 'Left') throw new Error(profile.left)
    const replay = new Replay({ recorded: profile.right })
    for (const batch of this.log.batches) {
      const fed = replay.feed(batch)
      if (fed._tag === 'Right') take(fed.right)
      yield
    }
  }

  /** Stack of an event; undefined: the log does not say. */
  stackOf(index: number): number | undefined {
    return this.log.batches.value('stack', index) ?? undefined
  }

  /** The state after the first `at` events, which may be kept. */
  stateAt(at: number): Sealed<MachineState> {
    return this.#states.at(at)
  }

  /** What `read` makes of the state after the first `at` events, without keeping it. */
  read<A>(at: number, read: (state: Sealed<MachineState>) => A): A {
    return this.#states.read(at, read)
  }
}
