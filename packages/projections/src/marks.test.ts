import { ANY_LAYER_OPCODES, EventColumns } from '@reheap/kernel'
import { describe, expect, test } from 'vitest'
import { Marks } from './index.ts'

/** Rows with a mark wherever a label is given. */
function batchOf(labels: readonly (string | null)[], firstIndex = 0): EventColumns {
  const batch = new EventColumns(labels.length, firstIndex)
  labels.forEach((label, row) => {
    batch.push(label === null ? 1 : ANY_LAYER_OPCODES.Mark, 0, 0, 0, 0, 0)
    if (label !== null) batch.setDetail(row, JSON.stringify({ label }))
  })
  return batch
}

describe('marks', () => {
  test('[P7] every mark has its event and its label', () => {
    const marks = new Marks()
    marks.feed(batchOf(['begin', null, 'a "b"']))
    marks.feed(batchOf([null, 'end'], 3))
    expect(marks.first).toEqual([
      { index: 0, label: 'begin' },
      { index: 2, label: 'a "b"' },
      { index: 4, label: 'end' },
    ])
  })

  test('[P7] marks beyond those that are kept are counted, those from row `to` on are not', () => {
    const marks = new Marks(2)
    marks.feed(batchOf(['a', 'b', 'c', 'd']), 3)
    expect(marks.first.map(({ label }) => label)).toEqual(['a', 'b'])
    expect(marks.total).toBe(3)
  })
})
