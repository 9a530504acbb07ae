import { describe, expect, test } from 'vitest'
import { addressOf, Heap, TINY, TINY_KEEPING } from '../test/heap.ts'
import { allocatorStats, cpythonProfile, mallocStats, recordedSystem } from './index.ts'
import { keeper } from './state.ts'

describe('usable arenas', () => {
  test('[A15] an arena is mapped only when no other has a free pool', () => {
    const heap = new Heap()
    expect(heap.nextArenas(9)).toEqual([0, 0, 0, 0, 1, 1, 1, 1, 2])
    expect(allocatorStats(heap.state).arenas).toBe(3)
  })

  test('[A15] a pool is taken from the first usable arena, though another has more', () => {
    const heap = new Heap()
    const arenas = heap.arenas(2)
    heap.freeAll([...arenas[0][0], ...arenas[0][1], ...arenas[1][0]])
    expect(heap.nextArenas(3)).toEqual([1, 0, 0])
  })

  test('[A16] an arena without a free pool gives way to the next', () => {
    const heap = new Heap()
    const arenas = heap.arenas(2)
    heap.freeAll(arenas[0][2])
    heap.freeAll(arenas[1][1])
    expect(heap.nextArenas(3)).toEqual([1, 0, 2])
  })

  test('[A17] an arena that was full goes before those with one free pool', () => {
    const heap = new Heap()
    const arenas = heap.arenas(3)
    for (const arena of [1, 0, 2]) heap.freeAll(arenas[arena][0])
    expect(heap.nextArenas(3)).toEqual([2, 0, 1])
  })

  test('[A18] an arena that gets another pool back goes behind the last with its old count, before those with its new one', () => {
    const heap = new Heap()
    const arenas = heap.arenas(3)
    for (const arena of [0, 1, 2]) heap.freeAll(arenas[arena][0])
    // Usable: 2, 1, 0 with one free pool each. Arena 2 goes behind 0; then arena 1 goes behind 0, before 2.
    heap.freeAll(arenas[2][1])
    heap.freeAll(arenas[1][1])
    expect(heap.nextArenas(5)).toEqual([0, 1, 1, 2, 2])
  })

  test('[A18] the last arena with its old count stays where it is', () => {
    const heap = new Heap()
    const arenas = heap.arenas(3)
    for (const arena of [0, 1, 2]) heap.freeAll(arenas[arena][0])
    heap.freeAll(arenas[0][1])
    expect(heap.nextArenas(4)).toEqual([2, 1, 0, 0])
  })
})

describe('release', () => {
  test('[A19] up to 3.8 an arena goes when its last pool is free, even the only one', () => {
    const heap = new Heap(TINY)
    const block = heap.take(16)
    expect(heap.free(block)).toEqual([
      { kind: 'BlockReturned', block, bytes: 16, address: addressOf(0, 0), sizeClass: 0 },
      { kind: 'PoolClosed', address: 0x40000, sizeClass: 0 },
      { kind: 'ArenaReleased', address: 0x40000, bytes: 1024 },
    ])
    expect(allocatorStats(heap.state)).toMatchObject({ arenas: 0, arenasAllocatedTotal: 1, arenasReclaimed: 1, arenasHighwater: 1 })
  })

  test('[A20] from 3.9 on the last usable arena is kept', () => {
    const heap = new Heap(TINY_KEEPING)
    const block = heap.take(16)
    expect(heap.free(block).map(({ kind }) => kind)).toEqual(['BlockReturned', 'PoolClosed'])
    expect(heap.malloc(32)).toBe(addressOf(0, 0, 0, 32))
    expect(allocatorStats(heap.state)).toMatchObject({ arenas: 1, arenasAllocatedTotal: 1 })
  })

  test('[A20] and any other is released', () => {
    const heap = new Heap(TINY_KEEPING)
    const [first, second] = heap.arenas(2) as [readonly (readonly number[])[], readonly (readonly number[])[]]
    heap.freeAll(second[0])
    expect(heap.freeAll(first.flat()).at(-1)).toBe('PoolClosed')
    expect(heap.freeAll(second.flat().slice(3)).at(-1)).toBe('ArenaReleased')
    expect(heap.nextArenas(1)).toEqual([0])
  })

  test('[A25] an arena mapped where one was released begins as if nothing had been there', () => {
    const heap = new Heap(TINY, recordedSystem([0x40000, 0x20000]))
    heap.freeAll([heap.take(64), heap.take(64), heap.take(64)].reverse())
    // Same class as before: an old free list would hand out another block than the first.
    expect([heap.malloc(64), heap.malloc(64), heap.malloc(16)]).toEqual([addressOf(1, 0, 0), addressOf(1, 0, 1), addressOf(1, 1, 0)])
  })
})

