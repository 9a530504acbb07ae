import { rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { afterAll, describe, expect, test } from 'vitest'
import { type HeapComposition, heapPrograms, heapSubject, type Law, lawsOf, tinySettings } from '../src/index.ts'
import { HEAP_MUTANTS, type HeapMutation } from './heap-mutants.ts'
import { HeapWorkshop } from './heap-workshop.ts'

const SEED = 11
const workshop = new HeapWorkshop()
afterAll(() => rmSync(workshop.folder, { recursive: true, force: true }))

/** The laws that show wrong rules, the quickest first. */
const SHOWING = ['no leaks', 'agreement with the naive model', 'invariants', 'rejection leaves the state unchanged']

function lawsOn(composition: HeapComposition<unknown>): readonly Law[] {
  const laws = lawsOf(heapSubject(composition, heapPrograms(tinySettings, true, 20)))
  return SHOWING.flatMap((name) => laws.filter((law) => law.name.endsWith(`: ${name}`)))
}

/** The first law that does not hold, and what is wrong. */
function brokenLaw(composition: HeapComposition<unknown>, runs: number): string | null {
  for (const law of lawsOn(composition)) {
    try {
      law.run({ runs, seed: SEED, shrinks: false, folder: tmpdir() })
    } catch (error) {
      return (error as Error).message
    }
  }
  return null
}

const tried = async (mutation: HeapMutation | null): Promise<HeapComposition<unknown>> => {
  const { heap, machine } = await workshop.load(mutation)
  return mutation?.package === 'machine' ? machine : heap
}

test('[P46] an unchanged copy holds every law', async () => {
  expect(brokenLaw(await tried(null), 20)).toBeNull()
})

describe.each(HEAP_MUTANTS)('$name', (mutation) => {
  test('[P46] a law is broken', async () => {
    expect(workshop.occurrences(mutation)).toBe(1)
    const message = brokenLaw(await tried(mutation), 300)
    if (process.env.SHOW) console.log(mutation.name, '=>', message)
    expect(message).toMatch('does not hold')
  })
})

test('[P45] a collector that forgets one kind of cycle breaks the law of no leaks', async () => {
  const mutation = HEAP_MUTANTS.find(({ name }) => name === 'an object that holds itself is taken for held') as HeapMutation
  const law = lawsOn(await tried({ ...mutation, name: 'forgets' })).find(({ name }) => name.endsWith('no leaks'))
  expect(() => law?.run({ runs: 400, seed: SEED, shrinks: false, folder: tmpdir() })).toThrow(/no leaks does not hold: objects remain/)
})
