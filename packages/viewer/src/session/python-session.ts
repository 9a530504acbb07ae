/** An interpreter's log: replayed once for its curves, then asked for any moment. */
import { allocatorStats, fragmentation, poolMap, sizeClassStats } from '@reheap/allocator'
import { collectionStats, generationCounts, generationSizes, thresholds } from '@reheap/cycle-gc'
import type { DeviceMemoryState } from '@reheap/device-memory'
import { type FactBatch, NO_ID, type Sealed } from '@reheap/kernel'
import {
  behindDevices,
  collectorOf,
  devicesOf,
  heapOf,
  isOfDevice,
  type MachineState,
  machineAllocatedBlocks,
  machineUsage,
  objectsOf,
  Replay,
} from '@reheap/machine'
import { Collections, DeviceTimeline, Marks, Names, Timeline } from '@reheap/projections'
import { objectCount, typeTotals } from '@reheap/refcount'
import { type Either, left, right } from 'fp-ts/lib/Either.js'
import { deviceCurves, heapCurves, POINTS } from './curves.ts'
import { deviceBirth, deviceRows } from './device-rows.ts'
import { eventText } from './event-text.ts'
import { HostCurves } from './host-curves.ts'
import { profileOfLog } from './log-profile.ts'
import { type LogStore, partsOf } from './log-store.ts'
import type { Moment, Overview, PythonView, Sent } from './messages.ts'
import { gatherArenas, gatherSegments, momentsOf } from './moments.ts'
import { PythonStates } from './python-states.ts'
import { frameText, Stacks } from './stacks.ts'

export class PythonSession {
  readonly log: LogStore
  readonly names = new Names()
  readonly stacks: Stacks
  readonly #states: PythonStates

  constructor(log: LogStore) {
    this.log = log
    this.stacks = new Stacks(log)
    this.#states = new PythonStates(log)
  }

  /** The first pass. Left: the log contradicts itself. */
  open(onProgress: (events: number) => void): Either<string, Overview> {
    const log = this.log
    const profile = profileOfLog(log)
    if (profile._tag === 'Left') return left(`${log.name}: ${profile.left}`)
    const host = new HostCurves(POINTS)
    const replay = new Replay({ recorded: profile.right, onHost: host.listener })
    const timeline = new Timeline(profile.right.allocator.alignmentBytes, POINTS)
    const collections = new Collections(profile.right.nanosecondsPerVisit)
    const devices = new DeviceTimeline(POINTS)
    const marks = new Marks()
    const regions: Moment[] = []
    const { kept } = this.#states
    for (const batch of log.batches) if (replay.begin(batch)) break
    for (const batch of partsOf(log)) {
      this.names.feed(batch, batch.length)
      marks.feed(batch, batch.length)
      if (batch.firstIndex >= kept.next) kept.add(replay.state(), batch.firstIndex)
      for (const rows of behindDevices(batch, batch.length)) {
        const fed = replay.feed(rows)
        if (fed._tag === 'Left') return left(`${log.name}: event ${fed.left.index} cannot have happened: ${fed.left.reason.message}`)
        timeline.feed(fed.right)
        collections.feed(fed.right)
        gatherArenas(fed.right, regions)
        host.feed(fed.right)
        const memory = replay.devicesNow
        if (memory === null || !isOfDevice(rows.code[rows.length - 1])) continue
        gatherSegments(fed.right, regions)
        devices.enter(rows.firstIndex + rows.length - 1, memory)
      }
      onProgress(batch.firstIndex + batch.length)
    }
    const moments = [...host.moments, ...momentsOf(marks, collections), ...regions].sort((a, b) => a.index - b.index)
    const { name: runtime, version } = log.header.runtime
    return right({
      name: log.name,
      layer: 'python',
      devices: devices.devices(),
      runtime: `${runtime} ${version}`,
      profile: profile.right.name,
      events: log.length,
      hasLines: !this.stacks.isEmpty,
      notes: log.notes,
      curves: [...heapCurves(timeline, log.length), ...host.curves(log.length), ...deviceCurves(devices, log.length, true)],
      moments,
      collections: collections.first,
    })
  }

  /** The memory after the first `at` events. */
  view(at: number): Sent<PythonView> {
    return this.read(at, (state) => this.#viewOf(state, at))
  }

  #viewOf(state: Sealed<MachineState>, at: number): Sent<PythonView> {
    const heap = heapOf(state)
    const collector = collectorOf(state)
    const objects = objectsOf(state)
    const counts = generationCounts(collector)
    const limits = thresholds(collector)
    const sizes = generationSizes(collector)
    const stats = collectionStats(collector)
    return {
      layer: 'python',
      at,
      event: eventText(this.log, at - 1),
      frames: this.stacks.framesOf(this.stackOf(at - 1) ?? NO_ID),
      allocatorStats: allocatorStats(heap),
      allocatedBlocks: machineAllocatedBlocks(state),
      sizeClasses: sizeClassStats(heap),
      fragmentation: fragmentation(heap),
      usage: machineUsage(state),
      pools: poolMap(heap),
      objects: objectCount(objects),
      types: typeTotals(objects).map(({ type, objects: count, bytes }) => ({ name: this.names.typeName(type), count, bytes })),
      generations: counts.map((count, generation) => ({
        generation,
        count,
        threshold: limits[generation] ?? 0,
        objects: sizes[generation] ?? 0,
        collections: stats[generation]?.collections ?? 0,
        collected: stats[generation]?.collected ?? 0,
      })),
      devices: deviceRows(devicesOf(state)),
    }
  }

  /** The memory of all devices after the first `at` events. */
  devicesAt(at: number): Sealed<DeviceMemoryState> {
    return devicesOf(this.stateAt(at))
  }

  /** Gives the facts of the whole log. */
  facts(take: (facts: FactBatch) => void): void {
    const profile = profileOfLog(this.log)
    if (profile._tag === 'Left') throw new Error(profile.left)
    const replay = new Replay({ recorded: profile.right })
    for (const batch of this.log.batches) {
      const fed = replay.feed(batch)
      if (fed._tag === 'Right') take(fed.right)
    }
  }

  /** Stack of an event; undefined: the log does not say. */
  stackOf(index: number): number | undefined {
    return this.log.batches.value('stack', index) ?? undefined
  }

  /** Which event asked for a device's live block, and from where. */
  block(block: number, at: number): { readonly born: number | null; readonly frames: readonly string[] } {
    const born = deviceBirth(this.log, block, at)
    return { born, frames: born === null ? [] : this.stacks.framesOf(this.stackOf(born) ?? NO_ID).map(frameText) }
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
