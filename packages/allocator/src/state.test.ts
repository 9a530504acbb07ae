import { Emit } from '@reheap/kernel'
import { expect, test } from 'vitest'
import { Heap, TINY_KEEPING } from '../test/heap.ts'
import { allocatorMechanism, allocatorReducer, emptyAllocator, recordedSystem, simulatedSystem } from './index.ts'
import { keeper } from './state.ts'

/** Every column and number of a state, written out. */
function columnsOf(value: unknown): unknown {
  if (ArrayBuffer.isView(value)) return [...(value as Uint8Array)]
  if (typeof value !== 'object' || value === null) return typeof value === 'function' ? undefined : value
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, columnsOf(part)]))
}

function busyHeap(): Heap {
  const heap = new Heap(TINY_KEEPING)
  const arenas = heap.arenas(3)
  heap.freeAll(arenas[1].flat())
  heap.take(100)
  return heap
}

test('[A43] after a draft has done all that there is to do, the sealed state holds the same columns', () => {
  const { state } = busyHeap()
  const before = columnsOf(keeper.read(state))
  const draft = allocatorMechanism.thaw(state)
  const other = busyHeap()
  other.state = state
  other.freeAll(other.arenas(2).flat(2).reverse())
  for (let block = 0; block < 40; block++) other.take(block * 5)
  expect(columnsOf(keeper.read(state))).toEqual(before)
  expect(columnsOf(keeper.own(draft))).toEqual(before)
})

test('[A43] no column of a draft lies in the memory of the state that it came from', () => {
  const { state } = busyHeap()
  const sealed = keeper.read(state) as unknown as Record<string, unknown>
  const drafted = keeper.own(keeper.thaw(state)) as unknown as Record<string, unknown>
  for (const [name, column] of Object.entries(sealed))
    if (ArrayBuffer.isView(column)) expect((drafted[name] as Uint8Array).buffer, name).not.toBe(column.buffer)
})

test('[A43] what the system remembers is part of the state', () => {
  for (const system of [recordedSystem([4096, 8192]), simulatedSystem(2 ** 20)]) {
    const initial = emptyAllocator(TINY_KEEPING, system)
    const first = allocatorReducer.step(initial, { kind: 'Malloc', domain: 'obj', block: 1, bytes: 16 })
    const again = allocatorReducer.step(initial, { kind: 'Malloc', domain: 'obj', block: 1, bytes: 16 })
    system.mapArena(1024)
    const third = allocatorReducer.step(initial, { kind: 'Malloc', domain: 'obj', block: 1, bytes: 16 })
    expect(again).toMatchObject({ right: { emitted: (first as { right: { emitted: unknown } }).right.emitted } })
    expect(third).toMatchObject({ right: { emitted: (first as { right: { emitted: unknown } }).right.emitted } })
  }
})

test('[A43] a draft that was sealed refuses work', () => {
  const draft = allocatorMechanism.thaw(busyHeap().state)
  allocatorMechanism.seal(draft)
  expect(() => allocatorMechanism.applyBatch(draft, {} as never, 0, 0, new Emit())).toThrow('thaw the sealed state again')
})
