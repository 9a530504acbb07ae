import { expect, test } from 'vitest'
import { Program } from '../test/program.ts'
import { COLLECTOR_VERSIONS, collectorProfile, rowsOfGeneration, unreachableRows } from './index.ts'

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
