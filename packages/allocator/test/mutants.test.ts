import { rmSync } from 'node:fs'
import { afterAll, describe, expect, test } from 'vitest'
import { someOf } from '../../../scripts/tests/effort.ts'
import { type Mutation, Workshop } from '../../../scripts/tests/workshop.ts'
import type * as Allocator from '../src/index.ts'
import { MUTANTS } from './mutants.ts'
import { FIXTURES, readFixture } from './recording.ts'
import { firstMismatch } from './replay.ts'

const workshop = new Workshop<typeof Allocator>(import.meta.url)
const recordings = FIXTURES.map(readFixture)
const table: string[] = []

afterAll(() => {
  rmSync(workshop.folder, { recursive: true, force: true })
  console.log(
    `wrong rules, and the row of each recording that catches them\n${recordings.map(({ name }) => name).join(', ')}\n${table.join('\n')}`,
  )
})

/** The first mismatch of each recording; a mutant that throws is caught as well. */
async function mismatches(mutation: Mutation | null): Promise<readonly (string | null)[]> {
  const allocator = await workshop.load(mutation)
  return recordings.map((recording) => {
    try {
      return firstMismatch(allocator, recording)
    } catch (error) {
      return `row ?: ${(error as Error).message}`
    }
  })
}

test('[A48] the unchanged copy catches nothing: what a mutant shows is its own', async () => {
  expect(await mismatches(null)).toEqual(recordings.map(() => null))
})

describe.each(MUTANTS)('$rule: $name', (mutation) => {
  test('[A48] is one place of the sources as they are', () => {
    expect(workshop.occurrences(mutation)).toBe(1)
  })
})

describe.each(someOf(MUTANTS))('$rule: $name', (mutation) => {
  test('[A48] is caught by a recording', async () => {
    const found = await mismatches(mutation)
    table.push(`${mutation.name.padEnd(64)}${found.map((row) => (row?.match(/^row (\S+):/)?.[1] ?? '-').padStart(8)).join('')}`)
    expect(found.filter((row) => row !== null)).not.toHaveLength(0)
  })
})

test('[A48] no two mutants are the same', () => {
  expect(new Set(MUTANTS.map(({ name }) => name)).size).toBe(MUTANTS.length)
  expect(new Set(MUTANTS.map(({ file, find, replace }) => file + find + replace)).size).toBe(MUTANTS.length)
})
