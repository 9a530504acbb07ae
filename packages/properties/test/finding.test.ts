import { cpythonProfile } from '@reheap/allocator'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type AllocatorSubject,
  allocatorLog,
  allocatorPrograms,
  allocatorSubject,
  allocatorSuite,
  damaged,
  damages,
  deviceSuite,
  type Finding,
  fewestSteps,
  fewestStepsLater,
  heapLog,
  hostSuite,
  inWords,
  isPossible,
  lawsOf,
  PIECE_RUNS,
  piecesOf,
  recordedPrograms,
  tinyProfiles,
} from '../src/index.ts'

const subject = allocatorSubject()
/** It keeps an arena that the version at hand gives back. */
const wrong: AllocatorSubject = {
  ...subject,
  initial: ({ profile, system }) => subject.initial({ profile: { ...profile, keepsLastArena: true }, system }),
}
const agreement = lawsOf(wrong).find(({ name }) => name.endsWith('naive model'))
const found = agreement?.find({ seed: 1 }) as Finding

describe('[P50] a finding', () => {
  test('is as short as can be: without any one of its steps nothing fails', () => {
    expect(found.steps).toHaveLength(2)
    expect(agreement?.find({ log: found.log.slice(0, -1), runs: 5 })).toBeNull()
    // Without the first one the other cannot happen.
    const withoutFirst = subject.programOf(found.log.filter((_, line) => line !== found.log.length - 2))
    expect(isPossible(wrong, withoutFirst)).toBe(false)
  })

  test('names the event with which the law fails', () => {
    expect(found.event).toBe(1)
    expect(found.message).toMatch(/^event 1: facts\[2\] is undefined, expected \{"kind":"ArenaReleased"/)
  })

  test('fewest steps: those that fail together, in order, whatever stands between them', async () => {
    const fails = (steps: readonly number[]): boolean => steps.includes(3) && steps.includes(17) && steps.indexOf(3) < steps.indexOf(17)
    const steps = Array.from({ length: 40 }, (_, step) => step)
    expect(fewestSteps(steps, fails)).toEqual([3, 17])
    expect(await fewestStepsLater(steps, async (fewer) => fails(fewer))).toEqual([3, 17])
  })

  test('what is left of a recording is one: the system unmaps just what is released', () => {
    const arenas = recordedPrograms(tinyProfiles).filter(({ setting, requests }) =>
      requests.every((request) => request.kind !== 'ArenaMapped' || request.bytes === setting.profile.arenaBytes),
    )
    for (const program of fc.sample(arenas, { numRuns: 50, seed: 9 })) {
      const without = { ...program, requests: program.requests.filter(({ kind }) => kind !== 'ArenaUnmapped') }
      expect(subject.completed?.(without)).toEqual(program)
    }
  })

  test('a program that frees what it never had is not possible; one of the generator is', () => {
    const [program] = fc.sample(allocatorPrograms(tinyProfiles), { numRuns: 1, seed: 5 })
    if (program === undefined) throw new Error('no program')
    expect(isPossible(subject, program)).toBe(true)
    expect(isPossible(subject, { ...program, requests: [{ kind: 'Free', domain: 'obj', block: 4 }] })).toBe(false)
  })
})

test('[P51] steps in words', () => {
  expect(found.steps).toEqual([
    expect.stringMatching(/^malloc\(\d+\) gives block \d+ \(obj\)/),
    expect.stringMatching(/^free\(block \d+\) \(obj\)$/),
  ])
  expect(inWords({ kind: 'AddReference', from: null, to: 3 })).toBe('something outside refers to object 3')
  expect(inWords({ kind: 'AddReference', from: 2, to: 3, slot: 0 })).toBe('object 2 refers to object 3 at slot 0')
  expect(inWords({ kind: 'ArenaMapped', address: 0x7f00_0000_0000, bytes: 1024 })).toBe('the system maps 1024 bytes at 0x7f0000000000')
  expect(inWords({ kind: 'PowerOff' })).toBe('power off')
  expect(inWords({ kind: 'FixCount', object: 3, count: 2 })).toBe('fix count: object 3, count 2')
})

test('[P52] pieces go round the laws, and the seed of one does not depend on the laws beside it', () => {
  const laws = ['a: one', 'a: two'].map((law) => ({ mechanism: 'a', law }))
  const pieces = [...piecesOf(laws, 7, PIECE_RUNS + 3)]
  expect(pieces.map(({ law, runs }) => [law, runs])).toEqual([
    ['a: one', PIECE_RUNS],
    ['a: two', PIECE_RUNS],
    ['a: one', 3],
    ['a: two', 3],
  ])
  expect(new Set(pieces.map(({ seed }) => seed)).size).toBe(4)
  expect([...piecesOf(laws.slice(1), 7, PIECE_RUNS + 3)]).toEqual(pieces.filter(({ law }) => law === 'a: two'))
  // Of the text "7 a: one 0", by FNV-1a as its authors publish it, without the lowest bit.
  expect(pieces[0]?.seed).toBe(fnv1a('7 a: one 0') >>> 1)
})

/** Byte by byte, with the prime as its sum of powers. */
function fnv1a(text: string): number {
  return [...new TextEncoder().encode(text)].reduce(
    (hash, byte) => Number(((BigInt(hash) ^ BigInt(byte)) * 16_777_619n) % 2n ** 32n),
    2_166_136_261,
  )
}

test('[P53] what was met is counted since it was last asked for', () => {
  const { trials, sightings } = allocatorSuite()
  const law = trials.find(({ name }) => name.endsWith('invariants'))
  law?.find({ runs: 100, seed: 3 })
  const met = sightings.taken()
  expect(Object.values(met)).toHaveLength(7)
  for (const times of Object.values(met)) expect(times).toBeGreaterThan(0)
  expect(new Set(Object.values(sightings.taken()))).toEqual(new Set([0]))
})

test('[P54] damage does to a copy what it says', () => {
  const file = Uint8Array.from({ length: 50 }, (_, place) => place)
  fc.assert(
    fc.property(damages, (damage) => {
      const copy = damaged(file, damage)
      if (damage.do === 'cut') expect([...copy]).toEqual([...file.slice(0, copy.length)])
      if (damage.do === 'flip') expect([...copy].filter((byte, place) => byte !== file[place])).toHaveLength(1)
      if (damage.do === 'overwrite' || damage.do === 'flip') expect(copy).toHaveLength(50)
      if (damage.do === 'drop' || damage.do === 'cut') expect(copy.length).toBeLessThan(50)
      if (damage.do === 'repeat') expect(copy.length).toBeGreaterThan(50)
      expect([...file]).toEqual(Array.from({ length: 50 }, (_, place) => place))
    }),
  )
  expect([...damaged(file, { do: 'cut', at: -1 })]).toHaveLength(49)
})

test('[P55] a kept log fails as it did', () => {
  expect(agreement?.find({ log: found.log, runs: 3 })).toMatchObject({ message: found.message, steps: found.steps, log: found.log })
  expect(lawsOf(subject).every((law) => law.find({ log: found.log, runs: 3 }) === null)).toBe(true)
})

test('[P56] the header of a log holds tiny capacities, and none where they are those of the runtime', () => {
  const [program] = fc.sample(allocatorPrograms(tinyProfiles), { numRuns: 1, seed: 1 })
  if (program === undefined) throw new Error('no program')
  const { poolBytes, arenaBytes } = program.setting.profile
  expect(JSON.parse(allocatorLog(program)[0] ?? '')).toMatchObject({ capacities: { poolBytes, arenaBytes } })
  const tiny = { thresholds: [5, 1, 1], listMax: 1, nestingMax: 3 } as const
  expect(JSON.parse(heapLog({ setting: { version: '3.11', tiny }, requests: [] })[0] ?? '')).toMatchObject({
    capacities: { thresholds: [5, 1, 1], freeListMax: 1, nestingMax: 3 },
  })
  expect(heapLog({ setting: { version: '3.11', tiny: null }, requests: [] })[0]).not.toContain('capacities')
  const small = { profile: cpythonProfile('3.11'), system: { kind: 'simulated', topBytes: 4096 } } as const
  expect(JSON.parse(allocatorLog({ setting: small, requests: [] })[0] ?? '')).toMatchObject({ capacities: { mapTop: 4096 } })
  expect(allocatorLog({ setting: { ...small, system: { kind: 'recorded' } }, requests: [] })[0]).not.toContain('capacities')
})

test.each([deviceSuite(), hostSuite()])('[P57] the laws of $mechanism hold', async ({ trials }) => {
  expect(trials.length).toBeGreaterThan(6)
  for (const law of trials) expect(await law.find({ runs: 15, seed: 11 })).toBeNull()
})
