/** Every figure of a heap and its collector as plain values: as a sealed state says, and as a naive heap counts. */
import type { CollectorProfile, CollectorState, GenerationStats } from '@reheap/cycle-gc'
import { NO_ID, type Sealed } from '@reheap/kernel'
import type { ObjectGraph } from '@reheap/refcount'
import type { HeapParts } from './composition.ts'
import type { NaiveCollector } from './naive-collector.ts'
import type { NaiveHeap, NaiveObject } from './naive-heap.ts'

const PENDING_FINALIZER = 4
const WEAKLY_REFERENCED = 8

export interface ObjectFigures {
  readonly id: number
  readonly layout: string
  /** Null: its count is fixed. */
  readonly count: number | null
  readonly outside: number
  readonly bytes: number
  /** What it refers to, in order. */
  readonly to: readonly number[]
  readonly isTracked: boolean
  /** Null where that is not foretold: an incremental collector's, an immortal object's, one that is not tracked. */
  readonly generation: number | null
  readonly hasFinalizer: boolean
  /** A weak reference to it is alive, or it is one that is. */
  readonly isWeaklyReferenced: boolean
}

export interface CollectorFigures {
  readonly isEnabled: boolean
  readonly thresholds: readonly number[]
  /** Collections of each generation, null where not each counts, and what they collected. */
  readonly stats: readonly { readonly collections: number | null; readonly collected: number; readonly uncollectable: number }[]
}

/** What a heap holds, in a form that the naive model gives too; compared value by value. */
export interface HeapFigures {
  readonly objects: readonly ObjectFigures[]
  readonly garbage: readonly number[]
  readonly names: readonly (readonly [scope: number, name: number, object: number])[]
  readonly collector: CollectorFigures | null
}

/** Rows that a row refers to: itself, or the dict that an instance has up to 3.10. */
function targetsOf(graph: ObjectGraph, row: number): readonly number[] {
  const first = graph.firstReference[row] ?? 0
  const rows = [...graph.target.subarray(first, first + (graph.referenceCount[row] ?? 0))]
  const [dict] = rows
  return rows.length === 1 && dict !== undefined && graph.object[dict] === NO_ID ? targetsOf(graph, dict) : rows
}

/** Figures of a sealed state. @param collector null where there is none */
export function heapFigures(parts: HeapParts, graph: ObjectGraph, collector: Sealed<CollectorState> | null): HeapFigures {
  const areAgesForetold = collector !== null && isGenerational(parts.collector.profileOf(collector))
  const idOf = (row: number): number => graph.object[row] ?? NO_ID
  const objects: ObjectFigures[] = []
  for (let row = 0; row < graph.rows; row++) {
    if (!graph.isLive(row) || idOf(row) === NO_ID) continue
    const isImmortal = graph.isImmortal(row)
    const flags = graph.flags[row] ?? 0
    objects.push({
      id: idOf(row),
      layout: graph.layoutOf(row),
      count: isImmortal ? null : (graph.count[row] ?? 0),
      outside: graph.outside[row] ?? 0,
      bytes: graph.bytesOf(row),
      to: targetsOf(graph, row).map(idOf),
      isTracked: graph.isTracked(row),
      generation: areAgesForetold && !isImmortal ? parts.collector.generationOf(collector, row) : null,
      // A generator's is its own: the collector closes it.
      hasFinalizer: (flags & PENDING_FINALIZER) !== 0 && graph.layoutOf(row) !== 'generator',
      isWeaklyReferenced: (flags & WEAKLY_REFERENCED) !== 0,
    })
  }
  return {
    objects: objects.sort((a, b) => a.id - b.id),
    garbage: graph
      .garbage()
      .map(idOf)
      .filter((id) => id !== NO_ID),
    names: graph.bindings().map(({ scope, name, row }) => [scope, name, idOf(row)] as const),
    collector: collector === null ? null : collectorFigures(parts.collector, collector),
  }
}

export function collectorFigures(collector: HeapParts['collector'], state: Sealed<CollectorState>): CollectorFigures {
  const stats = statsOf(collector.collectionStats(state), collector.profileOf(state))
  return { isEnabled: collector.isEnabled(state), thresholds: collector.thresholds(state), stats }
}

/** An increment that found no work to do does not count. */
function statsOf(stats: readonly GenerationStats[], profile: CollectorProfile): CollectorFigures['stats'] {
  const areCounted = isGenerational(profile)
  return stats.map(({ collections, collected, uncollectable }) => ({
    collections: areCounted ? collections : null,
    collected,
    uncollectable,
  }))
}

const isGenerational = ({ policy }: CollectorProfile): boolean => policy.name === 'generational'

/** The same, counted. */
export function naiveFigures(heap: NaiveHeap, collector: NaiveCollector | null): HeapFigures {
  const areAgesForetold = collector !== null && isGenerational(collector.profile)
  const counts = heap.counts()
  const referents = new Set([...heap.objects.values()].map(({ weakTo }) => weakTo))
  const figuresOf = (object: NaiveObject): ObjectFigures => ({
    id: object.id,
    layout: object.layout,
    count: object.isImmortal ? null : (counts.get(object.id) ?? 0),
    outside: object.outside,
    bytes: object.bytes + object.besideBytes,
    to: object.references.map(({ to }) => to),
    isTracked: object.isTracked,
    generation: areAgesForetold && object.isTracked && !object.isImmortal ? object.generation : null,
    hasFinalizer: object.finalizer !== null,
    isWeaklyReferenced: object.weakTo !== null || referents.has(object.id),
  })
  const names = [...heap.scopes].flatMap(([scope, bound]) => [...bound].map(([name, object]) => [scope, name, object] as const))
  return {
    objects: [...heap.objects.values()].map(figuresOf).sort((a, b) => a.id - b.id),
    garbage: [...heap.garbage],
    names: names.filter((bound): bound is readonly [number, number, number] => bound[2] !== null),
    collector: collector === null ? null : naiveCollectorFigures(collector),
  }
}

/** Figures of a collector as they were told. */
export function naiveCollectorFigures({
  isEnabled,
  thresholds,
  stats,
  profile,
}: Pick<NaiveCollector, 'isEnabled' | 'thresholds' | 'stats' | 'profile'>): CollectorFigures {
  return { isEnabled, thresholds, stats: statsOf(stats, profile) }
}
