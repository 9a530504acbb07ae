import { describe, expect, test } from 'vitest'
import { Heap, TINY, TINY_KEEPING } from '../test/heap.ts'
import {
  allocatedBlocks,
  allocatorStats,
  cLibraryBlocks,
  fragmentation,
  pinnedArenas,
  poolBlocks,
  poolMap,
  recordedSystem,
  sizeClassStats,
} from './index.ts'

describe('getallocatedblocks', () => {
  test('[A31] counts blocks of pools and what MEM and OBJ have of the C library, not RAW', () => {
    const heap = new Heap()
    heap.take(16)
    heap.take(16, 'mem')
    heap.take(100, 'obj')
    heap.take(0, 'mem')
    heap.take(100, 'raw')
    expect(allocatedBlocks(heap.state)).toBe(4)
    expect(cLibraryBlocks(heap.state)).toEqual({ blocks: 3, bytes: 200 })
  })

  test('[A31] goes by the domain of each request: what RAW took and OBJ freed counts down', () => {
    const heap = new Heap()
    const block = heap.take(100, 'raw')
    heap.free(block, 'obj')
    expect(allocatedBlocks(heap.state)).toBe(-1)
  })

  test('[A31] what RAW took and RAW freed does not count', () => {
    const heap = new Heap()
    heap.free(heap.take(100, 'raw'), 'raw')
    expect(allocatedBlocks(heap.state)).toBe(0)
  })

  test('[A31] a realloc inside the C library changes nothing', () => {
    const heap = new Heap()
    heap.realloc(heap.take(100), 10)
    expect(allocatedBlocks(heap.state)).toBe(1)
    expect(cLibraryBlocks(heap.state)).toEqual({ blocks: 1, bytes: 10 })
  })
})

describe('figures', () => {
  /** One 48-byte block in a pool of 4, two 64-byte blocks in a pool of 3. */
  function example(): Heap {
    const heap = new Heap(TINY, recordedSystem([0x40010]))
    for (const bytes of [40, 64, 50]) heap.take(bytes)
    return heap
  }

  test('[A32] each figure is what its line says', () => {
    expect(allocatorStats(example().state)).toEqual({
      arenasAllocatedTotal: 1,
      arenasReclaimed: 0,
      arenasHighwater: 1,
      arenas: 1,
      bytesInAllocatedBlocks: 48 + 2 * 64,
      bytesInAvailableBlocks: 3 * 48 + 64,
      unusedPools: 1,
      bytesInPoolHeaders: 2 * 48,
      bytesLostToQuantization: (208 % 48) + (208 % 64),
      bytesLostToArenaAlignment: 256,
    })
  })

  test('[A32] released arenas count as reclaimed, and the highwater mark stays', () => {
    const heap = new Heap()
    const arenas = heap.arenas(3)
    heap.freeAll(arenas.flat(2))
    heap.take(16)
    expect(allocatorStats(heap.state)).toMatchObject({ arenasAllocatedTotal: 4, arenasReclaimed: 3, arenasHighwater: 3, arenas: 1 })
  })

  test('[A32] freed pools and pools never carved are unused', () => {
    const heap = new Heap(TINY_KEEPING)
    heap.freeAll([...heap.pool(), ...heap.pool()])
    expect(allocatorStats(heap.state)).toMatchObject({ unusedPools: 4, bytesInPoolHeaders: 0, bytesInAvailableBlocks: 0 })
  })

  test('[A35] classes in use, with what was asked for and what was not', () => {
    expect(sizeClassStats(example().state)).toEqual([
      { sizeClass: 2, blockBytes: 48, pools: 1, usedBlocks: 1, availableBlocks: 3, requestedBytes: 40, wastedBytes: 8 },
      { sizeClass: 3, blockBytes: 64, pools: 1, usedBlocks: 2, availableBlocks: 1, requestedBytes: 114, wastedBytes: 14 },
    ])
  })

  test('[A35] what was asked for is counted from live blocks alone, whatever was freed between them', () => {
    const heap = new Heap()
    const blocks = Array.from({ length: 400 }, (_, at) => heap.take(1 + ((at * 37) % 512)))
    for (const block of blocks.filter((_, at) => at % 3 === 0)) heap.free(block)
    for (let at = 0; at < 50; at++) heap.take(1 + ((at * 11) % 90))
    const live = pinnedArenas(heap.state).flatMap((arena) => arena.blocks)
    expect(sizeClassStats(heap.state).map(({ sizeClass, requestedBytes, usedBlocks }) => [sizeClass, requestedBytes, usedBlocks])).toEqual(
      [...new Set(live.map(({ sizeClass }) => sizeClass))]
        .sort((a, b) => a - b)
        .map((sizeClass) => live.filter((block) => block.sizeClass === sizeClass))
        .map((own) => [own[0]?.sizeClass, own.reduce((sum, { bytes }) => sum + bytes, 0), own.length]),
    )
  })

  test('[A31] a block that the C library gets back does not count, whatever its row is used for next', () => {
    const heap = new Heap()
    const blocks = [600, 700, 800].map((bytes) => heap.take(bytes))
    heap.free(blocks[0] as number)
    heap.free(blocks[1] as number)
    heap.take(900)
    expect(cLibraryBlocks(heap.state)).toEqual({ blocks: 2, bytes: 1700 })
  })

  test('[A35] a realloc in place changes what was asked for', () => {
    const heap = new Heap()
    heap.realloc(heap.take(64), 50)
    expect(sizeClassStats(heap.state)).toMatchObject([{ requestedBytes: 50, wastedBytes: 14 }])
  })

  test('[A36] internal is of live blocks, external of mapped bytes', () => {
    expect(fragmentation(example().state)).toEqual({
      mappedBytes: 1024,
      requestedBytes: 154,
      internal: 1 - 154 / 176,
      external: 1 - 176 / 1024,
    })
    expect(fragmentation(new Heap().state)).toEqual({ mappedBytes: 0, requestedBytes: 0, internal: 0, external: 0 })
  })
})

