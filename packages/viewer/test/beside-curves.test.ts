import { describe, expect, test } from 'vitest'
import { besideLog, besideRow } from '../src/page/beside-curves.ts'
import type { Curve, Overview } from '../src/session/messages.ts'
import { overviewOf } from './overview.ts'

const curve = (key: string, width: number, values: readonly number[]): Curve => ({
  key,
  label: key,
  unit: 'bytes',
  axis: 'bytes',
  from: 0,
  width,
  min: Float64Array.from(values, (value) => value - 1),
  max: Float64Array.from(values),
})
const shown = ({ curves }: Overview) => curves.map(({ label, isBeside = false, max }) => [label, isBeside, [...max]])

describe('curves beside', () => {
  test('[V36] the curves of another log stand over those of the log, up to the end of the longer one', () => {
    const own = overviewOf(6, [curve('heldBytes', 1, [3, 9, 4, 4, 7, 2])])
    const other = [curve('heldBytes', 4, [5, 8, 6])]
    expect(shown(besideLog(own, other, 'other', 12))).toEqual([
      ['heldBytes', false, [3, 9, 4, 4, 7, 2]],
      ['heldBytes, other', true, [5, 8, 6]],
    ])
    expect(besideLog(own, other, 'other', 12).curves.map(({ end }) => end)).toEqual([undefined, 12])
    expect([besideLog(own, other, 'other', 12).events, besideLog(own, other, 'other', 3).events]).toEqual([12, 6])
  })

  test('[V33] beside a row the log is drawn as the first row has it, and a layer that never differs but what is held in all stands once', () => {
    const own = overviewOf(2, [curve('arenaBytes', 1, [1, 1]), curve('heapBytes0', 1, [6, 6])])
    const first = [curve('blockBytes', 1, [2, 2]), curve('arenaBytes', 1, [3, 3]), curve('heldBytes', 1, [4, 4])]
    const row = [curve('blockBytes', 1, [2, 2]), curve('arenaBytes', 1, [3, 5]), curve('heldBytes', 1, [4, 4])]
    expect(shown(besideRow(own, first, row, 'row'))).toEqual([
      ['blockBytes', false, [2, 2]],
      ['arenaBytes', false, [3, 3]],
      ['heldBytes', false, [4, 4]],
      ['heapBytes0', false, [6, 6]],
      ['arenaBytes, row', true, [3, 5]],
      ['heldBytes, row', true, [4, 4]],
    ])
  })
})
