import { ALLOCATOR_PROFILES, type AllocatorProfile, type CpythonVersion, cpythonProfile } from '@reheap/allocator'
import fc from 'fast-check'

/**
 * A profile so small that a dozen requests fill an arena: pools of 256 bytes, and in each at least two blocks.
 *
 * @param pools in an arena, a power of two
 * @param version whose rules it has
 */
export function tinyProfile(pools: number, version: CpythonVersion, alignmentBytes: 8 | 16 = 16): AllocatorProfile {
  return {
    ...cpythonProfile(version, alignmentBytes === 16 ? 64 : 32),
    name: `tiny-${version}-${pools}-pools-align${alignmentBytes}`,
    alignmentBytes,
    // Two of the largest blocks fill a pool.
    smallRequestBytes: 96,
    poolHeaderBytes: alignmentBytes === 16 ? 48 : 32,
    poolBytes: 256,
    arenaBytes: 256 * pools,
  }
}

/** Tiny profiles: edges of pools and arenas are met within a hundred requests. */
export const tinyProfiles: fc.Arbitrary<AllocatorProfile> = fc
  .tuple(fc.constantFrom(4, 8), fc.constantFrom<CpythonVersion>('3.8', '3.11', '3.13'), fc.constantFrom<8 | 16>(16, 8))
  .map(([pools, version, alignmentBytes]) => tinyProfile(pools, version, alignmentBytes))

/** Every profile of a real CPython. */
export const realProfiles: fc.Arbitrary<AllocatorProfile> = fc.constantFrom(...ALLOCATOR_PROFILES.values())
