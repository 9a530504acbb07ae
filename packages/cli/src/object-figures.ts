import { collectionStats, frozenCount, generationCounts, generationSizes, thresholds } from '@reheap/cycle-gc'
import { collectorOf, objectsOf } from '@reheap/machine'
import type { Peak, RunningObjects } from '@reheap/projections'
import { type FreeListFigures, freeListFigures, liveBytes, objectCount, typeTotals } from '@reheap/refcount'
import type { Run } from './run.ts'

/** One generation of the collector. */
export interface GenerationFigures {
  /** As `gc.get_count()` and `gc.get_threshold()` give them. */
  readonly count: number
  readonly threshold: number
  /** Objects in it. */
  readonly objects: number
  /** As `gc.get_stats()` counts since the log began. */
  readonly collections: number
  readonly collected: number
  readonly uncollectable: number
}

/** What a replay says of objects. */
export interface ObjectFigures {
  /** Live objects of the log. */
  readonly live: number
  /** Their bytes, those beside their own blocks among them. */
  readonly bytes: number
  readonly peaks?: { readonly live: Peak; readonly bytes: Peak }
  readonly generations: readonly GenerationFigures[]
  /** Objects that `gc.freeze()` took out of the generations. */
  readonly frozen: number
}

/** A type with its live objects. */
export interface TypeFigures {
  readonly type: string
  readonly layout: string
  readonly objects: number
  readonly bytes: number
}

/** What is listed of objects. */
export interface ObjectTables {
  /** Those with the most bytes first. */
  readonly types?: readonly TypeFigures[]
  /** Those that were asked for memory. */
  readonly freeLists?: readonly FreeListFigures[]
}

/** The figures of a replay's objects; null where the log holds none. @param live what was counted on the way, for the peaks */
export function objectFigures({ state, names }: Run, live: RunningObjects | null): ObjectFigures | null {
  if (names.types === 0) return null
  const objects = objectsOf(state)
  const collector = collectorOf(state)
  const counts = generationCounts(collector)
  const limits = thresholds(collector)
  const sizes = generationSizes(collector)
  return {
    live: objectCount(objects),
    bytes: liveBytes(objects),
    ...(live === null ? {} : { peaks: { live: live.peak('objects'), bytes: live.peak('objectBytes') } }),
    generations: collectionStats(collector).map((stats, generation) => ({
      count: counts[generation] ?? 0,
      threshold: limits[generation] ?? 0,
      objects: sizes[generation] ?? 0,
      ...stats,
    })),
    frozen: frozenCount(collector),
  }
}

/** Live objects by type, and the free lists that were asked. */
export function objectTables({ state, names }: Run): ObjectTables {
  const objects = objectsOf(state)
  const types = typeTotals(objects).map(({ type, ...total }) => ({ type: names.typeName(type), ...total }))
  return {
    types: types.sort((a, b) => b.bytes - a.bytes || b.objects - a.objects),
    freeLists: freeListFigures(objects).filter(({ hits, misses }) => hits + misses > 0),
  }
}
