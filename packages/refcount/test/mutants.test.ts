import { rmSync } from 'node:fs'
import { afterAll, describe, expect, test } from 'vitest'
import { someOf } from '../../../scripts/tests/effort.ts'
import { type Mutation, Workshop } from '../../../scripts/tests/workshop.ts'
import type * as Refcount from '../src/index.ts'
import { differenceFromModel } from './comparison.ts'
import { type Order, orderOfDeaths } from './deaths.ts'
import { differenceInGarbage } from './garbage.ts'
import { attributes, calls, freeList, reused, tracked } from './habits.ts'
import { MUTANTS } from './mutants.ts'
import { answersTo, profileOf, readOracle } from './oracle.ts'
import { RECIPES } from './recipe.ts'
import { STORY_NAMES, told } from './stories.ts'

type Package = typeof Refcount
const workshop = new Workshop<Package>(import.meta.url)
const deaths = readOracle<Order>('deaths')
const habits = readOracle<unknown>('habits')
const same = (ours: unknown, real: unknown): boolean => JSON.stringify(ours) === JSON.stringify(real)
const table: string[] = []

afterAll(() => {
  rmSync(workshop.folder, { recursive: true, force: true })
  console.log(`wrong rules, and what catches them first\n${table.join('\n')}`)
})

/** Graphs of up to so many nodes are enough to tell rules apart. */
const NODES_MAX = 2000

/** The first answer of a real interpreter that the package gives otherwise. */
function firstDifference(refcount: Package): string | null {
  for (const story of STORY_NAMES)
    for (const [interpreter, real] of answersTo(habits, `story: ${story}`))
      if (!same(told(refcount, profileOf(refcount, interpreter), story), real)) return `story ${story}, ${interpreter}`
  for (const [question, answer] of [
    ['tracked', tracked],
    ['calls', calls],
    ['reused', reused],
  ] as const)
    for (const [interpreter, real] of answersTo(habits, question))
      if (!same(answer(refcount, profileOf(refcount, interpreter)), real)) return `${question}, ${interpreter}`
  for (const [interpreter, real] of answersTo(habits as ReturnType<typeof readOracle<[number, number][]>>, 'attributes'))
    if (attributes(refcount, profileOf(refcount, interpreter)).some(([, freed], place) => freed !== real[place]?.[1]))
      return `attributes, ${interpreter}`
  for (const question of Object.keys(habits).filter((name) => name.startsWith('free list: '))) {
    for (const [interpreter, real] of answersTo(habits as ReturnType<typeof readOracle<{ requested: number }>>, question)) {
      const ours = freeList(refcount, profileOf(refcount, interpreter), question.slice('free list: '.length))
      if (Math.abs(ours.requested - real.requested) > 2) return `${question}, ${interpreter}`
    }
  }
  for (const [name, recipe] of Object.entries(RECIPES)) {
    if (recipe.nodes > NODES_MAX) continue
    for (const [interpreter, real] of answersTo(deaths, name))
      if (!same(orderOfDeaths(refcount, profileOf(refcount, interpreter), recipe), real)) return `${name}, ${interpreter}`
  }
  return differenceFromModel(refcount) ?? differenceInGarbage(refcount)
}

async function caught(mutation: Mutation | null): Promise<string | null> {
  const refcount = await workshop.load(mutation)
  try {
    return firstDifference(refcount)
  } catch (error) {
    return `thrown: ${(error as Error).message.split('\n')[0]}`
  }
}

test('[R46] the unchanged copy is caught by nothing: what a mutant shows is its own', async () => {
  expect(await caught(null)).toBe(null)
})

describe.each(MUTANTS)('$rule: $name', (mutation) => {
  test('[R46] is one place of the sources as they are', () => {
    expect(workshop.occurrences(mutation)).toBe(1)
  })
})

describe.each(someOf(MUTANTS))('$rule: $name', (mutation) => {
  test('[R46] is caught', async () => {
    const by = await caught(mutation)
    table.push(`${mutation.name.padEnd(64)} ${by ?? '-'}`)
    expect(by).not.toBe(null)
  })
})

test('[R46] no two mutants are the same', () => {
  expect(new Set(MUTANTS.map(({ file, find, replace }) => `${file} ${find} ${replace}`)).size).toBe(MUTANTS.length)
})