test('[A37] every arena by address, with its live blocks by address', () => {
  const heap = new Heap()
  const arenas = heap.arenas(2)
  const [first, second] = [arenas[0].flat(), arenas[1].flat()]
  heap.freeAll(first.slice(1))
  heap.freeAll(second.slice(4))
  expect(pinnedArenas(heap.state)).toMatchObject([
    { address: 0x20000, pools: 4, freePools: 2, liveBytes: 4 * 64, blocks: second.slice(0, 4).map((block) => ({ block })) },
    { address: 0x40000, pools: 4, freePools: 3, liveBytes: 64 },
  ])
  expect(pinnedArenas(heap.state)[1]?.blocks).toEqual([{ block: first[0], address: 0x40000 + 48, bytes: 64, sizeClass: 3 }])
})

describe('pool map', () => {
  test('[A53] holds every pool, with the live blocks of each class', () => {
    const heap = new Heap()
    const blocks = [16, 16, 48, 64, 64, 64].map((bytes) => heap.take(bytes))
    heap.free(blocks[2] ?? 0)
    const { blockBytes, used, pools, arenas, poolBytes } = poolMap(heap.state)
    const perClass = (bytes: number): number => used.reduce((sum, count, place) => sum + (blockBytes[place] === bytes ? count : 0), 0)
    expect([perClass(16), perClass(48), perClass(64)]).toEqual([2, 0, 3])
    expect(sizeClassStats(heap.state).map((each) => each.usedBlocks)).toEqual([2, 3])
    const [arena] = pinnedArenas(heap.state)
    expect([arenas.length, pools[0], poolBytes]).toEqual([1, arena?.pools, TINY.poolBytes])
    expect(used.filter((count) => count === 0).length).toBe(arena?.freePools)
  })
  test('[A55] and which blocks live in each of them', () => {
    const heap = new Heap()
    const blocks = [16, 16, 48, 64, 64, 64, 100].map((bytes) => heap.take(bytes))
    heap.free(blocks[2] ?? 0)
    for (let more = 0; more < 90; more++) heap.take(32)
    const map = poolMap(heap.state)
    const { block, pool } = poolBlocks(heap.state, map)
    const arenas = pinnedArenas(heap.state)
    expect(arenas.length).toBeGreaterThan(1)
    const inside = (address: number): number[] =>
      arenas.flatMap((arena) =>
        arena.blocks.filter((each) => each.address >= address && each.address < address + map.poolBytes).map((each) => each.block),
      )
    const addresses = Array.from(map.arenas).flatMap((first, row) =>
      Array.from({ length: map.pools[row] ?? 0 }, (_, pool) => first + pool * map.poolBytes),
    )
    addresses.forEach((address, place) => {
      expect([...block].filter((_, row) => pool[row] === place)).toEqual(inside(address).sort((a, b) => a - b))
    })
  })
})
