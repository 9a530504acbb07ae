import { rmSync } from 'node:fs'
import { isDeepStrictEqual } from 'node:util'
import { afterAll, describe, expect, test } from 'vitest'
import { someOf } from '../../../scripts/tests/effort.ts'
import { type Mutation, Workshop } from '../../../scripts/tests/workshop.ts'
import type * as CycleGc from '../src/index.ts'
import { MUTANTS } from './mutants.ts'
import { COLLECTIONS, play, SCENARIOS } from './scenario.ts'
import { TRIGGERED, TRIGGERS, trigger } from './trigger.ts'

const workshop = new Workshop<typeof CycleGc>(import.meta.url)
const table: string[] = []

afterAll(() => {
  rmSync(workshop.folder, { recursive: true, force: true })
  console.log(`wrong rules, and what catches them first\n${table.join('\n')}`)
})

/** Where the package first differs from a real interpreter; null: nowhere. One that throws differs. */
function firstDifference(gc: typeof CycleGc): string | null {
  const differs = (name: string, interpreter: string, answer: () => boolean): string | null => {
    try {
      return answer() ? null : `${name}, on ${interpreter}`
    } catch (error) {
      return `${name}, on ${interpreter}: ${(error as Error).message}`
    }
  }
  for (const scenario of SCENARIOS)
    for (const { interpreters, observed } of COLLECTIONS[scenario.name] ?? [])
      for (const interpreter of interpreters) {
        const found = differs(scenario.name, interpreter, () => isDeepStrictEqual(play(gc, scenario, interpreter), observed))
        if (found !== null) return found
      }
  for (const program of TRIGGERS)
    for (const { interpreters, observed } of TRIGGERED[program.name] ?? [])
      for (const interpreter of interpreters) {
        const { events, olderCounts } = observed
        const isSame = (): boolean => isDeepStrictEqual(trigger(gc, program, interpreter, observed), { events, olderCounts })
        const found = differs(program.name, interpreter, isSame)
        if (found !== null) return found
      }
  return null
}

const differenceOf = async (mutation: Mutation | null): Promise<string | null> => firstDifference(await workshop.load(mutation))

test('[G52] the unchanged copy differs nowhere: what a mutant shows is its own', async () => {
  expect(await differenceOf(null)).toBeNull()
})

describe.each(MUTANTS)('$rule: $name', (mutation) => {
  test('[G52] is one place of the sources as they are', () => {
    expect(workshop.occurrences(mutation)).toBe(1)
  })
})

describe.each(someOf(MUTANTS))('$rule: $name', (mutation) => {
  test('[G52] differs from a real interpreter', async () => {
    const found = await differenceOf(mutation)
    table.push(`${mutation.name.padEnd(72)}${found}`)
    expect(found).not.toBeNull()
  })
})

test('[G52] no two mutants are the same', () => {
  expect(new Set(MUTANTS.map(({ name }) => name)).size).toBe(MUTANTS.length)
  expect(new Set(MUTANTS.map(({ file, find, replace }) => file + find + replace)).size).toBe(MUTANTS.length)
})
