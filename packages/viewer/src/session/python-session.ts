/** An interpreter's log: replayed once for its curves, then asked for any moment. */
import { allocatorStats, FACT_OPCODES as BLOCK_FACTS, fragmentation, pinnedArenas, poolMap, sizeClassStats } from '@reheap/allocator'
import { collectionStats, generationCounts, generationSizes, thresholds } from '@reheap/cycle-gc'
import { Emit, type FactBatch, type Sealed } from '@reheap/kernel'
import {
  collectorOf,
  heapOf,
  type LoggedStart,
  type MachineProfile,
  type MachineState,
  machineAllocatedBlocks,
  machineMechanism,
  machineUsage,
  objectsOf,
  profileOfRuntime,
  Replay,
  startingFrom,
} from '@reheap/machine'
import { Collections, Marks, Names, TIMELINE_LAYERS, Timeline } from '@reheap/projections'
import { objectCount, typeTotals } from '@reheap/refcount'
import { type Either, left, right } from 'fp-ts/lib/Either.js'
import { BlockBirths } from './block-births.ts'
import { eventText } from './event-text.ts'
import type { LogStore } from './log-store.ts'
import type { BlockOrigin, Curve, Moment, Overview, PythonView } from './messages.ts'
import { type Kept, nearest, strideOf } from './snapshots.ts'

/** Stretches of a curve; finer ones than a screen has pixels, so that zooming shows more. */
const POINTS = 16_384
const MOMENTS_MAX = 20_000

const LABELS: Readonly<Record<(typeof TIMELINE_LAYERS)[number], string>> = {
  requestedBytes: 'asked for, in pools',
  blockBytes: 'blocks of pools',
  arenaBytes: 'arenas',
  cLibraryBytes: 'C library',
  heldBytes: 'held: arenas + C library',
  objects: 'objects',
  objectBytes: 'objects, bytes',
}

export class PythonSession {
  readonly log: LogStore
  readonly #kept: Kept<Sealed<MachineState>>[] = []
  readonly names = new Names()
  readonly #births: BlockBirths
  #last: Kept<Sealed<MachineState>> | null = null

  constructor(log: LogStore) {
    this.log = log
    this.#births = new BlockBirths(log)
  }

  /** The first pass. Left: the log contradicts itself. */
  open(onProgress: (events: number) => void): Either<string, Overview> {
    const log = this.log
    const profile = profileOfLog(log)
    if (profile._tag === 'Left') return left(`${log.name}: ${profile.left}`)
    const replay = new Replay({ recorded: profile.right })
    const timeline = new Timeline(profile.right.allocator.alignmentBytes, POINTS)
    const collections = new Collections(profile.right.nanosecondsPerVisit)
    const marks = new Marks()
    const regions: Moment[] = []
    const stride = strideOf(log.length)
    for (const batch of log.batches) {
      this.names.feed(batch, batch.length)
      marks.feed(batch, batch.length)
      if (this.#kept.length === 0 || batch.firstIndex >= (this.#kept.at(-1)?.at ?? 0) + stride) this.#keep(replay, batch.firstIndex)
      const fed = replay.feed(batch)
      if (fed._tag === 'Left') return left(`${log.name}: event ${fed.left.index} cannot have happened: ${fed.left.reason.message}`)
      timeline.feed(fed.right)
      collections.feed(fed.right)
      gatherRegions(fed.right, regions)
      onProgress(batch.firstIndex + batch.length)
    }
    const points = timeline.points(log.length)
    const curves = TIMELINE_LAYERS.map(
      (key): Curve => ({
        key,
        label: LABELS[key],
        unit: key === 'objects' ? 'count' : 'bytes',
        width: points.length === 0 ? 1 : (points[0] as { to: number }).to,
        max: Float64Array.from(points, ({ max }) => max[key]),
        last: Float64Array.from(points, ({ last }) => last[key]),
      }),
    ).filter(({ max }) => max.some((value) => value > 0))
    const moments = [
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
      curves,
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

  /** The live blocks of a pool, with the events that made them. */
  pool(at: number, address: number, bytes: number): readonly BlockOrigin[] {
    const arena = pinnedArenas(heapOf(this.stateAt(at))).findLast((each) => each.address <= address)
    const blocks = (arena?.blocks ?? []).filter((block) => block.address >= address && block.address < address + bytes)
    return blocks.map(({ block, address: place, bytes: size }) => ({ block, address: place, bytes: size, ...this.#births.of(block, at) }))
  }

  /** The state after the first `at` events. */
  stateAt(at: number): Sealed<MachineState> {
    const kept = nearest(this.#kept, at)
    const start = this.#last !== null && this.#last.at <= at && this.#last.at >= (kept?.at ?? 0) ? this.#last : kept
    if (start === undefined) throw new RangeError(`no state at ${at}`)
    if (start.at === at) return start.state
    const draft = machineMechanism.thaw(start.state)
    const emit = new Emit({ muted: true })
    for (const batch of this.log.batches) {
      const { firstIndex, length } = batch
      if (firstIndex + length <= start.at || firstIndex >= at) continue
      machineMechanism.applyBatch(draft, batch, Math.max(0, start.at - firstIndex), Math.min(length, at - firstIndex), emit)
    }
    this.#last = { at, state: machineMechanism.seal(draft) }
    return this.#last.state
  }

  /** A state before a batch; of the very first the replay has not begun, and it begins with an empty part of the batch. */
  #keep(replay: Replay, at: number): void {
    const first = this.log.batches[0]
    if (at === 0 && first !== undefined) replay.feed(first, 0)
    this.#kept.push({ at, state: replay.state() })
  }
}

function profileOfLog({ header }: LogStore): Either<string, MachineProfile> {
  const { name, version, pointerBits } = header.runtime
  const alignmentBytes = 'alignmentBytes' in header.runtime ? Number(header.runtime.alignmentBytes) : undefined
  const profile = profileOfRuntime({
    name,
    version,
    pointerBits: pointerBits === 32 ? 32 : 64,
    ...(alignmentBytes === undefined ? {} : { alignmentBytes }),
  })
  if (profile._tag === 'Left') return profile
  return right(startingFrom(profile.right, (header as { readonly collector?: LoggedStart }).collector))
}

function gatherRegions({ code, cause, length }: FactBatch, into: Moment[]): void {
  for (let row = 0; row < length && into.length < MOMENTS_MAX; row++) {
    if (code[row] === BLOCK_FACTS.ArenaOpened) into.push({ index: cause[row], kind: 'region', label: 'arena mapped' })
    else if (code[row] === BLOCK_FACTS.ArenaReleased) into.push({ index: cause[row], kind: 'region', label: 'arena released' })
  }
}
