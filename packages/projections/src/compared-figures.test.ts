import { expect, test } from 'vitest'
import { DEVICE_FIGURES, HEAP_FIGURES, isCompared, isOfWhole } from './compared-figures.ts'

const keysOf = (figures: readonly (readonly [string, string, unknown])[]): readonly string[] => figures.map(([, key]) => key)

test('[P34] two logs are compared by every figure, two moments by what a moment has', () => {
  const all = [...keysOf(HEAP_FIGURES), ...keysOf(DEVICE_FIGURES)]
  expect(all.filter((key) => isCompared(key, 'logs'))).toEqual(all)
  expect(all.filter((key) => isCompared(key, 'moments'))).toEqual([
    'heldBytes',
    'arenaBytes',
    'cLibraryBytes',
    'blockBytes',
    'requestedBytes',
    'allocatedBlocks',
    'objects',
    'objectBytes',
    'allocatedBytes',
    'reservedBytes',
  ])
})

test('[P34] a peak is of the whole, and no name stands twice', () => {
  for (const [label, key] of [...HEAP_FIGURES, ...DEVICE_FIGURES])
    if (/peak/i.test(label + key)) expect([key, isOfWhole(key)]).toEqual([key, true])
  for (const figures of [HEAP_FIGURES, DEVICE_FIGURES]) expect(new Set(figures.map(([label]) => label)).size).toBe(figures.length)
})
