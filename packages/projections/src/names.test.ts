import { EventColumns, NOT_GIVEN } from '@reheap/kernel'
import { LAYOUTS, REQUEST_OPCODES } from '@reheap/refcount'
import { expect, test } from 'vitest'
import { Names } from './names.ts'

test('[P17] types and names are called as the log defines them before the row at hand', () => {
  const batch = new EventColumns(2)
  batch.push(REQUEST_OPCODES.DefineType, LAYOUTS.indexOf('instance'), 7, 0, NOT_GIVEN, NOT_GIVEN)
  batch.setDetail(0, JSON.stringify({ name: 'Node' }))
  batch.push(REQUEST_OPCODES.DefineName, 0, 3, 0, NOT_GIVEN, NOT_GIVEN)
  batch.setDetail(1, JSON.stringify({ text: 'kept' }))
  const names = new Names()
  names.feed(batch, 1)
  expect([names.typeName(7), names.nameText(3)]).toEqual(['Node', 'name 3'])
  names.feed(batch)
  expect([names.nameText(3), names.typeName(8), names.typeName(null)]).toEqual(['kept', 'type 8', 'dict of an instance'])
})
