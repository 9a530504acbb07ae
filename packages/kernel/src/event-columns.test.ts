import { describe, expect, test } from 'vitest'
import { NO_ID, NOT_GIVEN, sliceEvents } from './batch.ts'
import { EventColumns } from './event-columns.ts'

const filled = (rows: number): EventColumns => {
  const columns = new EventColumns(1, 100)
  for (let row = 0; row < rows; row++) columns.push(1, 2, row, NO_ID, row * 16, NOT_GIVEN)
  return columns
}

describe('event columns', () => {
  test('[K13] context columns are absent until a row has a context, then hold the default elsewhere', () => {
    const columns = filled(3)
    expect([columns.time, columns.thread, columns.heap, columns.stack]).toEqual([null, null, null, null])
    columns.setContext(1, { thread: 4, stack: 9 })
    columns.push(1, 2, 3, NO_ID, 48, NOT_GIVEN)
    expect([...(columns.thread ?? []).slice(0, 4)]).toEqual([0, 4, 0, 0])
    expect([...(columns.stack ?? []).slice(0, 4)]).toEqual([NO_ID, 9, NO_ID, NO_ID])
    expect([columns.time, columns.heap]).toEqual([null, null])
  })

  test('[K13] only the rows given a detail have one, and none after clear', () => {
    const columns = filled(3)
    columns.setDetail(1, '{"label":"start"}')
    expect([0, 1, 2].map((row) => columns.detail(row))).toEqual([null, '{"label":"start"}', null])
    columns.setContext(2, { time: 7 })
    columns.clear()
    expect([columns.length, columns.firstIndex, columns.time]).toEqual([0, 100, null])
    columns.push(1, 0, 5, 0, 0, 0)
    columns.push(1, 0, 6, 0, 0, 0)
    expect([columns.detail(0), columns.detail(1), columns.id[1]]).toEqual([null, null, 6])
  })

  test('[K8] a slice of events keeps their context and details', () => {
    const columns = filled(4)
    columns.setContext(2, { time: 70, heap: 1 })
    columns.setDetail(2, '{"label":"there"}')
    const slice = sliceEvents(columns, 1, 3)
    expect([slice.firstIndex, slice.length, slice.time?.[1], slice.heap?.[1], slice.stack]).toEqual([101, 2, 70, 1, null])
    expect([slice.detail(0), slice.detail(1)]).toEqual([null, '{"label":"there"}'])
  })
})
