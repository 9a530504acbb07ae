import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { fileURLToPath } from 'node:url'
import { emptyCollector, generationalPolicy } from '@reheap/cycle-gc'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { tries } from '../../../scripts/tests/effort.ts'
import {
  collectedHeap,
  decodeHeapRequest,
  type HeapComposition,
  type HeapProgram,
  HeapWitness,
  heapLog,
  heapProfile,
  heapPrograms,
  heapSubject,
  type LawOptions,
  lawsOf,
  objectsAlone,
  plainSubject,
  programOfHeapLog,
  realSettings,
  registerLaws,
  scriptedPrograms,
  tinySettings,
} from '../src/index.ts'

const FIXTURES = fileURLToPath(new URL('./fixtures/heap/', import.meta.url))
mkdirSync(FIXTURES, { recursive: true })
/** Every run tries other programs than the last; a failure names its seed too. */
const SEED = fc.sample(fc.nat(2 ** 31 - 1), 1)[0] as number
console.log(`laws of heaps: seed ${SEED}`)

/** Rule of each law. */
export const RULES: Readonly<Record<string, string>> = {
  determinism: '[P7]',
  'batch is one by one': '[P8]',
  'fold is the mechanism': '[P9]',
  'a sealed state never changes': '[P10]',
  'rejection leaves the state unchanged': '[P11]',
  'snapshot and replay is replay': '[P12]',
  invariants: '[P13]',
  'agreement with the naive model': '[P40]',
  'encode and decode': '[P15]',
  conservation: '[P16]',
  'no leaks': '[P43]',
}

/** A counterexample found here becomes a fixture. */
function registerAll<S>(composition: HeapComposition<S>, programs: fc.Arbitrary<HeapProgram>, options: LawOptions): void {
  const register = (name: string, run: () => void): unknown => test(`${RULES[name.replace(/^\w+: /, '')]} ${name}`, run)
  registerLaws(register, lawsOf(heapSubject(composition, programs)), { seed: SEED, folder: FIXTURES, ...options })
}

describe('the collector over its plain heap', () => {
  const register = (name: string, run: () => void): unknown => test(`${RULES[name.replace(/^\w+: /, '')]} ${name}`, run)
  registerLaws(register, lawsOf(plainSubject()), { runs: tries(60), seed: SEED, folder: `${FIXTURES}plain` })
})
describe('objects alone', () => registerAll(objectsAlone(), heapPrograms(tinySettings, false), { runs: tries(60) }))
describe('objects and collector, tiny capacities', () => registerAll(collectedHeap(), heapPrograms(tinySettings), { runs: tries(80) }))
describe('objects and collector, programs of scripts', () =>
  registerAll(collectedHeap(), scriptedPrograms(tinySettings), { runs: tries(8) }))
describe('objects and collector, as real interpreters are', () =>
  registerAll(collectedHeap(), heapPrograms(realSettings), { runs: tries(15) }))

test('[P43] no leaks, over many programs', () => {
  const law = lawsOf(heapSubject(collectedHeap())).find(({ name }) => name.endsWith('no leaks'))
  law?.run({ runs: tries(600), seed: SEED, folder: FIXTURES })
})

test('[P48] a collector over its plain heap that never looks at the oldest generation breaks the law of no leaks and the model', () => {
  const subject = plainSubject()
  const collect: typeof generationalPolicy.collect = (collector, generation) =>
    generationalPolicy.collect(collector, Math.min(generation, 1))
  const initial: typeof subject.initial = (setting) =>
    emptyCollector({ ...heapProfile(setting).collector, policy: { ...generationalPolicy, collect } })
  const broken = lawsOf({ ...subject, initial }).filter(({ name }) => /no leaks|naive model/.test(name))
  for (const law of broken) expect(() => law.run({ runs: 100, seed: 1, folder: tmpdir() })).toThrow('does not hold')
})

describe.each(readdirSync(FIXTURES).filter((file) => file.endsWith('.jsonl')))('the counterexample %s', (file) => {
  const program = programOfHeapLog(readFileSync(`${FIXTURES}${file}`, 'utf8').trimEnd().split('\n'))

  test('[P47] is none any more', () => {
    for (const law of lawsOf(heapSubject(collectedHeap(), fc.constant(program)))) law.run({ runs: 5, folder: FIXTURES })
  })
})

test('[P47] a program is the same after it was written as a log and read again', () => {
  for (const program of fc.sample(heapPrograms(tinySettings), { numRuns: 50, seed: 3 }))
    expect(programOfHeapLog(heapLog(program))).toEqual(program)
})

test('[P47] what is no log of a program is refused', () => {
  const [header, mark] = heapLog({ setting: { version: '3.11', tiny: null }, requests: [] })
  expect(() => programOfHeapLog(['{"reheap":1}', '{"kind":"Mark","label":"initialized"}'])).toThrow('line 2')
  expect(() => programOfHeapLog([header as string, mark as string, '{"kind":"Malloc"}'])).toThrow('line 3')
  expect(decodeHeapRequest({ kind: 'Malloc' })._tag).toBe('Left')
})

describe('[P41] tiny capacities meet the edges', () => {
  const met = new Map<string, number>()
  const meet = (edge: string): unknown => met.set(edge, (met.get(edge) ?? 0) + 1)
  const subject = heapSubject(collectedHeap())
  for (const { setting, requests } of fc.sample(subject.programs, { numRuns: 400, seed: 41 })) {
    const model = new HeapWitness(heapProfile(setting))
    let state = subject.initial(setting)
    for (const request of [...requests, ...subject.drain({ setting, requests })]) {
      const stepped = subject.reducer.step(state, request)
      if (stepped._tag === 'Left') throw new Error(JSON.stringify(stepped.left))
      let isCollecting = false
      for (const fact of stepped.right.emitted) {
        meet(fact.kind)
        if (fact.kind === 'CollectionStarted') meet(`collection of generation ${fact.generation} by ${fact.reason}`)
        if (fact.kind === 'ObjectCreated' && fact.isReused) meet('object from a free list')
        if (fact.kind === 'FinalizerRan')
          meet(`finalizer ${isCollecting ? 'in a collection' : 'in a death'}${fact.isResurrected ? ', resurrecting' : ''}`)
        isCollecting = fact.kind === 'CollectionStarted' || (isCollecting && fact.kind !== 'CollectionFinished')
        if (fact.kind === 'CollectionStarted' && request.kind !== 'Collect') meet(`collection in ${request.kind}`)
      }
      model.step(request, stepped.right.emitted)
      state = stepped.right.state
    }
    if (model.collector.savesAll) meet('saves all')
    meet(setting.version)
  }
  const EDGES = [
    'CollectionDue',
    'FullCollectionDeferred',
    'GarbageFound',
    'GarbageKept',
    'WeakReferenceCleared',
    'WeakReferenceCalled',
    'ObjectUntracked',
    'object from a free list',
    'finalizer in a death',
    'finalizer in a death, resurrecting',
    'finalizer in a collection',
    'finalizer in a collection, resurrecting',
    'collection of generation 0 by threshold',
    'collection of generation 1 by threshold',
    'collection of generation 2 by threshold',
    'collection of generation 0 by request',
    'collection of generation 1 by request',
    'collection of generation 2 by request',
    'collection in CreateObject',
    'collection in CheckEvalBreaker',
    'collection in DropReference',
    '3.8',
    '3.14.2',
    '3.15',
  ]
  test.each(EDGES)('%s', (edge) => {
    expect(met.get(edge) ?? 0).toBeGreaterThan(0)
  })
})
