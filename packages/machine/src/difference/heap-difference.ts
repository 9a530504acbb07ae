/** Two logs of interpreters side by side: what they cost, and which types and size classes hold it in the end. */
import { sizeClassStats } from '@reheap/allocator'
import type { EventBatch, Rejected } from '@reheap/kernel'
import { Collections, Names, Timeline } from '@reheap/projections'
import { typeTotals } from '@reheap/refcount'
import { type Either, right } from 'fp-ts/lib/Either.js'
import { heapsOf, type MachineRejection, machineAllocatedBlocks, objectsOf } from '../machine.ts'
import { Replay, type ReplayOptions } from '../replay.ts'
import { type Changed, changedOf } from './changed.ts'

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

/** What is compared of a log. */
export interface HeapSummary {
  readonly name: string
  readonly events: number
  readonly profile: string
  readonly cost: HeapCost
  readonly types: ReadonlyMap<string, TypeCount>
  /** By the bytes of a block. */
  readonly sizeClasses: ReadonlyMap<number, ClassCount>
}

type Side = Pick<HeapSummary, 'name' | 'events' | 'profile' | 'cost'>

/** What differs, the largest change first. */
export interface HeapDifference {
  readonly before: Side
  readonly after: Side
  readonly types: readonly (Changed<TypeCount> & { readonly type: string })[]
  readonly sizeClasses: readonly (Changed<ClassCount> & { readonly blockBytes: number })[]
}

/** Gathers what is compared of a log; feed it every batch in order. */
export class HeapSummarizer {
  readonly #name: string
  readonly #replay: Replay
  /** Its curves. */
  readonly timeline: Timeline
  readonly #collections: Collections
  readonly #names = new Names()
  #events = 0

  /** @param points stretches of the log's curves; left out: as few as can be */
  constructor(
    name: string,
    { recorded, profile = recorded, points = 2 }: Pick<ReplayOptions, 'recorded' | 'profile'> & { readonly points?: number },
  ) {
    this.#name = name
    this.#replay = new Replay({ recorded, profile })
    this.timeline = new Timeline(profile.allocator.alignmentBytes, points)
    this.#collections = new Collections(profile.nanosecondsPerVisit, 0)
  }

  /** Counts a batch in. Left: a request that cannot have happened. */
  feed(batch: EventBatch): Either<Rejected<MachineRejection>, void> {
    this.#names.feed(batch, batch.length)
    const fed = this.#replay.feed(batch)
    if (fed._tag === 'Left') return fed
    this.timeline.feed(fed.right)
    this.#collections.feed(fed.right)
    this.#events += batch.length
    return right(undefined)
  }

  /** Ends the replay. */
  summary(): HeapSummary {
    const state = this.#replay.end()
    const { usage, objects } = this.timeline
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
    }
  }
}

const NO_POOLS: ClassCount = { bytes: 0, blocks: 0, pools: 0 }

/** What two logs of an interpreter differ in, by type and by size class. */
export function heapDifference(before: HeapSummary, after: HeapSummary): HeapDifference {
  const said = ({ name, events, profile, cost }: HeapSummary): Side => ({ name, events, profile, cost })
  return {
    before: said(before),
    after: said(after),
    types: changedOf(before.types, after.types, { bytes: 0, objects: 0 }).map(([type, row]) => ({ type, ...row })),
    sizeClasses: changedOf(before.sizeClasses, after.sizeClasses, NO_POOLS).map(([blockBytes, row]) => ({ blockBytes, ...row })),
  }
}