describe('the end of a heap', () => {
  const PROFILE = { ...TINY_KEEPING, releasesHeaps: true, arenaMap: cpythonProfile('3.13').arenaMap }

  test('[A50] the arena that was kept and its radix nodes are given back', () => {
    const heap = new Heap(PROFILE)
    heap.free(heap.take(16))
    expect(heap.do({ kind: 'ReleaseHeap' })).toEqual([{ kind: 'ArenaReleased', address: 0x40000, bytes: 1024 }])
    expect(allocatorStats(heap.state)).toMatchObject({ arenas: 0, arenasReclaimed: 1 })
    expect(mallocStats(heap.state).arenaMap?.levels).toMatchObject({ mids: 0, bots: 0 })
    expect(heap.malloc(16)).toBe(addressOf(1, 0))
  })

  test('[A50] up to 3.12 nothing happens', () => {
    const heap = new Heap({ ...PROFILE, releasesHeaps: false })
    heap.take(16)
    expect(heap.do({ kind: 'ReleaseHeap' })).toEqual([])
    expect(allocatorStats(heap.state)).toMatchObject({ arenas: 1 })
  })

  test.each([16, 100])('[A50] a live block of %i bytes is a reason to reject it', (bytes) => {
    const heap = new Heap(PROFILE)
    heap.take(bytes)
    expect(heap.rejection({ kind: 'ReleaseHeap' })).toBe('HeapInUse')
  })

  test('[A50] a raw block is none: it belongs to no interpreter', () => {
    const heap = new Heap(PROFILE)
    heap.take(100, 'raw')
    expect(heap.do({ kind: 'ReleaseHeap' })).toEqual([])
  })
})

describe('bases', () => {
  const MISALIGNED = 0x40010

  test('[A21] pools begin at the next multiple of their size, and one is lost', () => {
    const heap = new Heap(TINY, recordedSystem([MISALIGNED, 0x20000]))
    expect(heap.malloc(64)).toBe(0x40100 + 48)
    expect(heap.nextArenas(3).length).toBe(3)
    expect(allocatorStats(heap.state)).toMatchObject({ arenas: 2, bytesLostToArenaAlignment: 256, unusedPools: 3 })
  })

  test('[A21] such an arena is released when its three pools are free', () => {
    const heap = new Heap(TINY, recordedSystem([MISALIGNED]))
    const pools = [heap.pool(), heap.pool(), heap.pool()]
    expect(heap.freeAll(pools.flat()).at(-1)).toBe('ArenaReleased')
  })

  test('[A22] without an arena the request goes to the C library, and the next one asks again', () => {
    const heap = new Heap(TINY, recordedSystem([]))
    const refused = (block: number) => heap.do({ kind: 'Malloc', domain: 'obj', block, bytes: 16, address: 0x9990 })
    for (const block of [1, 2])
      expect(refused(block)).toEqual([
        { kind: 'ArenaRefused', bytes: 1024 },
        { kind: 'BlockPassedOn', block, bytes: 16, address: 0x9990, domain: 'obj' },
      ])
    heap.do({ kind: 'ArenaMapped', address: 0x40000, bytes: 1024 })
    expect(heap.malloc(16)).toBe(addressOf(0, 0))
    // The block that the C library holds is freed there.
    expect(heap.free(1)).toMatchObject([{ kind: 'BlockHandedBack' }])
  })
})

describe('the last arena that can be numbered', () => {
  const malloc = { kind: 'Malloc', domain: 'obj', block: 1, bytes: 16 } as const

  test.each([
    [TINY, 2 ** 25],
    [cpythonProfile('3.8'), 2 ** 17],
    [cpythonProfile('3.11'), 2 ** 15],
    [cpythonProfile('3.11', 32), 2 ** 16],
  ])('[A51] units of %o reach for %i arenas', (profile, arenas) => {
    expect(keeper.read(new Heap(profile).state).geometry.arenasMax).toBe(arenas)
  })

  test('[A51] an arena more is not asked for', () => {
    const heap = new Heap()
    const s = keeper.read(heap.state)
    s.arenaRows = s.geometry.arenasMax
    expect(heap.rejection(malloc)).toBe('TooManyArenas')
    s.arenaRows = 0
    expect(heap.do(malloc)[0]).toMatchObject({ kind: 'ArenaOpened', address: 0x40000 })
  })

  test('[A51] the row of an arena that was released is used again', () => {
    const heap = new Heap()
    heap.free(heap.take(16))
    const s = keeper.read(heap.state)
    s.arenaRows = s.geometry.arenasMax
    expect(heap.rejection(malloc)).toBeNull()
  })
})
