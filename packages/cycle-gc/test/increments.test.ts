import { beforeAll, describe, expect, test } from 'vitest'
import { statsOf } from '../src/figures.ts'
import { HEAP_FLAGS } from '../src/heap-view.ts'
import { collectorProfile } from '../src/index.ts'
import { append } from '../src/lists.ts'
import { PlainHeap } from '../src/plain-heap.ts'
import { runCollection } from '../src/run.ts'
import { CollectorState, growRows, LISTS, NONE } from '../src/state.ts'
import { trackingOf } from '../src/tracking.ts'
import { RealCollector, type RealObject, type RealState } from './wasm-collector.ts'

/** A heap with the real one's objects. A type that is no collector's object has no row. */
class MirroredHeap extends PlainHeap {
  roots: readonly number[] = []
  override globalRoots(): readonly number[] {
    return this.roots
  }
}

interface Mirror {
  readonly state: CollectorState
  readonly addresses: readonly number[]
}

function mirrorOf(real: RealState, objects: ReadonlyMap<number, RealObject>, roots: readonly number[]): Mirror {
  const addresses = [...objects.keys()]
  const rowOf = new Map(addresses.map((address, row) => [address, row]))
  const heap = new MirroredHeap()
  const rows = addresses.length
  heap.rows = rows
  heap.object = Uint32Array.from(addresses.keys())
  heap.count = new Int32Array(rows)
  heap.flags = new Uint8Array(rows)
  heap.kind = new Uint8Array(rows).fill(4)
  heap.firstReference = new Int32Array(rows)
  heap.referenceCount = new Int32Array(rows)
  const target: number[] = []
  for (const [row, { count, isGc, isTuple, references }] of [...objects.values()].entries()) {
    heap.count[row] = count < 0 ? 1 : count
    heap.flags[row] = (isGc ? HEAP_FLAGS.gc : 0) | (isTuple ? HEAP_FLAGS.tuple : 0) | (count < 0 ? HEAP_FLAGS.immortal : 0)
    heap.firstReference[row] = target.length
    heap.referenceCount[row] = references.length
    for (const to of references) target.push(rowOf.get(to) ?? NONE)
  }
  heap.target = Int32Array.from(target)
  heap.roots = roots.flatMap((address) => rowOf.get(address) ?? [])
  const state = new CollectorState(collectorProfile('3.14.2'), heap)
  growRows(state, rows)
  for (const [list, members] of real.lists.entries())
    for (const address of members) append(state, LISTS.generation0 + list, rowOf.get(address) as number)
  state.count.set(real.counts)
  state.threshold.set(real.thresholds)
  state.heapSize = real.heapSize
  state.workToDo = real.workToDo | 0
  state.visitedSpace = real.visitedSpace
  state.phase = real.phase
  for (const generation of [0, 1, 2]) {
    state.collections[generation] = real.stats[generation * 3] as number
    state.collectedTotal[generation] = real.stats[generation * 3 + 1] as number
    state.uncollectableTotal[generation] = real.stats[generation * 3 + 2] as number
  }
  heap.tracking = trackingOf(state)
  return { state, addresses }
}

function stateOf({ state, addresses }: Mirror): RealState {
  const listed = (list: number): number[] => {
    const found: number[] = []
    for (let row = state.head[list]; row !== NONE; row = state.next[row]) found.push(addresses[row] as number)
    return found
  }
  return {
    lists: [0, 1, 2, 3].map((list) => listed(LISTS.generation0 + list)),
    counts: [...state.count],
    thresholds: [...state.threshold],
    heapSize: state.heapSize,
    workToDo: state.workToDo >>> 0,
    visitedSpace: state.visitedSpace,
    phase: state.phase,
    stats: [0, 1, 2].flatMap((generation) => {
      const { collections, collected, uncollectable } = statsOf(state, generation)
      return [collections, collected, uncollectable]
    }),
  }
}

const GRAPH = `
import random
random.seed(7)
class Node:
    __slots__ = ('a', 'b', 'c')
def graph(n, cycles):
    made = []
    for i in range(n):
        kind = random.randrange(4)
        other = [random.choice(made) for _ in range(random.randrange(3)) if made]
        if kind == 0:
            made.append(list(other))
        elif kind == 1:
            made.append(tuple(other))
        elif kind == 2:
            made.append({str(k): o for k, o in enumerate(other)})
        else:
            node = Node()
            node.a = other
            made.append(node)
        if isinstance(made[-1], list) and random.random() < .3:
            made[-1].append(random.choice(made))
    for i in range(cycles):
        one, two = [], {}
        one.append(two)
        two['x'] = one
        two['y'] = made[-1]
    return random.sample(made, n // 3)
`
/** What is made between two collections, how much work is owed then, and which generation is collected. */
const STEPS: readonly (readonly [code: string, owed: number | null, generation: number])[] = [
  ['keep = [graph(300, 20)]', null, 1],
  ['keep.append(graph(200, 30))', 500, 1],
  ['keep.append(graph(100, 10))', 900, 1],
  ['del keep[0]', 3000, 1],
  ['keep.append(graph(100, 10))', null, 0],
  ['keep.append(graph(50, 5)); del keep[0]', 40000, 1],
  ['keep.append(graph(50, 5))', null, 1],
  ['keep.append(graph(50, 5))', 2000, 1],
  ['del keep', 100000, 1],
  ['keep = [graph(100, 30)]', null, 2],
  ['gc.freeze(); keep.append(graph(200, 30))', null, 1],
  ['keep.append(graph(200, 30))', 600, 1],
  ['del keep[:]', 100000, 1],
  ['keep.append(graph(200, 30)); gc.unfreeze()', null, 1],
  ['keep.append(graph(200, 30))', 5000, 1],
  ['keep = None', 100000, 1],
]

describe('the incremental collector beside the real 3.14.2', () => {
  let real: RealCollector
  let roots: readonly number[] = []
  beforeAll(async () => {
    real = await RealCollector.open()
    real.run(GRAPH)
    roots = real.globalRoots()
  })

  test.each(STEPS)('[G35] %s; %s owed; gc.collect(%i): every list in its order, and every figure', (code, owed, generation) => {
    real.run(code)
    if (owed !== null) real.owe(owed)
    const before = real.state()
    const mirror = mirrorOf(before, real.objects(before), roots)
    const collected = real.collect(generation)
    runCollection(mirror.state, generation, 'request')
    expect(stateOf(mirror)).toEqual(real.state())
    expect(mirror.state.work.collected).toBe(collected)
  })
})
