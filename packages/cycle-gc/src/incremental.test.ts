import { type Batch, Columns, Emit } from '@reheap/kernel'
import { describe, expect, test } from 'vitest'
import { Program } from '../test/program.ts'
import {
  collectionStats,
  collectorMechanism,
  collectorPort,
  collectorProfile,
  collectorWording,
  EMPTY_START,
  emptyCollector,
  generationCounts,
  generationOf,
  generationSizes,
  type Request,
  type RequestOpcode,
  rowsOfGeneration,
} from './index.ts'
import { PlainHeap } from './plain-heap.ts'
import { keeper } from './state.ts'

/** A thousand old objects from before the log; those that roots lead to are marked at the start of a pass. */
function program(version: '3.14.0' | '3.14.2', rootMarked: number | null = null): Program {
  const start = { ...EMPTY_START, objects: [0, 0, 1000, 0] as const, heapSize: 1000, rootMarked }
  return new Program({ ...collectorProfile(version), start })
}

const figures = ({ state }: Program): readonly number[] => {
  const { workToDo, phase, visitedSpace } = keeper.read(state)
  return [workToDo, phase, visitedSpace]
}

function cycle(made: Program, object: number): void {
  made.make(object)
  made.hold(object, object)
  made.letGo(object)
}

/** A heap whose one root is object 2, a name of a module. */
class ModuleHeap extends PlainHeap {
  override globalRoots(): readonly number[] {
    return [2]
  }
}

/** Generation of object 2 after the first increment of a pass. */
function generationAfterMark(isFrozen: boolean): number | null {
  const draft = collectorMechanism.thaw(emptyCollector(collectorProfile('3.14.2')))
  const heap = new ModuleHeap()
  heap.tracking = collectorPort(draft, heap, heap, { emit: new Emit(), cause: 0 })
  const ask = (request: Request): void => {
    const rows = new Columns()
    collectorWording.write(request, rows)
    collectorMechanism.applyBatch(draft, rows as Batch<RequestOpcode>, 0, 1, new Emit())
  }
  heap.make(1, 'list')
  if (isFrozen) ask({ kind: 'FreezeObjects' })
  heap.make(2, 'list')
  ask({ kind: 'Collect', generation: 1 })
  return generationOf(collectorMechanism.seal(draft), 2)
}

describe('increments', () => {
  test('[G53] after gc.freeze nothing is marked from modules: what only their names hold stays young', () => {
    expect([generationAfterMark(false), generationAfterMark(true)]).toEqual([2, 0])
  })

  test('[G34] the first of a pass marks, and takes what it marked off the work owed twice', () => {
    const made = program('3.14.2')
    for (let object = 0; object < 5; object++) made.make(object)
    made.collect(1)
    // 5 new objects, 1005 / 10 / 10 of the heap, and twice 1000 objects that were marked.
    expect(figures(made)).toEqual([5 + 10 - 2000, 1, 0])
    expect(rowsOfGeneration(made.state, 0)).toEqual([0, 1, 2, 3, 4])
  })

  test('[G37] 3.14.0 reckons at most one and a half times the new objects, and goes on while no work is owed', () => {
    const [old, later] = [program('3.14.0'), program('3.14.2')]
    for (const made of [old, later]) {
      for (let object = 0; object < 5; object++) made.make(object)
      made.collect(1)
      cycle(made, 5)
    }
    expect(figures(old)[0]).toBe(5 + 7 - 2000)
    expect(old.collect(1)).toContainEqual({
      kind: 'CollectionFinished',
      generation: 1,
      collected: 1,
      uncollectable: 0,
      visited: 6,
      isCounted: true,
    })
    expect(later.collect(1)).toContainEqual({
      kind: 'CollectionFinished',
      generation: 1,
      collected: 0,
      uncollectable: 0,
      visited: 0,
      isCounted: false,
    })
    expect(rowsOfGeneration(later.state, 0)).toEqual([0, 1, 2, 3, 4, 5])
  })

  test('[G55] an object from before the log counts when it ends: everywhere, or where the collector knew it', () => {
    const made = program('3.14.2')
    for (let object = 0; object < 5; object++) made.make(object)
    made.do({ kind: 'ReleaseEarlierObject', tracked: false })
    expect([generationCounts(made.state)[0], generationSizes(made.state)[2]]).toEqual([5, 1000])
    made.do({ kind: 'ReleaseEarlierObject', tracked: true })
    expect([generationCounts(made.state)[0], generationSizes(made.state)[2]]).toEqual([4, 999])
    const start = { ...EMPTY_START, objects: [0, 0, 0, 1] as const }
    const older = new Program({ ...collectorProfile('3.13'), start })
    for (let object = 0; object < 5; object++) older.make(object)
    older.do({ kind: 'ReleaseEarlierObject', tracked: false })
    older.do({ kind: 'ReleaseEarlierObject', tracked: true })
    older.do({ kind: 'ReleaseEarlierObject', tracked: true })
    expect([generationCounts(older.state)[0], generationSizes(older.state)[3]]).toEqual([2, 0])
  })

  test('[G38] an increment that only marked, or found no work owed, does not count', () => {
    const made = program('3.14.2')
    made.collect(1)
    made.collect(1)
    expect(collectionStats(made.state).map(({ collections }) => collections)).toEqual([0, 0, 0])
    made.collect(0)
    made.collect(2)
    expect(collectionStats(made.state).map(({ collections }) => collections)).toEqual([1, 0, 1])
  })

  test('[G36] a pass that visited everything ends, and the spaces change places', () => {
    const start = { ...EMPTY_START, objects: [0, 0, 20, 0] as const, heapSize: 4900, rootMarked: 0 }
    const made = new Program({ ...collectorProfile('3.14.2'), start })
    made.collect(1)
    expect(figures(made)).toEqual([0, 1, 0])
    for (let object = 0; object < 10; object++) made.make(object)
    const [, finished] = made.collect(1)
    // 10 new objects and, of 4910 / 10 / 10, at most 20: all ten are visited, and the twenty that no root leads to.
    expect(finished).toMatchObject({ kind: 'CollectionFinished', visited: 30 })
    expect(figures(made)).toEqual([0, 0, 1])
    expect(generationSizes(made.state)).toEqual([0, 0, 30, 0])
    expect(keeper.read(made.state).list[0]).toBe(2)
  })

  test('[G36] with frozen objects the spaces stay, and what was visited is to be visited again', () => {
    const made = program('3.14.2')
    made.do({ kind: 'FreezeObjects' })
    made.make(1)
    made.collect(2)
    expect(figures(made)).toEqual([0, 0, 0])
    const { list } = keeper.read(made.state)
    // The visited space is the first one, so row 1 waits in the second.
    expect(list[1]).toBe(3)
  })

  test.each([
    ['3.13', 0],
    ['3.13', 2],
    ['3.14.2', 0],
    ['3.14.2', 2],
  ] as const)(
    '[G56] on %s a collection of generation %i visits all that it holds, objects from before the log among them',
    (version, generation) => {
      const start = { ...EMPTY_START, objects: [7, 0, 1000, 3] as const }
      const made = new Program({ ...collectorProfile(version), start })
      for (let object = 0; object < 5; object++) made.make(object)
      const held = generationSizes(made.state).slice(0, generation + 1)
      const finished = made.collect(generation).at(-1)
      expect(finished).toMatchObject({ kind: 'CollectionFinished', visited: held.reduce((sum, size) => sum + size, 0) })
    },
  )
})
