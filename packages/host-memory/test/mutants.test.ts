import { rmSync } from 'node:fs'
import { afterAll, describe, expect, test } from 'vitest'
import { someOf } from '../../../scripts/tests/effort.ts'
import { type Mutation, Workshop } from '../../../scripts/tests/workshop.ts'
import type * as HostMemory from '../src/index.ts'
import { firstDifference, recordedAreas } from './areas-stream.ts'
import { MUTANTS } from './mutants.ts'
import { STORIES, told } from './stories.ts'

const workshop = new Workshop<typeof HostMemory>(import.meta.url)
const recorded = [...recordedAreas()]

afterAll(() => rmSync(workshop.folder, { recursive: true, force: true }))

/** What catches a wrong rule first: an answer of Linux, or a story that ends otherwise. */
function caught(host: typeof HostMemory): string | null {
  for (const [name, stream] of recorded) {
    const difference = firstDifference(host, stream)
    if (difference !== null) return `${name}: ${difference}`
  }
  for (const { name, requests, profile, settings, end } of STORIES) {
    const ours = JSON.stringify(told(host, requests, profile, settings))
    if (ours !== JSON.stringify(end)) return `${name}: ${ours}`
  }
  return null
}

const difference = async (mutation: Mutation | null): Promise<string | null> => {
  const host = await workshop.load(mutation)
  try {
    return caught(host)
  } catch (fault) {
    return String(fault)
  }
}

describe('wrong rules', () => {
  test('[H26] the right ones differ nowhere', async () => expect(await difference(null)).toBeNull())

  test.each(MUTANTS)('[$rule] $name is one place of the sources as they are', (mutation) => {
    expect(workshop.occurrences(mutation)).toBe(1)
  })

  test.each(someOf(MUTANTS))('[$rule] $name is caught', async (mutation) => {
    expect(await difference(mutation)).not.toBeNull()
  })
})
