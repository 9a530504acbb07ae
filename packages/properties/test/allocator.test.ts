import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { tries } from '../../../scripts/tests/effort.ts'
import {
  type AllocatorProgram,
  allocatorLog,
  allocatorPrograms,
  allocatorSubject,
  type LawOptions,
  lawsOf,
  programOfLog,
  realProfiles,
  registerLaws,
  tinyProfiles,
} from '../src/index.ts'

const FIXTURES = fileURLToPath(new URL('./fixtures/', import.meta.url))

/** Rule of each law. */
const RULES: Readonly<Record<string, string>> = {
  determinism: '[P7]',
  'batch is one by one': '[P8]',
  'fold is the mechanism': '[P9]',
  'a sealed state never changes': '[P10]',
  'rejection leaves the state unchanged': '[P11]',
  'snapshot and replay is replay': '[P12]',
  invariants: '[P13]',
  'agreement with the naive model': '[P14]',
  'encode and decode': '[P15]',
  conservation: '[P16]',
  'no leaks': '[P17]',
}

/** A counterexample found here becomes a fixture. */
function registerAll(programs: fc.Arbitrary<AllocatorProgram>, options: LawOptions): void {
  const register = (name: string, run: () => void): unknown => test(`${RULES[name.replace('allocator: ', '')]} ${name}`, run)
  registerLaws(register, lawsOf(allocatorSubject(programs)), { folder: FIXTURES, ...options })
}

describe('tiny profiles', () => registerAll(allocatorPrograms(tinyProfiles), { runs: tries(150) }))
describe('profiles of real interpreters', () => registerAll(allocatorPrograms(realProfiles, 8), { runs: 4 }))

describe.each(readdirSync(FIXTURES).filter((file) => file.endsWith('.jsonl')))('the counterexample %s', (file) => {
  const program = programOfLog(readFileSync(`${FIXTURES}${file}`, 'utf8').trimEnd().split('\n'))

  test('[P21] is none any more', () => {
    for (const law of lawsOf(allocatorSubject(fc.constant(program)))) law.run({ runs: 5, folder: FIXTURES })
  })
})

test('[P20] a program is the same after it was written as a log and read again', () => {
  for (const program of fc.sample(allocatorPrograms(tinyProfiles), { numRuns: 50, seed: 3 }))
    expect(programOfLog(allocatorLog(program))).toEqual(program)
})

test('[P20] the header names the runtime whose rules the profile has', () => {
  const headerOf = (profiles: typeof tinyProfiles): unknown => {
    const [program] = fc.sample(allocatorPrograms(profiles), { numRuns: 1, seed: 1 }) as [AllocatorProgram]
    return JSON.parse(allocatorLog(program)[0] as string)
  }
  const real = realProfiles.filter(({ name }) => name === 'cpython-3.6-align8')
  expect(headerOf(real)).toMatchObject({ reheap: 1, runtime: { name: 'cpython', version: '3.6', pointerBits: 64, alignmentBytes: 8 } })
  expect(headerOf(tinyProfiles)).toMatchObject({
    reheap: 1,
    runtime: { name: 'cpython', version: expect.stringMatching(/^3\.(8|11|13)$/) },
  })
})

test('[P20] what is no log of a program is refused', () => {
  expect(() => programOfLog(['{"reheap":1}', '{"kind":"Mark","label":"initialized"}'])).toThrow('line 2')
  const [header, mark] = allocatorLog({
    setting: { profile: fc.sample(tinyProfiles, 1)[0] as never, system: { kind: 'recorded' } },
    requests: [],
  })
  expect(() => programOfLog([header as string, mark as string, '{"kind":"Malloc"}'])).toThrow('line 3')
})
