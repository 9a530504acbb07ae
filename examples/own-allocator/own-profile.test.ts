import { type AllocatorProfile, cpythonProfile } from '@reheap/allocator'
import { allocatorPrograms, allocatorSubject, lawsOf, registerLaws } from '@reheap/properties'
import fc from 'fast-check'
import { expect, test } from 'vitest'

/** An interpreter of one's own: four pools of 512 bytes in an arena, blocks of 32 to 128 bytes. */
const ours: AllocatorProfile = {
  ...cpythonProfile('3.8'),
  name: 'ours',
  alignmentBytes: 32,
  smallRequestBytes: 128,
  poolHeaderBytes: 64,
  poolBytes: 512,
  arenaBytes: 2048,
}
const subject = allocatorSubject(allocatorPrograms(fc.constant(ours)))

registerLaws(test, lawsOf(subject), { runs: 20, seed: 1 })

/** The same, with a fault: it keeps the last arena, which this version gives back. */
const faulty = {
  ...subject,
  initial: ({ profile, system }: Parameters<typeof subject.initial>[0]) =>
    subject.initial({ profile: { ...profile, keepsLastArena: true }, system }),
}

test('the fault is found, and shrunk to one block', () => {
  const [law] = lawsOf(faulty).filter(({ name }) => name === 'allocator: agreement with the naive model')
  expect(() => law?.run({ runs: 50, seed: 1 })).toThrow('expected {"kind":"ArenaReleased"')
})
