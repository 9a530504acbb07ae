import { expect, test } from 'vitest'
import { Program } from '../test/program.ts'
import { COLLECTOR_VERSIONS, collectorProfile, rowsOfGeneration, unreachableRows } from './index.ts'
import { splice } from './lists.ts'
import { keeper, LISTS, NONE } from './state.ts'
import { deduceUnreachableInSteps } from './trial-deletion.ts'

/** Self-referring lists: 1 old, 2 and 3 in generation 1, 4 young; 3 also holds 5, and 6 is held by the program. */
function program(): Program {
  const made = new Program()
  for (const [object, generation] of [
    [1, 1],
    [2, 0],
    [3, 0],
  ] as const) {
    made.make(object)
    made.hold(object, object)
    made.collect(generation)
  }
  made.make(5)
  made.make(4)
  made.hold(4, 4)
  made.hold(3, 5)
  made.make(6)
  return made
}

test('[G42] garbage is found in every generation, with the youngest collection that is enough', () => {
  const made = program()
  expect(unreachableRows(made.state)).toEqual([])
  made.letGo(1, 2, 3, 4, 5)
  const before = [0, 1, 2].map((generation) => rowsOfGeneration(made.state, generation))
  expect(unreachableRows(made.state)).toEqual([
    { row: 1, generation: 2, freedBy: 2 },
    { row: 5, generation: 0, freedBy: 1 },
    { row: 4, generation: 0, freedBy: 0 },
    { row: 2, generation: 1, freedBy: 1 },
    { row: 3, generation: 1, freedBy: 1 },
  ])
  expect([0, 1, 2].map((generation) => rowsOfGeneration(made.state, generation))).toEqual(before)
})

test('[G42] each of these collections frees what was said', () => {
  for (const generation of [0, 1, 2]) {
    const made = program()
    made.letGo(1, 2, 3, 4, 5)
    const said = unreachableRows(made.state).filter(({ freedBy }) => freedBy <= generation)
    const freed = made.collect(generation).flatMap((fact) => (fact.kind === 'ObjectFreed' ? [fact.object] : []))
    expect(freed.sort()).toEqual(said.map(({ row }) => row).sort())
  }
})

test.each([1, 2, 3, 7, 1000])('[G42] in steps of %i rows a search finds what a collection frees', (rows) => {
  const OBJECTS = 200
  const made = new Program()
  for (let object = 0; object < OBJECTS; object++) made.make(object, 'list', object > 2 ? [object - 1 - (object % 3)] : [])
  // Held by objects that come later: they are set aside first, and brought back.
  for (let object = 0; object < OBJECTS; object += 5) made.hold(object, Math.min(OBJECTS - 1, object + 3))
  made.letGo(...Array.from({ length: OBJECTS }, (_, object) => object).filter((object) => object !== 120))
  const s = keeper.read(made.state).clone()
  const size = s.size[LISTS.generation0]
  splice(s, LISTS.generation0, LISTS.region)
  let steps = 0
  for (const _ of deduceUnreachableInSteps(s, LISTS.generation2, rows)) steps++
  const found: number[] = []
  for (let row = s.head[LISTS.unreachable]; row !== NONE; row = s.next[row]) found.push(s.heap.object[row])
  const freed = made.collect(2).flatMap((fact) => (fact.kind === 'ObjectFreed' ? [fact.object] : []))
  expect(found.sort((a, b) => a - b)).toEqual(freed.sort((a, b) => a - b))
  expect([found.length > 20, size - found.length > 20]).toEqual([true, true])
  expect(steps).toBeGreaterThanOrEqual(2 * Math.ceil(size / rows))
})

test.each(COLLECTOR_VERSIONS)('[G49] %s: when every root is dropped and a full collection has run, nothing is left', (version) => {
  const made = new Program(collectorProfile(version))
  for (let object = 0; object < 200; object++)
    made.make(object, (['list', 'instance', 'dict', 'tuple'] as const)[object % 4], object > 2 ? [object - 1, object - 3] : [])
  for (let object = 0; object < 200; object += 4) made.hold(object, object + 3)
  for (const generation of [0, 1, 0]) made.collect(generation)
  made.letGo(...Array.from({ length: 200 }, (_, object) => object))
  made.collect(2)
  expect([0, 1, 2, 3].map((generation) => rowsOfGeneration(made.state, generation))).toEqual([[], [], [], []])
  expect(unreachableRows(made.state)).toEqual([])
})
