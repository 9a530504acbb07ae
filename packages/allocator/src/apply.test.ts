import { describe, expect, test } from 'vitest'
import { addressOf, Heap, TINY } from '../test/heap.ts'
import { allocatedBlocks, cpythonProfile, recordedSystem } from './index.ts'

describe('sizes', () => {
  test.each([
    [1, 0, 16],
    [16, 0, 16],
    [17, 1, 32],
    [64, 3, 64],
  ])('[A1] %i bytes are of class %i, with blocks of %i bytes', (bytes, sizeClass, blockBytes) => {
    const heap = new Heap()
    const facts = heap.do({ kind: 'Malloc', domain: 'mem', block: 1, bytes })
    expect(facts).toEqual([
      { kind: 'ArenaOpened', address: 0x40000, bytes: 1024 },
      { kind: 'PoolOpened', address: 0x40000, sizeClass },
      { kind: 'BlockPlaced', block: 1, bytes, address: 0x40000 + 48, sizeClass },
    ])
    expect(heap.malloc(bytes)).toBe(0x40000 + 48 + blockBytes)
  })

  test('[A1] 64-bit builds step by 16 bytes, 32-bit ones by 8, up to 512', () => {
    const classOf = (bits: 32 | 64, bytes: number): unknown =>
      new Heap(cpythonProfile('3.11', bits), recordedSystem([0x4000_0000])).do({ kind: 'Malloc', domain: 'obj', block: 1, bytes })[1]
    expect(classOf(64, 512)).toMatchObject({ kind: 'PoolOpened', sizeClass: 31 })
    expect(classOf(32, 512)).toMatchObject({ kind: 'PoolOpened', sizeClass: 63 })
    expect(classOf(64, 9)).toMatchObject({ sizeClass: 0 })
    expect(classOf(32, 9)).toMatchObject({ sizeClass: 1 })
  })

  test.each([0, 65, 4096])('[A2] %i bytes go to the C library', (bytes) => {
    const facts = new Heap().do({ kind: 'Malloc', domain: 'obj', block: 1, bytes, address: 0x9990 })
    expect(facts).toEqual([{ kind: 'BlockPassedOn', block: 1, bytes, address: 0x9990, domain: 'obj' }])
  })

  test('[A2] its blocks are handed back to it', () => {
    const heap = new Heap()
    heap.do({ kind: 'Malloc', domain: 'mem', block: 1, bytes: 100, address: 0x9990 })
    expect(heap.free(1, 'mem')).toEqual([{ kind: 'BlockHandedBack', block: 1, bytes: 100, address: 0x9990, domain: 'mem' }])
  })

  test('[A3] a raw request goes to the C library whatever its size', () => {
    expect(new Heap().do({ kind: 'Malloc', domain: 'raw', block: 1, bytes: 16 })).toMatchObject([{ kind: 'BlockPassedOn', domain: 'raw' }])
  })

  test('[A4] without an address in the log a block of the C library has none', () => {
    const heap = new Heap()
    expect(heap.malloc(100)).toBeNull()
    expect(heap.do({ kind: 'Malloc', domain: 'obj', block: 9, bytes: 100, address: 77 })).toMatchObject([{ address: 77 }])
  })

  test.each([
    [4, 16, 64],
    [0, 16, 0],
    [5, 16, 80],
  ])('[A5] calloc(%i, %i) is malloc(%i)', (count, elementBytes, bytes) => {
    const calloc = new Heap().do({ kind: 'Calloc', domain: 'obj', block: 1, count, elementBytes })
    expect(calloc).toEqual(new Heap().do({ kind: 'Malloc', domain: 'obj', block: 1, bytes }))
  })
})

