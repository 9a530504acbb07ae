import { rmSync } from 'node:fs'
import { afterAll, describe, expect, test } from 'vitest'
import { someOf, tries } from '../../../scripts/tests/effort.ts'
import { Workshop } from '../../../scripts/tests/workshop.ts'
import type * as HostMemory from '../../host-memory/src/index.ts'
import { MUTANTS } from '../../host-memory/test/mutants.ts'
import { hostLaws, hostSubject, type Law, registerLaws } from '../src/index.ts'

describe('the memory of a host', () => {
  registerLaws((name, run) => test(`[P62] ${name}`, run), hostLaws(), { runs: tries(400) })
})

const agreementIn = (laws: readonly Law[]): Law => laws.find(({ name }) => name.endsWith('naive model')) as Law

test('[P63] a host of one page less is told in a few requests', () => {
  const subject = hostSubject()
  const initial: typeof subject.initial = (setting) => subject.initial({ ...setting, ram: setting.ram - 1 })
  expect(agreementIn(hostLaws({ ...subject, initial })).find({ seed: 3 })?.steps.length).toBeLessThanOrEqual(20)
})

/** About what is in swap, about huge pages and what-ifs, which the model does not foretell; and about what hardly ever comes. */
const BEYOND = new Set([
  'huge pages without alignment',
  'huge pages over small ones',
  'coming back costs nothing',
  'coming back leaves the copy in swap',
  'shared memory stays in swap for nobody',
  'swap is lost without power',
  'large blocks are written whole',
  'the log goes before the what-if',
  'a mapping in pieces is moved',
  'a file that grows begins anew',
  'the peak is looked at when all is over',
])

describe('wrong rules', () => {
  const workshop = new Workshop<typeof HostMemory>(new URL('../../host-memory/test/mutants.ts', import.meta.url).href)
  afterAll(() => rmSync(workshop.folder, { recursive: true, force: true }))

  test('[P63] an unchanged copy agrees', async () => {
    const host = await workshop.load(null)
    expect(agreementIn(hostLaws(hostSubject(undefined, host), host)).find({ runs: 20, seed: 7 })).toBeNull()
  })

  test.each(someOf(MUTANTS.filter(({ name }) => !BEYOND.has(name))))('[P63] $name is caught', async (mutation) => {
    const host = await workshop.load(mutation)
    expect(agreementIn(hostLaws(hostSubject(undefined, host), host)).find({ runs: 600, seed: 7, shrinks: false })).not.toBeNull()
  })
})
