import { simulatedSystem } from '@reheap/allocator'
import { COLLECTOR_PROFILES, generationCounts, generationSizes } from '@reheap/cycle-gc'
import { describe, expect, test } from 'vitest'
import { collectorOf, cpythonProfile, emptyMachine, MACHINE_PROFILES, machineProfile, profileOfRuntime, startingFrom } from './index.ts'

const parts = (name: string): readonly (string | undefined)[] => {
  const profile = machineProfile(name)
  return [profile?.name, profile?.allocator.name, profile?.refcount.name, profile?.collector.name]
}

describe('profiles of a whole runtime', () => {
  test.each([
    ['cpython-3.8', ['cpython-3.8', 'cpython-3.8', 'cpython-3.8', 'cpython-3.8']],
    ['cpython-3.11.7', ['cpython-3.11', 'cpython-3.11', 'cpython-3.11', 'cpython-3.11']],
    ['cpython-3.11.7-32', ['cpython-3.11-32', 'cpython-3.11-32', 'cpython-3.11-32', 'cpython-3.11']],
    ['cpython-3.6-align8', ['cpython-3.6-align8', 'cpython-3.6-align8', 'cpython-3.6', 'cpython-3.6']],
    ['cpython-3.14', ['cpython-3.14', 'cpython-3.14', 'cpython-3.14', 'cpython-3.14']],
    ['cpython-3.14.0', ['cpython-3.14.0', 'cpython-3.14', 'cpython-3.14', 'cpython-3.14.0']],
    ['cpython-3.14.2-32', ['cpython-3.14.2-32', 'cpython-3.14-32', 'cpython-3.14-32', 'cpython-3.14.2']],
    ['cpython-3.14.5', ['cpython-3.14', 'cpython-3.14', 'cpython-3.14', 'cpython-3.14']],
    ['cpython-3.15.0', ['cpython-3.15', 'cpython-3.15', 'cpython-3.15', 'cpython-3.15']],
  ])('[M30] %s is made of %o', (name, expected) => {
    expect(parts(name)).toEqual(expected)
  })

  test('[M30] every collector is part of a profile; the incremental ones are those of 3.14.0 to 3.14.4', () => {
    const used = new Set([...MACHINE_PROFILES.values()].map(({ collector }) => collector.name))
    expect([...used].sort()).toEqual([...COLLECTOR_PROFILES.keys()].sort())
    const incremental = [...MACHINE_PROFILES.values()].filter(({ collector }) => collector.policy.name === 'incremental')
    expect(new Set(incremental.map(({ name }) => name.replace('-32', '')))).toEqual(
      new Set(['3.14.0', '3.14.1', '3.14.2', '3.14.3', '3.14.4'].map((version) => `cpython-${version}`)),
    )
  })

  test('[M30] every version has an estimate of what a collection takes for each object', () => {
    for (const { name, nanosecondsPerVisit } of MACHINE_PROFILES.values()) {
      // Between the 40 and the 440 that operators and native-speed measurements report.
      expect([name, nanosecondsPerVisit > 40 && nanosecondsPerVisit < 440]).toEqual([name, true])
    }
  })

  test.each([
    ['3.14.2', 32, 'cpython-3.14.2-32'],
    ['3.14.4', 64, 'cpython-3.14.4'],
    ['3.14.5', 64, 'cpython-3.14'],
    ['3.14.0rc2', 64, 'cpython-3.14.0'],
  ] as const)('[M9] CPython %s of %i bits is %s', (version, pointerBits, name) => {
    expect(profileOfRuntime({ name: 'cpython', version, pointerBits })).toMatchObject({ right: { name } })
  })

  test("[M31] the collector begins as the log's header says, else as the profile does", () => {
    const begun = (profile: ReturnType<typeof cpythonProfile>) => collectorOf(emptyMachine(profile, simulatedSystem()))
    const start = { counts: [7, 2, 1], objects: [3, 4, 5, 6] } as const
    expect(generationCounts(begun(startingFrom(cpythonProfile('3.13'), start)))).toEqual([7, 2, 1])
    expect(generationSizes(begun(startingFrom(cpythonProfile('3.13'), start)))).toEqual([3, 4, 5, 6])
    expect(generationSizes(begun(startingFrom(cpythonProfile('3.13'), undefined)))).toEqual([0, 0, 0, 0])
  })
})