describe('realloc', () => {
  test.each([
    [64, 'fits exactly'],
    [49, 'is one byte above three quarters'],
  ])('[A26] a block of 64 bytes stays in place for %i: the size %s', (bytes) => {
    const heap = new Heap()
    const block = heap.take(60)
    expect(heap.do({ kind: 'Realloc', domain: 'obj', block, newBlock: 9, bytes })).toEqual([
      { kind: 'BlockResized', block: 9, previousBytes: 60, bytes, address: addressOf(0, 0), sizeClass: 3 },
    ])
    expect(heap.rejection({ kind: 'Free', domain: 'obj', block })).toBe('BlockNotLive')
    expect(heap.rejection({ kind: 'Free', domain: 'obj', block: 9 })).toBeNull()
  })

  test('[A26] the rule looks at the block, not at the bytes that were asked for', () => {
    const heap = new Heap()
    heap.do({ kind: 'Malloc', domain: 'obj', block: 1, bytes: 52 })
    heap.do({ kind: 'Realloc', domain: 'obj', block: 1, newBlock: 2, bytes: 49 })
    heap.do({ kind: 'Realloc', domain: 'obj', block: 2, newBlock: 3, bytes: 64 })
    heap.do({ kind: 'Realloc', domain: 'obj', block: 3, newBlock: 4, bytes: 50 })
    expect(heap.realloc(4, 48)).toBe(addressOf(0, 1))
  })

  test.each([48, 17, 1])('[A26] a block of 64 bytes does not stay for %i: a quarter or more is won', (bytes) => {
    const heap = new Heap()
    const block = heap.take(64)
    const kinds = heap.do({ kind: 'Realloc', domain: 'obj', block, newBlock: 9, bytes }).map(({ kind }) => kind)
    expect(kinds).toEqual(['PoolOpened', 'BlockPlaced', 'BlockReturned', 'PoolClosed'])
  })

  test('[A27] the new block is taken while the old one is live: it is the next one, not the same', () => {
    const heap = new Heap({ ...TINY, smallRequestBytes: 32 })
    const block = heap.take(16)
    heap.take(32)
    expect(heap.realloc(block, 32)).toBe(addressOf(0, 1, 1, 32))
    expect(heap.malloc(16)).toBe(addressOf(0, 0, 0, 16))
  })

  test('[A27] a block that grows beyond the pools or shrinks to nothing moves to the C library', () => {
    const heap = new Heap()
    const [grown, shrunk] = [heap.take(64), heap.take(64)]
    expect(heap.do({ kind: 'Realloc', domain: 'obj', block: grown, newBlock: 9, bytes: 65, address: 0x9990 })).toMatchObject([
      { kind: 'BlockPassedOn', block: 9, bytes: 65, address: 0x9990 },
      { kind: 'BlockReturned', block: grown },
    ])
    expect(heap.do({ kind: 'Realloc', domain: 'obj', block: shrunk, newBlock: 10, bytes: 0 })).toMatchObject([
      { kind: 'BlockPassedOn', block: 10, bytes: 0 },
      { kind: 'BlockReturned', block: shrunk },
      { kind: 'PoolClosed' },
      { kind: 'ArenaReleased' },
    ])
  })

  test('[A28] a block of the C library stays there when it would fit into a pool', () => {
    const heap = new Heap()
    const block = heap.take(100)
    expect(heap.do({ kind: 'Realloc', domain: 'obj', block, newBlock: 9, bytes: 16, address: 0x9990 })).toEqual([
      { kind: 'BlockHandedBack', block, bytes: 100, address: null, domain: 'obj' },
      { kind: 'BlockPassedOn', block: 9, bytes: 16, address: 0x9990, domain: 'obj' },
    ])
    expect(allocatedBlocks(heap.state)).toBe(1)
  })

  test.each([0, 16, 64, 65])('[A29] realloc(NULL, %i) is malloc', (bytes) => {
    const realloc = new Heap().do({ kind: 'Realloc', domain: 'obj', block: null, newBlock: 1, bytes })
    expect(realloc).toEqual(new Heap().do({ kind: 'Malloc', domain: 'obj', block: 1, bytes }))
  })

  test('[A30] free(NULL) does nothing', () => {
    const heap = new Heap()
    heap.take(16)
    expect(heap.do({ kind: 'Free', domain: 'obj', block: null })).toEqual([])
    expect(allocatedBlocks(heap.state)).toBe(1)
    expect(heap.state.at).toBe(2)
  })
})
