import { expect, test } from 'vitest'
import { Heap } from '../test/heap.ts'
import { BlockTable, forEachBlock, NO_HANDLE, openRow, rowOfBlock } from './block-table.ts'
import { allocatedBlocks } from './index.ts'

const entries = (table: BlockTable): (readonly number[])[] => {
  const found: (readonly number[])[] = []
  forEachBlock(table, (...entry) => found.push(entry))
  return found
}

function enter(table: BlockTable, id: number, handle: number): void {
  const row = openRow(table, id)
  table.handle[row] = handle
}

test('[A42] ids far apart are kept side by side, in ascending order', () => {
  const table = new BlockTable()
  for (const id of [70_000, 0, 255, 256, 1_000_000]) enter(table, id, id + 1)
  expect(entries(table)).toEqual([0, 255, 256, 70_000, 1_000_000].map((id) => [id, id + 1]))
  for (const id of [1, 512, 2_000_000]) expect(table.handle[rowOfBlock(table, id)]).toBe(NO_HANDLE)
})

test('[A42] a table of ids that only grow holds no more pages than its live blocks need', () => {
  const table = new BlockTable()
  const room = table.handle.length
  for (let id = 0; id < 100_000; id++) {
    enter(table, id, 1)
    if (id >= 300) table.handle[rowOfBlock(table, id - 300)] = NO_HANDLE
  }
  expect(table.handle.length).toBe(room)
  expect(entries(table)).toHaveLength(300)
})

test('[A42] while most of its pages hold a live block, the table grows and keeps every one', () => {
  const table = new BlockTable()
  for (let id = 0; id < 100_000; id++) {
    enter(table, id, id + 1)
    if (id % 256 !== 7) table.handle[rowOfBlock(table, id)] = NO_HANDLE
  }
  expect(entries(table)).toEqual(Array.from({ length: 391 }, (_, page) => [page * 256 + 7, page * 256 + 8]))
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
