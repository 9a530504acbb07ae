import { readFileSync, rmSync } from 'node:fs'
import { afterAll, describe, expect, test } from 'vitest'
import { parseHeapStream, sectionsOf } from '../../../scripts/heap/stream.mjs'
import { someOf } from '../../../scripts/tests/effort.ts'
import { type Mutation, Workshop } from '../../../scripts/tests/workshop.ts'
import type * as HostMemory from '../src/index.ts'
import { HEAP_MUTANTS } from './heap-mutants.ts'
import { firstDifference, recordedHeaps } from './heap-streams.ts'

const workshop = new Workshop<typeof HostMemory>(import.meta.url)
const rules = sectionsOf(readFileSync(new URL('fixtures/glibc-2.36-rules.txt', import.meta.url), 'utf8'))
const recorded = [...rules.map(({ title, text }) => [title, parseHeapStream(text)] as const), ...recordedHeaps()]
const table: string[] = []

afterAll(() => {
  rmSync(workshop.folder, { recursive: true, force: true })
  console.log(`wrong rules, and the first script or stream of the real malloc that catches each\n${table.join('\n')}`)
})

async function caughtBy(mutation: Mutation | null): Promise<string | null> {
  const host = await workshop.load(mutation)
  for (const [name, stream] of recorded) {
    try {
      const difference = firstDifference(host, stream)
      if (difference !== null) return `${name}: ${difference}`
    } catch (fault) {
      return `${name}: ${fault}`
    }
  }
  return null
}

describe('wrong rules of the heap', () => {
  test('[H80] the right ones differ nowhere', async () => expect(await caughtBy(null)).toBeNull())

  test.each(HEAP_MUTANTS)('[$rule] $name is one place of the sources as they are', (mutation) => {
    expect(workshop.occurrences(mutation)).toBe(1)
  })

  test.each(someOf(HEAP_MUTANTS))('[$rule] $name is caught', async (mutation) => {
    const found = await caughtBy(mutation)
    table.push(`${mutation.rule} ${mutation.name.padEnd(52)} ${found}`)
    expect(found).not.toBeNull()
  })
})
