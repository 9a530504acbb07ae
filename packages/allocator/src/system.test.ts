import { expect, test } from 'vitest'
import { addressOf, Heap, TINY } from '../test/heap.ts'
import { recordedSystem, simulatedSystem } from './index.ts'

test('[A23] arenas lie where the log says, in the order of the log', () => {
  const heap = new Heap(TINY, recordedSystem())
  for (const address of [0x40000, 0x20000]) heap.do({ kind: 'ArenaMapped', address, bytes: 1024 })
  expect(heap.malloc(64)).toBe(addressOf(0, 0))
  expect(heap.nextArenas(5)).toEqual([0, 0, 0, 0, 1])
})

test('[A23] a mapping of another size is of no concern', () => {
  const heap = new Heap(TINY, recordedSystem())
  heap.do({ kind: 'ArenaMapped', address: 0x90000, bytes: 16384 })
  heap.do({ kind: 'ArenaMapped', address: 0x40000, bytes: 1024 })
  heap.do({ kind: 'ArenaUnmapped', address: 0x90000 })
  expect(heap.malloc(16)).toBe(addressOf(0, 0))
})

test('[A49] a refusal of the log stands for one arena', () => {
  const heap = new Heap(TINY, recordedSystem())
  for (const address of [null, 0x40000]) heap.do({ kind: 'ArenaMapped', address, bytes: 1024 })
  const first = heap.do({ kind: 'Malloc', domain: 'obj', block: 1, bytes: 16 })
  expect(first).toMatchObject([{ kind: 'ArenaRefused', bytes: 1024 }, { kind: 'BlockPassedOn' }])
  expect(heap.malloc(16)).toBe(addressOf(0, 0))
})

test('[A24] without a log arenas go downwards from the top', () => {
  const system = simulatedSystem(0x10000)
  expect([system.mapArena(1024), system.mapArena(1024)]).toEqual([0x10000 - 1024, 0x10000 - 2048])
})

test('[A24] the highest hole is filled first', () => {
  const system = simulatedSystem(0x10000)
  const mapped = [0, 1, 2, 3].map(() => system.mapArena(1024))
  for (const place of [2, 0, 1]) system.unmapArena(mapped[place])
  expect([0, 1, 2, 3].map(() => system.mapArena(1024))).toEqual([mapped[0], mapped[1], mapped[2], 0x10000 - 5 * 1024])
})

test('[A24] an arena that would begin at 0 or below is refused', () => {
  const system = simulatedSystem(2048)
  expect([system.mapArena(1024), system.mapArena(1024)]).toEqual([1024, -1])
})

test('[A24] the recorded addresses of blocks are not believed', () => {
  expect(simulatedSystem().blockAddress(77)).toBeNaN()
  expect(recordedSystem().blockAddress(77)).toBe(77)
})
