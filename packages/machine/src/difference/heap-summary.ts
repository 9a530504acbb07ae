/** What is compared of an interpreter's log, or of a part of it. */
import { sizeClassStats } from '@reheap/allocator'
import type { EventBatch, Rejected, Sealed } from '@reheap/kernel'
import { Collections, Names, Timeline, type TimelineStart } from '@reheap/projections'
import { typeTotals } from '@reheap/refcount'
import { type Either, right } from 'fp-ts/lib/Either.js'
import { heapsOf, type MachineRejection, machineAllocatedBlocks, objectsOf } from '../machine.ts'
import type { MachineState } from '../machine-draft.ts'
import type { MachineProfile } from '../profile.ts'
import { Replay, type ReplayOptions } from '../replay.ts'
import { machineUsage } from '../usage.ts'
import { RunningTurnover, type Turnover } from './turnover.ts'

/** What a log cost. @unit bytes, unless the name says otherwise */
export interface HeapCost {
  readonly heldBytesPeak: number
  readonly heldBytes: number
  readonly arenaBytes: number
  readonly cLibraryBytes: number
  readonly blockBytes: number
  readonly requestedBytes: number
  /** As `sys.getallocatedblocks()`. */
  readonly allocatedBlocks: number
  readonly objectsPeak: number
  readonly objects: number
  readonly objectBytes: number
  readonly collections: number
}

/** Live objects of one type. */
export interface TypeCount {
  readonly bytes: number
  readonly objects: number
}

/** Pools of one size class. */
export interface ClassCount {
  /** In live blocks. */
  readonly bytes: number
  readonly blocks: number
  readonly pools: number
}

/** What happened to an interpreter's memory in between. */
export interface HeapTurnover extends Turnover {
  /** Objects that came to life and that died. */
  readonly born: number
  readonly died: number
}

/** What is compared of a log. */
export interface HeapSummary {
  readonly name: string
  /** Those before the end of what was counted. */
  readonly events: number
  readonly profile: string
  readonly cost: HeapCost
  readonly types: ReadonlyMap<string, TypeCount>
  /** By the bytes of a block. */
  readonly sizeClasses: ReadonlyMap<number, ClassCount>
  readonly turnover: HeapTurnover
}

export const NO_POOLS: ClassCount = { bytes: 0, blocks: 0, pools: 0 }

interface SummarizerOptions extends Pick<ReplayOptions, 'recorded' | 'profile'> {
  /** Stretches of the log's curves; left out: as few as can be. */
  readonly points?: number
  /** Names that are known from elsewhere. */
  readonly names?: Names
  /** Where the replay begins, with the events before: {@link HeapSummarizer.begin} there. Left out: the log's beginning. */
  readonly from?: { readonly state: Sealed<MachineState>; readonly at: number }
}

/** Gathers what is compared of a log; feed it every batch in order. */
export class HeapSummarizer {
  readonly #name: string
  readonly #replay: Replay
  readonly #profile: MachineProfile
  readonly #names: Names
  /** Are the names those of the log as far as it was fed? */
  readonly #readsNames: boolean
  /** Its curves. */
  timeline: Timeline
  #collections: Collections
  #turnover = new RunningTurnover()
  /** Events before what is counted, and up to its end. */
  #from: number
  #events: number

  constructor(name: string, { recorded, profile = recorded, points = 2, names, from }: SummarizerOptions) {
    this.#name = name
    this.#replay = new Replay({ recorded, profile, from: from?.state })
    this.#profile = profile
    this.#names = names ?? new Names()
    this.#readsNames = names === undefined
    this.timeline = new Timeline(profile.allocator.alignmentBytes, points)
    this.#collections = new Collections(profile.nanosecondsPerVisit, 0)
    this.#from = this.#events = from?.at ?? 0
  }

  /** Counts a batch in. Left: a request that cannot have happened. */
  feed(batch: EventBatch): Either<Rejected<MachineRejection>, void> {
    if (this.#readsNames) this.#names.feed(batch, batch.length)
    const fed = this.#replay.feed(batch)
    if (fed._tag === 'Left') return fed
    this.timeline.feed(fed.right)
    this.#collections.feed(fed.right)
    this.#turnover.feedHeap(fed.right)
    this.#events += batch.length
    return right(undefined)
  }

  /** Counts what comes from here on by itself. @returns the moment: a part without events */
  begin(): HeapSummary {
    const state = this.#replay.state()
    this.timeline = new Timeline(this.#profile.allocator.alignmentBytes, 2, startAt(state, this.#events))
    this.#collections = new Collections(this.#profile.nanosecondsPerVisit, 0)
    this.#turnover = new RunningTurnover()
    this.#from = this.#events
    return this.#told(state)
  }

  /** Ends the replay. */
  summary(): HeapSummary {
    return this.#told(this.#replay.end())
  }

  #told(state: Sealed<MachineState>): HeapSummary {
    const { usage, objects } = this.timeline
    const { allocated, freed } = this.#turnover
    const types = new Map<string, TypeCount>()
    for (const { type, objects: count, bytes } of typeTotals(objectsOf(state))) {
      const name = this.#names.typeName(type)
      const before = types.get(name) ?? { bytes: 0, objects: 0 }
      types.set(name, { bytes: before.bytes + bytes, objects: before.objects + count })
    }
    const sizeClasses = new Map<number, ClassCount>()
    for (const heap of heapsOf(state)) {
      for (const { blockBytes, usedBlocks, pools } of sizeClassStats(heap)) {
        const before = sizeClasses.get(blockBytes) ?? NO_POOLS
        sizeClasses.set(blockBytes, {
          bytes: before.bytes + usedBlocks * blockBytes,
          blocks: before.blocks + usedBlocks,
          pools: before.pools + pools,
        })
      }
    }
    return {
      name: this.#name,
      events: this.#events,
      profile: this.#replay.profile.name,
      cost: {
        heldBytesPeak: usage.peak('heldBytes').value,
        heldBytes: usage.heldBytes,
        arenaBytes: usage.arenaBytes,
        cLibraryBytes: usage.cLibraryBytes,
        blockBytes: usage.blockBytes,
        requestedBytes: usage.requestedBytes,
        allocatedBlocks: machineAllocatedBlocks(state),
        objectsPeak: objects.peak('objects').value,
        objects: objects.objects,
        objectBytes: objects.bytes,
        collections: this.#collections.total,
      },
      types,
      sizeClasses,
      turnover: {
        events: this.#events - this.#from,
        allocated: { ...allocated },
        freed: { ...freed },
        born: objects.born,
        died: objects.died,
      },
    }
  }
}

const startAt = (state: Sealed<MachineState>, at: number): TimelineStart => ({
  at,
  usage: { ...machineUsage(state), liveBlocks: machineAllocatedBlocks(state) },
  objects: objectsOf(state),
})
