import { ALLOCATOR_PROFILES, type AllocatorProfile, cpythonProfile } from '@reheap/allocator'
import fc from 'fast-check'

/**
 * A profile so small that a dozen requests fill an arena: pools of 256 bytes, four size classes.
 *
 * @param pools in an arena, a power of two
 */
export function tinyProfile(pools: number, keepsLastArena: boolean, alignmentBytes: 8 | 16 = 16): AllocatorProfile {
  const version = keepsLastArena ? '3.11' : '3.8'
  return {
    ...cpythonProfile(version, alignmentBytes === 16 ? 64 : 32),
    name: `tiny-${pools}-pools-${version}`,
    alignmentBytes,
    smallRequestBytes: 4 * alignmentBytes,
    poolHeaderBytes: alignmentBytes === 16 ? 48 : 32,
    poolBytes: 256,
    arenaBytes: 256 * pools,
  }
}

/** Tiny profiles: edges of pools and arenas are met within a hundred requests. */
export const tinyProfiles: fc.Arbitrary<AllocatorProfile> = fc
  .tuple(fc.constantFrom(4, 8), fc.boolean(), fc.constantFrom<8 | 16>(16, 8))
  .map(([pools, keepsLastArena, alignmentBytes]) => tinyProfile(pools, keepsLastArena, alignmentBytes))

/** Every profile of a real CPython. */
export const realProfiles: fc.Arbitrary<AllocatorProfile> = fc.constantFrom(...ALLOCATOR_PROFILES.values())
