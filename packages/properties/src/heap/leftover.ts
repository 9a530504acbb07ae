/** What a drained heap still holds, and may not. */
import type { Sealed } from '@reheap/kernel'
import type { ObjectGraph } from '@reheap/refcount'
import { allocatorHeld, allocatorLeftover } from '../allocator/amounts.ts'
import type { HeapComposition } from './composition.ts'
import type { HeapProfile } from './profiles.ts'

/** Rows that some rows lead to, they themselves included. */
function reachableRows(graph: ObjectGraph, from: readonly number[]): ReadonlySet<number> {
  const found = new Set<number>()
  const waiting = [...from]
  for (let row = waiting.pop(); row !== undefined; row = waiting.pop()) {
    if (found.has(row)) continue
    found.add(row)
    const first = graph.firstReference[row] ?? 0
    waiting.push(...graph.target.subarray(first, first + (graph.referenceCount[row] ?? 0)))
  }
  return found
}

const liveRows = (graph: ObjectGraph): readonly number[] =>
  Array.from({ length: graph.rows }, (_, row) => row).filter((row) => graph.isLive(row))

/** What an immortal object leads to lives as long as it does. */
function keptRows(graph: ObjectGraph): ReadonlySet<number> {
  return reachableRows(
    graph,
    liveRows(graph).filter((row) => graph.isImmortal(row)),
  )
}

/** Is the row in a cycle, or held by one? */
function hangsOnCycle(graph: ObjectGraph, row: number, live: readonly number[]): boolean {
  return live.some((holder) => {
    const behind = reachableRows(graph, [...targetsOf(graph, holder)])
    return behind.has(holder) && reachableRows(graph, [holder]).has(row)
  })
}

function targetsOf(graph: ObjectGraph, row: number): Int32Array {
  const first = graph.firstReference[row] ?? 0
  return graph.target.subarray(first, first + (graph.referenceCount[row] ?? 0))
}

/** Why a drained heap is not empty, or null; immortal objects, one arena and so on are kept on purpose. */
export function leftoverIn<S>(composition: HeapComposition<S>, profile: HeapProfile, state: Sealed<S>): string | null {
  const { parts } = composition
  const objects = composition.objects(state)
  const collector = composition.collector(state)
  const graph = parts.refcount.objectGraph(objects)
  const kept = keptRows(graph)
  const left = liveRows(graph).filter((row) => !kept.has(row))
  if (collector === null) {
    const faults = left.filter((row) => !hangsOnCycle(graph, row, left))
    return faults.length === 0 ? null : `objects remain that no cycle holds: ${named(graph, faults)}`
  }
  if (left.length > 0) return `objects remain: ${named(graph, left)}`
  if (kept.size > 0) return null
  const stay = profile.refcount.freeLists.filter(({ isNeverEmptied }) => isNeverEmptied).map(({ layout }) => layout)
  const listed = parts.refcount.freeListFigures(objects).filter((list) => list.kept > 0)
  const wrong = listed.filter(({ layout }) => !stay.includes(layout))
  if (wrong.length > 0) return `free lists keep objects after a full collection: ${JSON.stringify(wrong)}`
  // What a list keeps for good lies in an arena.
  if (listed.length > 0) return null
  const below = composition.allocator(state)
  return below === null ? null : allocatorLeftover(parts.allocator, profile.allocator, below)
}

/** Why the blocks of the allocator are not those of the objects and of the free lists, or null. */
export function blockFault<S>({ parts, ...composition }: HeapComposition<S>, state: Sealed<S>): string | null {
  const below = composition.allocator(state)
  if (below === null) return null
  const objects = composition.objects(state)
  let wanted = liveRows(parts.refcount.objectGraph(objects)).length
  for (const { layout, kept } of parts.refcount.freeListFigures(objects)) wanted += layout === 'frame' ? 0 : kept
  parts.refcount.forEachObject(objects, ({ bytesBeside }) => {
    if (bytesBeside > 0) wanted++
  })
  const { poolBlocks = 0, clibBlocks = 0 } = allocatorHeld(parts.allocator, below)
  return poolBlocks + clibBlocks === wanted
    ? null
    : `${poolBlocks + clibBlocks} blocks are given out, objects and free lists have ${wanted}`
}

const named = (graph: ObjectGraph, rows: readonly number[]): string =>
  rows.map((row) => `${graph.object[row]} (${graph.layoutOf(row)})`).join(', ')
