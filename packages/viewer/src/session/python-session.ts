/** An interpreter's log: replayed once for its curves, then asked for any moment. */
import { allocatorStats, FACT_OPCODES as BLOCK_FACTS, fragmentation, poolMap, sizeClassStats } from '@reheap/allocator'
import { collectionStats, generationCounts, generationSizes, thresholds } from '@reheap/cycle-gc'
import { Emit, type FactBatch, type Sealed } from '@reheap/kernel'
import {
  collectorOf,
  heapOf,
  type MachineState,
  machineAllocatedBlocks,
  machineMechanism,
  machineUsage,
  objectsOf,
  Replay,
} from '@reheap/machine'
import { Collections, Marks, Names, Timeline } from '@reheap/projections'
import { objectCount, typeTotals } from '@reheap/refcount'
import { type Either, left, right } from 'fp-ts/lib/Either.js'
import { heapCurves, POINTS } from './curves.ts'
import { eventText } from './event-text.ts'
import { HostCurves } from './host-curves.ts'
import { profileOfLog } from './log-profile.ts'
import { type LogStore, partsOf } from './log-store.ts'
import type { Moment, Overview, PythonView } from './messages.ts'
import { type Kept, KeptStates } from './snapshots.ts'
import { Stacks } from './stacks.ts'

const MOMENTS_MAX = 20_000
/** Events between the cursor and a state that waits for steps back. */
const NEAR = 4096

export class PythonSession {
  readonly log: LogStore
  readonly names = new Names()
  readonly stacks: Stacks
  readonly #kept: KeptStates<Kept<Sealed<MachineState>>>
  /** The two states that were asked for last: a step back is as near as one on. */
  #recent: readonly Kept<Sealed<MachineState>>[] = []

  constructor(log: LogStore) {
    this.log = log
    this.stacks = new Stacks(log)
    this.#kept = new KeptStates(log.length)
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
    const marks = new Marks()
    const regions: Moment[] = []
    if (log.batches[0] !== undefined) replay.begin(log.batches[0])
    for (const batch of log.batches.flatMap(partsOf)) {
      this.names.feed(batch, batch.length)
      marks.feed(batch, batch.length)
      if (batch.firstIndex >= this.#kept.next) {
        const state = replay.state()
        this.#kept.add({ at: batch.firstIndex, state }, state)
      }
      const fed = replay.feed(batch)
      if (fed._tag === 'Left') return left(`${log.name}: event ${fed.left.index} cannot have happened: ${fed.left.reason.message}`)
      timeline.feed(fed.right)
      collections.feed(fed.right)
      gatherRegions(fed.right, regions)
      host.feed(fed.right)
      onProgress(batch.firstIndex + batch.length)
    }
    const moments = [
      ...host.moments,
      ...marks.first.map(({ index, label }): Moment => ({ index, kind: 'mark', label })),
      ...collections.first.map(
        ({ index, generation }): Moment => ({ index, kind: 'collection', label: `collection of generation ${generation}` }),
      ),
      ...regions,
    ].sort((a, b) => a.index - b.index)
    const { name: runtime, version } = log.header.runtime
    return right({
      name: log.name,
      layer: 'python',
      runtime: `${runtime} ${version}`,
      profile: profile.right.name,
      events: log.length,
      notes: log.notes,
      curves: [...heapCurves(timeline, log.length), ...host.curves(log.length)],
      moments,
      collections: collections.first,
    })
  }

  /** The memory after the first `at` events. */
  view(at: number): PythonView {
    const state = this.stateAt(at)
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
    }
  }

  /** The state after the first `at` events. */
  stateAt(at: number): Sealed<MachineState> {
    const kept = this.#kept.before(at)
    const start = this.#recent.reduce((best, each) => (each.at <= at && each.at >= (best?.at ?? 0) ? each : best), kept)
    if (start === undefined) throw new RangeError(`no state at ${at}`)
    if (start.at === at) return start.state
    // A step back is likely followed by others: a state a little before serves them.
    const isStepBack = this.#recent.some((each) => each.at > at && each.at - NEAR < at) && at - NEAR > start.at
    const near = isStepBack ? { at: at - NEAR, state: this.#replayed(start, at - NEAR) } : start
    const state = this.#replayed(near, at)
    this.#recent = [...(isStepBack ? [near] : this.#recent.slice(-1)), { at, state }]
    return state
  }

  #replayed(start: Kept<Sealed<MachineState>>, at: number): Sealed<MachineState> {
    const draft = machineMechanism.thaw(start.state)
    const emit = new Emit({ muted: true })
    for (const batch of this.log.batches) {
      const { firstIndex, length } = batch
      if (firstIndex + length <= start.at || firstIndex >= at) continue
      machineMechanism.applyBatch(draft, batch, Math.max(0, start.at - firstIndex), Math.min(length, at - firstIndex), emit)
    }
    return machineMechanism.seal(draft)
  }
}

function gatherRegions({ code, cause, length }: FactBatch, into: Moment[]): void {
  for (let row = 0; row < length && into.length < MOMENTS_MAX; row++) {
    if (code[row] === BLOCK_FACTS.ArenaOpened) into.push({ index: cause[row], kind: 'region', label: 'arena mapped' })
    else if (code[row] === BLOCK_FACTS.ArenaReleased) into.push({ index: cause[row], kind: 'region', label: 'arena released' })
  }
}
