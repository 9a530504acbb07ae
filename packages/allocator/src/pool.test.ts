import { expect, test } from 'vitest'
import { addressOf, Heap, TINY } from '../test/heap.ts'

test.each([
  [16, 13],
  [32, 6],
  [48, 4],
  [64, 3],
])('[A6] behind the header of a 256-byte pool fit blocks of %i bytes: %i', (blockBytes, blocks) => {
  const heap = new Heap()
  const addresses = Array.from({ length: blocks }, () => heap.malloc(blockBytes))
  expect(addresses).toEqual(Array.from({ length: blocks }, (_, block) => addressOf(0, 0, block, blockBytes)))
  expect(heap.malloc(blockBytes)).toBe(addressOf(0, 1, 0, blockBytes))
})

test('[A6] a header of 32 bytes, as in 32-bit builds, leaves room for 7 blocks of 32', () => {
  const heap = new Heap({ ...TINY, poolHeaderBytes: 32 })
  expect(heap.malloc(32)).toBe(0x40000 + 32)
  for (let block = 1; block < 7; block++) heap.take(32)
  expect(heap.malloc(32)).toBe(0x40000 + 256 + 32)
})

test('[A6] the second block is free before the third is carved', () => {
  const heap = new Heap()
  const first = heap.take(16)
  heap.take(16)
  heap.free(first)
  expect(heap.malloc(16)).toBe(addressOf(0, 0, 0, 16))
  expect(heap.malloc(16)).toBe(addressOf(0, 0, 2, 16))
})

test('[A7] the block freed last is handed out first', () => {
  const heap = new Heap()
  const blocks = Array.from({ length: 5 }, () => heap.take(16))
  for (const place of [1, 3, 2]) heap.free(blocks[place])
  expect([heap.malloc(16), heap.malloc(16), heap.malloc(16)]).toEqual([2, 3, 1].map((block) => addressOf(0, 0, block, 16)))
})

test('[A8] blocks are carved only when the free list has run out', () => {
  const heap = new Heap()
  const blocks = Array.from({ length: 3 }, () => heap.take(16))
  heap.free(blocks[0])
  // The fourth block was carved when the third was handed out, and waits behind the freed one.
  expect([heap.malloc(16), heap.malloc(16), heap.malloc(16)]).toEqual([0, 3, 4].map((block) => addressOf(0, 0, block, 16)))
})

test('[A9] a full pool is passed over', () => {
  const heap = new Heap()
  heap.pool()
  expect(heap.malloc(64)).toBe(addressOf(0, 1))
})

test('[A10] a full pool that gets a block back is asked first', () => {
  const heap = new Heap()
  const [first, second] = [heap.pool(), heap.pool()]
  heap.take(64)
  heap.free(first[1])
  heap.free(second[2])
  expect([heap.malloc(64), heap.malloc(64), heap.malloc(64)]).toEqual([addressOf(0, 1, 2), addressOf(0, 0, 1), addressOf(0, 2, 1)])
})

test('[A11] the pool of the last block freed goes back to its arena and serves any class', () => {
  const heap = new Heap()
  heap.take(16)
  const alone = heap.take(64)
  expect(heap.free(alone)).toEqual([
    { kind: 'BlockReturned', block: alone, bytes: 64, address: addressOf(0, 1), sizeClass: 3 },
    { kind: 'PoolClosed', address: 0x40000 + 256, sizeClass: 3 },
  ])
  expect(heap.malloc(32)).toBe(addressOf(0, 1, 0, 32))
})

test('[A11] a pool in the midst of its class leaves the others in their order', () => {
  const heap = new Heap()
  const pools = [heap.pool(), heap.pool(), heap.pool()]
  for (const pool of pools) heap.free(pool[0])
  heap.free(pools[1][1])
  heap.free(pools[1][2])
  expect([heap.malloc(64), heap.malloc(64)]).toEqual([addressOf(0, 2, 0), addressOf(0, 0, 0)])
})

test('[A12] the pool given back last is taken first, then older ones, then a new one', () => {
  const heap = new Heap()
  const [first, second] = [heap.pool(), heap.pool(), heap.pool()]
  heap.freeAll(first)
  heap.freeAll(second)
  const addresses = [heap.malloc(16), heap.malloc(32), heap.malloc(48)]
  expect(addresses).toEqual([addressOf(0, 1, 0, 16), addressOf(0, 0, 0, 32), addressOf(0, 3, 0, 48)])
})

test('[A13] a pool taken again for its class keeps its free list', () => {
  const heap = new Heap()
  heap.take(16)
  const blocks = heap.pool()
  heap.freeAll([blocks[1], blocks[0], blocks[2]])
  expect([heap.malloc(64), heap.malloc(64), heap.malloc(64)]).toEqual([2, 0, 1].map((block) => addressOf(0, 1, block)))
})

test('[A13] and goes on carving where it was', () => {
  const heap = new Heap()
  heap.take(16)
  const blocks = [heap.take(32), heap.take(32), heap.take(32)]
  heap.freeAll(blocks)
  const addresses = Array.from({ length: 6 }, () => heap.malloc(32))
  expect(addresses).toEqual([2, 1, 0, 3, 4, 5].map((block) => addressOf(0, 1, block, 32)))
})

test('[A14] a pool taken for another class begins anew, also when it comes back to the first', () => {
  const heap = new Heap()
  heap.take(16)
  heap.freeAll([heap.take(64), heap.take(64)])
  const other = heap.take(32)
  heap.free(other)
  expect([heap.malloc(64), heap.malloc(64), heap.malloc(64)]).toEqual([0, 1, 2].map((block) => addressOf(0, 1, block)))
})
