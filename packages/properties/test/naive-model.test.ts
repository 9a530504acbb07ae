import { ANY_LAYER_OPCODES } from '@reheap/kernel'
import { describe, expect, test } from 'vitest'
import { FIXTURES, readFixture } from '../../allocator/test/recording.ts'
import { requestAt } from '../src/allocator/request-row.ts'
import { NaivePymalloc, tinyProfile } from '../src/index.ts'

describe.each(FIXTURES)('%s', (name) => {
  test('[P1] the naive model gives every address and every figure of it', () => {
    const { profile, rows, observations } = readFixture(name)
    const model = new NaivePymalloc(profile, { kind: 'recorded' })
    const due = [...observations]
    let compared = 0
    for (let row = 0; row < rows.length; row++) {
      if (due[0]?.row === row) compareFigures(model, due.shift())
      if (rows.code[row] === ANY_LAYER_OPCODES.Mark) continue
      const stepped = model.step(requestAt(rows, row))
      if (stepped._tag === 'Left') throw new Error(`row ${row}: ${stepped.left}`)
      for (const fact of stepped.right) {
        if (fact.kind !== 'BlockPlaced' && fact.kind !== 'BlockResized') continue
        if (fact.address !== rows.address[row]) throw new Error(`row ${row}: ${fact.address}, recorded ${rows.address[row]}`)
        compared++
      }
    }
    expect(due).toEqual([])
    expect(compared).toBeGreaterThan(20_000)
  })
})

function compareFigures(model: NaivePymalloc, seen: { readonly of: string; readonly values: unknown } | undefined): void {
  const figures = model.figures()
  expect(seen?.of === 'allocatedBlocks' ? { count: figures.allocatedBlocks } : figures.stats).toEqual(seen?.values)
}

test('[P2] a rejected request leaves the model as it was', () => {
  const model = new NaivePymalloc(tinyProfile(4, '3.8'), { kind: 'simulated', topBytes: 2 ** 20 })
  model.step({ kind: 'Malloc', domain: 'obj', block: 1, bytes: 16 })
  const before = model.figures()
  expect(model.step({ kind: 'Malloc', domain: 'obj', block: 1, bytes: 16 })).toEqual({ _tag: 'Left', left: 'BlockAlreadyLive' })
  expect(model.step({ kind: 'Free', domain: 'raw', block: 1 })).toEqual({ _tag: 'Left', left: 'PoolBlockInRawDomain' })
  expect(model.figures()).toEqual(before)
})
