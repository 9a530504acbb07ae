import { expect, test } from 'vitest'
import { Heap } from '../test/heap.ts'
import { addBlock, BlockTable, forEachBlock, NO_HANDLE, openRow, removeBlock, rowOfBlock } from './block-table.ts'
import { allocatedBlocks } from './index.ts'

const entries = (table: BlockTable): (readonly number[])[] => {
  const found: (readonly number[])[] = []
  forEachBlock(table, (...entry) => found.push(entry))
  return found
}

test('[A42] ids far apart are kept side by side, in ascending order', () => {
  const table = new BlockTable()
  for (const id of [70_000, 0, 255, 256, 1_000_000]) addBlock(table, openRow(table, id), id + 1, id % 100)
  expect(entries(table)).toEqual([0, 255, 256, 70_000, 1_000_000].map((id) => [id, id + 1, id % 100]))
  expect(rowOfBlock(table, 512)).toBe(-1)
  expect(table.handle[rowOfBlock(table, 1)]).toBe(NO_HANDLE)
})

test('[A42] a table of ids that only grow holds as many pages as its live blocks need', () => {
  const table = new BlockTable()
  for (let id = 0; id < 100_000; id++) {
    addBlock(table, openRow(table, id), 1, 0)
    if (id >= 300) removeBlock(table, id - 300, rowOfBlock(table, id - 300))
  }
  expect(table.pageCount).toBe(3)
  expect(entries(table)).toHaveLength(300)
})

test('[A42] a dead id may be used again, a live one not', () => {
  const heap = new Heap()
  const malloc = { kind: 'Malloc', domain: 'obj', block: 7, bytes: 16 } as const
  heap.do(malloc)
  expect(heap.rejection(malloc)).toBe('BlockAlreadyLive')
  heap.free(7)
  expect(heap.rejection(malloc)).toBeNull()
})

test('[A42] a realloc may name an id whose page is not there yet', () => {
  const heap = new Heap()
  for (let block = 0; block < 5; block++)
    heap.do({ kind: 'Realloc', domain: 'obj', block: block === 0 ? null : block * 300, newBlock: (block + 1) * 300, bytes: 64 })
  expect(allocatedBlocks(heap.state)).toBe(1)
})

test('[A43] a copied table shares nothing with the first', () => {
  const table = new BlockTable()
  addBlock(table, openRow(table, 5), 1, 16)
  const copy = table.clone()
  addBlock(copy, openRow(copy, 500), 2, 16)
  removeBlock(copy, 5, rowOfBlock(copy, 5))
  expect(entries(table)).toEqual([[5, 1, 16]])
  expect(entries(copy)).toEqual([[500, 2, 16]])
})
