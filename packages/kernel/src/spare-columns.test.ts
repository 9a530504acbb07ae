import { expect, test } from 'vitest'
import { copyColumns } from './columns.ts'
import { createKeeper, giveStateBack } from './ownership.ts'
import { copied, giveBack, offer, withdraw, zeros } from './spare-columns.ts'

const LENGTH = 2 ** 15

class Table {
  ids = new Uint32Array(LENGTH)
}
interface Parts {
  readonly table: Table
  readonly shared: Uint32Array
}

const keeper = createKeeper<Parts>(({ table, shared }) => {
  const copy = new Table()
  copyColumns(table, copy)
  return { table: copy, shared }
})

test('[K21] the next copy is written over a state that was given back, and no other state changes', () => {
  const shared = new Uint32Array(LENGTH).fill(7)
  const first = keeper.sealed({ table: new Table(), shared }, 0)
  const draft = keeper.thaw(first)
  keeper.own(draft).table.ids.fill(5)
  const second = keeper.seal(draft)
  const third = keeper.seal(keeper.thaw(second))
  const { buffer } = keeper.read(second).table.ids
  giveStateBack(second)
  const again = keeper.own(keeper.thaw(third)).table.ids
  expect(again.buffer).toBe(buffer)
  expect(again.every((id) => id === 5)).toBe(true)
  again.fill(9)
  expect(keeper.read(third).table.ids.every((id) => id === 5)).toBe(true)
  // What was not copied may belong to others.
  giveStateBack(first)
  expect(keeper.own(keeper.thaw(third)).table.ids.buffer).not.toBe(keeper.read(first).table.ids.buffer)
  expect(shared.every((id) => id === 7)).toBe(true)
})

test('[K21] memory that is given back twice is used once, and as zeros where zeros are asked for', () => {
  const column = copied(new Float64Array(LENGTH).fill(3))
  giveBack(column)
  giveBack(column)
  const one = zeros(column.byteLength)
  expect(one).toBe(column.buffer)
  expect(new Float64Array(one).every((value) => value === 0)).toBe(true)
  expect(zeros(column.byteLength)).not.toBe(one)
})

test('[K21] a column that is offered goes to the first who asks for a copy', () => {
  const column = new Uint32Array(zeros(4 * LENGTH))
  offer(column)
  expect(copied(column)).toBe(column)
  expect(copied(column)).not.toBe(column)
  expect(withdraw(column)).toBe(false)
  offer(column)
  expect(withdraw(column)).toBe(true)
})
