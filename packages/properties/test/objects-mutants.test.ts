import { rmSync } from 'node:fs'
import { afterAll, describe, expect, test } from 'vitest'
import { compareProgram, type ObjectParts, objectProfile } from '../src/index.ts'
import { HeapWorkshop } from './heap-workshop.ts'
import { OBJECT_MUTANTS } from './objects-mutants.ts'
import { programs, runs } from './objects-recording.ts'

const workshop = new HeapWorkshop()
const table: string[] = []
afterAll(() => {
  rmSync(workshop.folder, { recursive: true, force: true })
  console.log(`wrong rules, and what shows them first\n${table.join('\n')}`)
})

/** Quick programs first: those that bring the runtime's own objects along take longest. */
const order = [...programs.keys()].sort(
  (one, other) => Number(programs[one]?.unfreezes) - Number(programs[other]?.unfreezes) || one - other,
)

/** Profiles come from the copy too: some wrong rules are written there. */
async function firstDifference(parts: ObjectParts, wanted: readonly number[]): Promise<string | null> {
  for (const index of wanted) {
    const program = programs[index]
    if (program === undefined) continue
    for (const { name, version, pointerBits, printed } of runs) {
      try {
        const found = compareProgram(program, printed[index] ?? '', objectProfile(version, pointerBits, parts), parts)
        if (found !== null) return `program ${index} on ${name}: ${found.expected} is ${found.simulated}`
      } catch (error) {
        return `program ${index} on ${name}: ${(error as Error).message}`
      }
    }
  }
  return null
}

test('[P28] the unchanged copy shows nothing', async () => {
  const { parts } = await workshop.load(null)
  expect(await firstDifference(parts, order.slice(0, 40))).toBeNull()
})

describe.each(OBJECT_MUTANTS)('$name', (mutation) => {
  test('[P28] is shown by what a real interpreter printed', async () => {
    expect(workshop.occurrences(mutation)).toBe(1)
    const found = await firstDifference((await workshop.load(mutation)).parts, order)
    table.push(`${mutation.name.padEnd(60)}${found}`)
    expect(found).not.toBeNull()
  })
})

test('[P28] no two wrong rules are the same', () => {
  expect(new Set(OBJECT_MUTANTS.map(({ name }) => name)).size).toBe(OBJECT_MUTANTS.length)
})
