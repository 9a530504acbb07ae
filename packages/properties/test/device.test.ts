import { emptyDeviceMemory, pytorchProfile } from '@reheap/device-memory'
import { describe, expect, test } from 'vitest'
import { tries } from '../../../scripts/tests/effort.ts'
import { deviceLaws, deviceSubject, registerLaws } from '../src/index.ts'

describe('the memory of a GPU', () => {
  registerLaws((name, run) => test(`[P61] ${name}`, run), deviceLaws(), { runs: tries(200) })
})

test.each([
  ['2.11', '2.4'],
  ['2.12', '2.13'],
])('[P61] the naive model tells %s from %s', (version, other) => {
  const subject = deviceSubject()
  const initial: typeof subject.initial = (setting) =>
    setting.version === version ? emptyDeviceMemory(pytorchProfile(other)) : subject.initial(setting)
  const agreement = deviceLaws({ ...subject, initial }).find(({ name }) => name.endsWith('naive model'))
  const found = agreement?.find({ runs: 2000, seed: 3 })
  if (found == null) throw new Error('no difference was found')
  expect(found.steps.length).toBeLessThanOrEqual(20)
})
