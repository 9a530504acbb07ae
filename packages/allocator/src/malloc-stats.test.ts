import { describe, expect, test } from 'vitest'
import { Heap, TINY } from '../test/heap.ts'
import { figuresOfText, realTexts } from '../test/malloc-stats-text.ts'
import {
  ALLOCATOR_PROFILES,
  type AllocatorProfile,
  cpythonProfile,
  formatMallocStats,
  mallocStats,
  mallocStatsText,
  recordedSystem,
  simulatedSystem,
} from './index.ts'

describe.each(realTexts())('what %s printed', (name, text) => {
  const profile = ALLOCATOR_PROFILES.get(name) as AllocatorProfile
  const figures = figuresOfText(text)

  test('[A33] its figures give the same text', () => {
    expect(formatMallocStats(figures)).toBe(text)
  })

  test('[A33] an empty allocator of its profile prints the same lines but for numbers and classes', () => {
    const shape = (lines: string): string =>
      lines
        .replaceAll(/^ +\d.*\n/gm, '')
        .replaceAll(/[\d,]+/g, 'n')
        .replaceAll(/ +/g, ' ')
    expect(shape(mallocStatsText(new Heap(profile).state))).toBe(shape(text))
  })

  test('[A38] its constants are those of the profile', () => {
    const { alignmentBytes, smallRequestBytes, poolHeaderBytes, poolBytes, arenaBytes, arenaMap } = profile
    expect(figures).toMatchObject({ smallRequestBytes, poolBytes, arenaBytes, classCount: smallRequestBytes / alignmentBytes })
    const pools = figures.classes.reduce((sum, row) => sum + row.pools, 0)
    expect(figures.stats.bytesInPoolHeaders).toBe(pools * poolHeaderBytes)
    for (const { sizeClass, blockBytes, pools: own, usedBlocks, availableBlocks } of figures.classes) {
      expect(blockBytes).toBe((sizeClass + 1) * alignmentBytes)
      expect(usedBlocks + availableBlocks).toBe(own * Math.floor((poolBytes - poolHeaderBytes) / blockBytes))
    }
    const nodes = arenaMap?.levels && { midBytes: arenaMap.levels.midBytes, botBytes: arenaMap.levels.botBytes }
    expect(figures.arenaMap?.rootBytes ?? null).toBe(arenaMap?.rootBytes ?? null)
    expect(figures.arenaMap?.levels ?? null).toEqual(nodes ? expect.objectContaining(nodes) : null)
  })

  test('[A32] its figures add up to the bytes of its arenas', () => {
    const { stats, poolBytes, arenaBytes } = figures
    const total =
      stats.bytesInAllocatedBlocks +
      stats.bytesInAvailableBlocks +
      stats.unusedPools * poolBytes +
      stats.bytesInPoolHeaders +
      stats.bytesLostToQuantization +
      stats.bytesLostToArenaAlignment
    expect(total).toBe(stats.arenas * arenaBytes)
    expect(stats.arenasAllocatedTotal - stats.arenasReclaimed).toBe(stats.arenas)
  })
})

test('[A33] the text of a state holds its figures', () => {
  const heap = new Heap(cpythonProfile('3.11'), simulatedSystem())
  for (let block = 0; block < 3000; block++) heap.take((block % 300) + 1)
  expect(figuresOfText(mallocStatsText(heap.state))).toMatchObject({
    stats: mallocStats(heap.state).stats,
    classes: mallocStats(heap.state).classes.map(({ sizeClass, pools, usedBlocks }) => ({ sizeClass, pools, usedBlocks })),
  })
})

describe('radix tree', () => {
  // A bot node spans two arenas of 1024 bytes, a mid node four bot nodes.
  const levels = { midBits: 2, botBits: 1, midBytes: 64, botBytes: 32 }
  const profile: AllocatorProfile = { ...TINY, arenaMap: { rootBytes: 128, levels } }
  const nodes = (heap: Heap): unknown => mallocStats(heap.state).arenaMap?.levels

  test.each([
    [[], 0, 0],
    [[8192], 1, 1],
    [[8192, 9216], 1, 1],
    [[8192, 10240], 1, 2],
    [[8192, 14336], 1, 2],
    [[8192, 16384], 2, 2],
    [[9232], 1, 2],
    [[15376], 2, 2],
  ])('[A34] arenas at %j have %i mid and %i bot nodes', (bases, mids, bots) => {
    const heap = new Heap(profile, recordedSystem(bases))
    while (mallocStats(heap.state).stats.arenas < bases.length) heap.take(64)
    expect(nodes(heap)).toEqual({ mids, midBytes: 64, bots, botBytes: 32 })
  })

  test('[A34] nodes stay when their arena is released', () => {
    const heap = new Heap(profile, recordedSystem([8192, 16384]))
    heap.free(heap.take(16))
    expect(nodes(heap)).toMatchObject({ mids: 1, bots: 1 })
    heap.take(16)
    expect(nodes(heap)).toMatchObject({ mids: 2, bots: 2 })
  })
})
