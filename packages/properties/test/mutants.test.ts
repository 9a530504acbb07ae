import { rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { afterAll, describe, expect, test } from 'vitest'
import { someOf } from '../../../scripts/tests/effort.ts'
import { Workshop } from '../../../scripts/tests/workshop.ts'
import type * as Allocator from '../../allocator/src/index.ts'
import { MUTANTS } from '../../allocator/test/mutants.ts'
import { allocatorPrograms, allocatorSubject, lawsOf, tinyProfiles } from '../src/index.ts'

const workshop = new Workshop<typeof Allocator>(new URL('../../allocator/test/mutants.ts', import.meta.url).href)
test('[P23] the unchanged copy does', async () => {
  const laws = lawsOf(allocatorSubject(allocatorPrograms(tinyProfiles), await workshop.load(null)))
  for (const law of laws) law.run({ runs: 5, folder: tmpdir() })
})

afterAll(() => rmSync(workshop.folder, { recursive: true, force: true }))

describe.each(someOf(MUTANTS))('$name', (mutation) => {
  test('[P23] does not agree with the naive model', async () => {
    const laws = lawsOf(allocatorSubject(allocatorPrograms(tinyProfiles), await workshop.load(mutation)))
    const law = laws.find(({ name }) => name.endsWith('naive model'))
    expect(() => law?.run({ runs: 400, seed: 11, shrinks: false, folder: tmpdir() })).toThrow('does not hold')
  })
})
