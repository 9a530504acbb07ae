import { rmSync } from 'node:fs'
import { afterAll, describe, expect, test } from 'vitest'
import { someOf } from '../../../scripts/tests/effort.ts'
import { type Mutation, Workshop } from '../../../scripts/tests/workshop.ts'
import { MUTANTS } from './mutants.ts'
import { fixturePaths, readRecording } from './recording.ts'
import { type Subject, verify } from './verification.ts'

const workshop = new Workshop<Subject>(import.meta.url)
const recordings = fixturePaths().map(readRecording)
const table: string[] = []

afterAll(() => {
  rmSync(workshop.folder, { recursive: true, force: true })
  console.log(`wrong rules, and the recording that catches each\n${table.join('\n')}`)
})

/** The first recording in which a mutant shows, and where; one that throws shows as well. */
async function caughtBy(mutation: Mutation | null): Promise<string | null> {
  const subject = await workshop.load(mutation)
  for (const recording of recordings) {
    try {
      const mismatch = verify(subject, recording, 1).mismatches[0]
      if (mismatch !== undefined) return `${recording.name}: row ${mismatch.row}, ${mismatch.of}`
    } catch (error) {
      return `${recording.name}: ${(error as Error).message}`
    }
  }
  return null
}

test('[D52] the unchanged copy is caught by nothing: what a mutant shows is its own', async () => {
  expect(await caughtBy(null)).toBeNull()
})

describe.each(MUTANTS)('$rule: $name', (mutation) => {
  test('[D52] is one place of the sources as they are', () => {
    expect(workshop.occurrences(mutation)).toBe(1)
  })
})

describe.each(someOf(MUTANTS))('$rule: $name', (mutation) => {
  test('[D52] is caught by a recording', async () => {
    const found = await caughtBy(mutation)
    table.push(`${mutation.name.padEnd(64)} ${found}`)
    expect(found).not.toBeNull()
  })
})

test('[D52] no two mutants are the same', () => {
  expect(new Set(MUTANTS.map(({ name }) => name)).size).toBe(MUTANTS.length)
  expect(new Set(MUTANTS.map(({ file, find, replace }) => file + find + replace)).size).toBe(MUTANTS.length)
})
