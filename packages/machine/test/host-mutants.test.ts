import { createReadStream, readdirSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type * as HostMemory from '@reheap/host-memory'
import type { EventBatch } from '@reheap/kernel'
import { readJsonl } from '@reheap/trace'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { someOf } from '../../../scripts/tests/effort.ts'
import { type Mutation, Workshop } from '../../../scripts/tests/workshop.ts'
import type * as Machine from '../src/index.ts'
import { HOST_MUTANTS } from './host-mutants.ts'
import { HOST_STORIES } from './host-stories.ts'
import { must } from './recordings.ts'

interface Recording {
  readonly name: string
  readonly runtime: Machine.Runtime
  readonly batches: readonly EventBatch[]
}

const NATIVE = fileURLToPath(new URL('native/', import.meta.url))
const PAGES_MAX = 16
const PAGE = 4096

/** What the machine is composed of. */
const PARTS = ['allocator', 'refcount', 'cycle-gc', 'device-memory', 'host-memory', 'projections']

const workshop = new Workshop<typeof Machine>(import.meta.url, PARTS)
const recordings: Recording[] = []

beforeAll(async () => {
  for (const name of readdirSync(NATIVE)) {
    const { header, batches } = must(await readJsonl(createReadStream(NATIVE + name), { name }))
    const read: EventBatch[] = []
    for await (const batch of batches) read.push(must(batch))
    recordings.push({ name, runtime: header.runtime as Machine.Runtime, batches: read })
  }
})
afterAll(() => rmSync(workshop.folder, { recursive: true, force: true }))

/** How a real process's log is not replayed as it should be; null: sizes and addresses are the real ones. */
function differs(machine: typeof Machine, { name, runtime, batches }: Recording): string | null {
  const verification = new machine.Verification(must(machine.profileOfRuntime(runtime)))
  for (const batch of batches) {
    const fed = verification.feed(batch)
    if (fed._tag === 'Left') return `${name}: rejected at ${fed.left.index}`
  }
  const { mismatches, host } = verification.report()
  const far = host?.errors.find(({ maxBytes }) => maxBytes > PAGES_MAX * PAGE)
  if (mismatches > 0 || far !== undefined) return `${name}: ${mismatches} mismatches, ${far?.of} ${far?.maxBytes}`
  const { compared, exact } = host?.addresses ?? { compared: 0, exact: 0 }
  return compared > 900 && exact > 0.99 * compared ? null : `${name}: ${exact} of ${compared} addresses`
}

/** What catches a wrong rule first. */
function caught(machine: typeof Machine, host: typeof HostMemory): string | null {
  for (const { name, told, end } of HOST_STORIES) {
    const ours = JSON.stringify(told(machine, host))
    if (ours !== JSON.stringify(end)) return `${name}: ${ours}`
  }
  for (const recording of recordings) {
    const difference = differs(machine, recording)
    if (difference !== null) return difference
  }
  return null
}

const difference = async (mutation: Mutation | null): Promise<string | null> => {
  const machine = await workshop.load(mutation)
  try {
    return caught(machine, await workshop.needed('host-memory'))
  } catch (fault) {
    return String(fault)
  }
}

describe('wrong rules of the host', () => {
  test('[M54] the right ones differ nowhere', async () => expect(await difference(null)).toBeNull())

  test.each(HOST_MUTANTS)('[$rule] $name is one place of the sources as they are', (mutation) => {
    expect(workshop.occurrences(mutation)).toBe(1)
  })

  test.each(someOf(HOST_MUTANTS))('[$rule] $name is caught', async (mutation) => {
    expect(await difference(mutation)).not.toBeNull()
  })
})
