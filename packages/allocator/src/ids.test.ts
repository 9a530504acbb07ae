import { expect, test } from 'vitest'
import { Heap } from '../test/heap.ts'
import { allocatedBlocks } from './index.ts'

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
