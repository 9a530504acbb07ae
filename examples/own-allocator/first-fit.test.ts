import { blockLaws, registerLaws } from '@reheap/properties'
import { expect, test } from 'vitest'
import { FirstFit } from './first-fit.ts'

const CAPACITY = 2 ** 20
const memory = (allocator: FirstFit) => ({
  malloc: (bytes: number) => allocator.malloc(bytes),
  free: (address: number) => allocator.release(address),
})

registerLaws(test, blockLaws({ name: 'first fit', create: () => memory(new FirstFit(CAPACITY)) }), { seed: 1 })

/** A fault: sizes are rounded down. */
class RoundsDown extends FirstFit {
  override rounded(bytes: number): number {
    return Math.max(16, Math.floor(bytes / 16) * 16)
  }
}

test('a fault is found, and shrunk to two blocks', () => {
  const [law] = blockLaws({ name: 'rounds down', create: () => memory(new RoundsDown(CAPACITY)) })
  expect(law?.find({ seed: 1 })?.steps).toHaveLength(2)
})
