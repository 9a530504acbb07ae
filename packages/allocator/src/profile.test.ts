import { expect, test } from 'vitest'
import { TINY } from '../test/heap.ts'
import { ALLOCATOR_PROFILES, type AllocatorProfile, cpythonProfile, emptyAllocator, profileFault, withSizes } from './index.ts'

const KIB = 1024
const RADIX_10 = { rootBytes: 8192, levels: { midBits: 10, botBits: 8, midBytes: 8192, botBytes: 2048 } }
const RADIX_11 = { rootBytes: 262144, levels: { midBits: 15, botBits: 14, midBytes: 262144, botBytes: 131072 } }
const RADIX_HUGE = { rootBytes: 262144, levels: { midBits: 15, botBits: 13, midBytes: 262144, botBytes: 65536 } }
const FLAT = { rootBytes: 131072, levels: null }

/** Name; alignment, header, pool KiB, arena KiB; keeps the last arena, heap per interpreter; radix tree. Read from the sources of each version. */
const CONSTANTS: readonly (readonly [string, number, number, number, number, boolean, boolean, AllocatorProfile['arenaMap']])[] = [
  ['cpython-3.6', 16, 48, 4, 256, false, false, null],
  ['cpython-3.6-align8', 8, 48, 4, 256, false, false, null],
  ['cpython-3.7', 16, 48, 4, 256, false, false, null],
  ['cpython-3.7-align8', 8, 48, 4, 256, false, false, null],
  ['cpython-3.8', 16, 48, 4, 256, false, false, null],
  ['cpython-3.9', 16, 48, 4, 256, true, false, null],
  ['cpython-3.10', 16, 48, 16, 1024, true, false, RADIX_10],
  ['cpython-3.11', 16, 48, 16, 1024, true, false, RADIX_11],
  ['cpython-3.12', 16, 48, 16, 1024, true, true, RADIX_11],
  ['cpython-3.13', 16, 48, 16, 1024, true, true, RADIX_11],
  ['cpython-3.14', 16, 48, 16, 1024, true, true, RADIX_11],
  ['cpython-3.15', 16, 48, 16, 1024, true, true, RADIX_11],
  ['cpython-3.15-hugepages', 16, 48, 16, 2048, true, true, RADIX_HUGE],
  ['cpython-3.6-32', 8, 32, 4, 256, false, false, null],
  ['cpython-3.7-32', 8, 32, 4, 256, false, false, null],
  ['cpython-3.8-32', 8, 32, 4, 256, false, false, null],
  ['cpython-3.9-32', 8, 32, 4, 256, true, false, null],
  ['cpython-3.10-32', 8, 32, 4, 256, true, false, FLAT],
  ['cpython-3.11-32', 8, 32, 4, 256, true, false, FLAT],
  ['cpython-3.12-32', 8, 32, 4, 256, true, true, FLAT],
  ['cpython-3.13-32', 8, 32, 4, 256, true, true, FLAT],
  ['cpython-3.14-32', 8, 32, 4, 256, true, true, FLAT],
  ['cpython-3.15-32', 8, 32, 4, 256, true, true, FLAT],
]

test.each(CONSTANTS)(
  '[A38] %s',
  (name, alignmentBytes, poolHeaderBytes, poolKib, arenaKib, keepsLastArena, heapPerInterpreter, arenaMap) => {
    expect(ALLOCATOR_PROFILES.get(name)).toEqual({
      name,
      pointerBits: name.endsWith('-32') ? 32 : 64,
      alignmentBytes,
      smallRequestBytes: 512,
      poolHeaderBytes,
      poolBytes: poolKib * KIB,
      arenaBytes: arenaKib * KIB,
      keepsLastArena,
      heapPerInterpreter,
      releasesHeaps: Number(/3\.(\d+)/.exec(name)?.[1]) >= 13,
      arenaMap,
    })
  },
)

test('[A38] no other profile is known, and each one works', () => {
  expect([...ALLOCATOR_PROFILES.keys()].sort()).toEqual(CONSTANTS.map(([name]) => name).sort())
  for (const profile of ALLOCATOR_PROFILES.values()) expect(profileFault(profile)).toBeNull()
})

test.each<[Partial<AllocatorProfile>, string]>([
  [{ alignmentBytes: 24 }, 'alignmentBytes must be a power of two, got 24'],
  [{ poolBytes: 300 }, 'poolBytes must be a power of two, got 300'],
  [{ arenaBytes: 1000 }, 'arenaBytes must be a power of two, got 1000'],
  [{ arenaBytes: Number.NaN }, 'arenaBytes must be a power of two, got NaN'],
  [{ smallRequestBytes: 60 }, 'smallRequestBytes must be a multiple of alignmentBytes, got 60'],
  [{ smallRequestBytes: 0 }, 'smallRequestBytes must be a multiple of alignmentBytes, got 0'],
  [{ smallRequestBytes: 4096, poolBytes: 65536, arenaBytes: 262144 }, 'at most 255 size classes, got 256'],
  [{ alignmentBytes: 1024, smallRequestBytes: 2 ** 16 }, 'smallRequestBytes is at most 65535, got 65536'],
  [{ poolHeaderBytes: 40 }, 'poolHeaderBytes must be a multiple of alignmentBytes, got 40'],
  [{ poolHeaderBytes: 0 }, 'poolHeaderBytes must be a multiple of alignmentBytes, got 0'],
  [{ poolBytes: 2 ** 20, arenaBytes: 2 ** 22 }, 'a pool holds at most 32768 alignment units, got 65536'],
  [{ smallRequestBytes: 112 }, 'a pool must hold two blocks of 112 bytes'],
  [{ arenaBytes: 512 }, 'an arena must hold 4 pools of 256 bytes'],
  [{ arenaBytes: 2 ** 35 }, 'an arena holds fewer than 2^31 alignment units, got 2147483648'],
])('[A39] %j is refused: %s', (change, fault) => {
  const profile = { ...TINY, ...change }
  expect(profileFault(profile)).toBe(fault)
  expect(() => emptyAllocator(profile)).toThrow(`profile tiny: ${fault}`)
})

test('[A39] the sizes just inside are accepted', () => {
  for (const change of [
    { poolBytes: 2 ** 19, arenaBytes: 2 ** 21 },
    { smallRequestBytes: 96 },
    { poolHeaderBytes: 128 },
    { arenaBytes: 2 ** 16 },
  ])
    expect(profileFault({ ...TINY, ...change })).toBeNull()
})

test('[A54] with the sizes of another version a profile has its arenas and pools, and the map of such arenas', () => {
  const small = { arenaBytes: 256 * KIB, poolBytes: 4 * KIB }
  const nine = cpythonProfile('3.9')
  expect(withSizes(cpythonProfile('3.10'), small)).toMatchObject({ arenaBytes: nine.arenaBytes, poolBytes: nine.poolBytes })
  // Arenas of 2 MiB are those of a build with huge pages, whose map is known.
  expect(withSizes(cpythonProfile('3.11'), { arenaBytes: 2 ** 21 }).arenaMap).toEqual(RADIX_HUGE)
  expect(withSizes(withSizes(cpythonProfile('3.10'), small), { arenaBytes: 2 ** 20, poolBytes: 2 ** 14 })).toEqual(cpythonProfile('3.10'))
  expect(withSizes(cpythonProfile('3.12', 32), { arenaBytes: 2 ** 19 }).arenaMap).toEqual({ rootBytes: FLAT.rootBytes / 2, levels: null })
  expect(withSizes(nine, { arenaBytes: 2 ** 20 }).arenaMap).toBeNull()
})
