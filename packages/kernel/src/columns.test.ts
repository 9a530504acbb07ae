import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { NO_ID, sliceBatch } from './batch.ts'
import { Columns, copyColumns, grown } from './columns.ts'

const row = fc.tuple(
  fc.integer({ min: 0, max: 255 }),
  fc.maxSafeNat(),
  fc.integer({ min: 0, max: 255 }),
  fc.integer({ min: 0, max: NO_ID }),
  fc.integer({ min: 0, max: NO_ID }),
  fc.maxSafeNat(),
  fc.maxSafeNat(),
)
const rowsOf = (batch: Columns): number[][] =>
  Array.from({ length: batch.length }, (_, at) =>
    [batch.code, batch.cause, batch.tag, batch.id, batch.other, batch.size, batch.address].map((column) => column[at] ?? Number.NaN),
  )

describe('columns', () => {
  test.prop([fc.array(row, { maxLength: 40 })])('[K7] columns keep every row as they grow, and their memory when emptied', (rows) => {
    const batch = new Columns(1)
    for (const values of rows) batch.push(...values)
    expect(rowsOf(batch)).toEqual(rows)
    const { code } = batch
    batch.clear()
    expect(batch.length).toBe(0)
    expect(batch.code).toBe(code)
  })

  test('[K7] a column at least doubles, keeps its rows and starts new ones at zero', () => {
    const column = Uint16Array.of(7, 8, 9)
    expect([...grown(column, 4)]).toEqual([7, 8, 9, 0, 0, 0])
    expect(grown(column, 10)).toHaveLength(10)
    expect(grown(column, 3)).toBe(column)
  })

  test('[K8] a slice shares memory and knows its own first index', () => {
    const batch = new Columns(4)
    batch.firstIndex = 10
    for (const id of [1, 2, 3, 4]) batch.push(1, 0, 0, id, 0, 0, 0)
    const slice = sliceBatch(batch, 1, 3)
    expect([slice.firstIndex, slice.length, ...slice.id]).toEqual([11, 2, 2, 3])
    batch.id[1] = 99
    expect(slice.id[0]).toBe(99)
  })

  test('[K9] copied columns share no memory with the original', () => {
    class State {
      count = 0
      column = new Float64Array(3)
      readonly name: string
      constructor(name: string) {
        this.name = name
      }
    }
    const from = new State('from')
    from.count = 5
    from.column[1] = 6
    const to = new State('to')
    copyColumns(from, to)
    from.column[1] = 7
    from.count = 8
    expect([to.count, ...to.column, to.name]).toEqual([5, 0, 6, 0, 'to'])
  })
})
