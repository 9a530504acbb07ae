import { expect, test } from 'vitest'
import { enterId, forEachId, handleOfId, IdTable, NO_HANDLE, removeId } from './id-table.ts'

const entries = (table: IdTable): (readonly number[])[] => {
  const found: (readonly number[])[] = []
  forEachId(table, (...entry) => found.push(entry))
  return found
}

test('[K14] ids far apart are kept side by side, in ascending order', () => {
  const table = new IdTable()
  for (const id of [70_000, 0, 255, 256, 1_000_000]) enterId(table, id, id + 1)
  expect(entries(table)).toEqual([0, 255, 256, 70_000, 1_000_000].map((id) => [id, id + 1]))
  for (const id of [1, 512, 2_000_000]) expect(handleOfId(table, id)).toBe(NO_HANDLE)
})

test('[K14] a table of ids that only grow holds no more pages than its live ids need', () => {
  const table = new IdTable()
  const room = table.handle.length
  for (let id = 0; id < 100_000; id++) {
    enterId(table, id, 1)
    if (id >= 300) removeId(table, id - 300)
  }
  expect(table.handle.length).toBe(room)
  expect(entries(table)).toHaveLength(300)
})

test('[K14] while most of its pages hold a live id, the table grows and keeps every one', () => {
  const table = new IdTable()
  for (let id = 0; id < 100_000; id++) {
    enterId(table, id, id + 1)
    if (id % 256 !== 7) removeId(table, id)
  }
  expect(entries(table)).toEqual(Array.from({ length: 391 }, (_, page) => [page * 256 + 7, page * 256 + 8]))
})
