import { FACT_OPCODES as BLOCK_FACTS } from '@reheap/allocator'
import { FACT_OPCODES as COLLECTOR_FACTS } from '@reheap/cycle-gc'
import { FACT_OPCODES as DEVICE_FACTS } from '@reheap/device-memory'
import { Columns } from '@reheap/kernel'
import { describe, expect, test } from 'vitest'
import { firstFrom, momentAt, momentsByPixel, momentsOf } from '../page/moments.ts'
import { MomentGathering } from './moments.ts'

function gathered(fill: (facts: Columns) => void) {
  const facts = new Columns()
  fill(facts)
  const gathering = new MomentGathering()
  gathering.feed(facts)
  return gathering.moments([{ index: 4, label: 'loaded' }])
}

describe('moments', () => {
  test('[V94] the out-of-memory behind ten thousands of segments is a moment too', () => {
    const { region, outOfMemory, mark } = gathered((facts) => {
      for (let index = 0; index < 30_000; index++)
        facts.push(index % 2 === 0 ? DEVICE_FACTS.SegmentAllocated : DEVICE_FACTS.SegmentFreed, index, 0, 0, 0, 0, 0)
      facts.push(DEVICE_FACTS.OutOfMemoryRaised, 30_000, 0, 0, 0, 0, 0)
    })
    expect(region.index.length).toBe(30_000)
    expect([momentAt(region, 29_998), momentAt(region, 29_999)]).toEqual([
      { index: 29_998, label: 'segment allocated' },
      { index: 29_999, label: 'segment freed' },
    ])
    expect(momentsOf(outOfMemory)).toEqual([{ index: 30_000, label: 'out of memory' }])
    expect(momentsOf(mark)).toEqual([{ index: 4, label: 'loaded' }])
  })

  test('[V94] every collection is one, those that only mark and those beyond the first thousand', () => {
    const { collection } = gathered((facts) => {
      for (let index = 0; index < 1500; index++) facts.push(COLLECTOR_FACTS.CollectionFinished, index, index % 3, 0, 0, 0, index % 2)
    })
    expect(collection.index.length).toBe(1500)
    expect(momentAt(collection, 1499)).toEqual({ index: 1499, label: 'collection of generation 2' })
  })

  test('[V94] of moments on one pixel the first is drawn, and none of another pixel is left out', () => {
    const { region } = gathered((facts) => {
      for (let index = 0; index < 100_000; index++) facts.push(BLOCK_FACTS.ArenaOpened, index, 0, 0, 0, 0, 0)
      facts.push(BLOCK_FACTS.ArenaReleased, 999_999, 0, 0, 0, 0, 0)
    })
    const drawn = (from: number, to: number) => {
      const perPixel = (to - from) / 1000
      const axis = { pixelOf: (event: number) => (event - from) / perPixel, eventOf: (pixel: number) => from + pixel * perPixel }
      return momentsByPixel(region, from, to, axis).map(({ index }) => index)
    }
    const pixels = Array.from({ length: 100 }, (_, pixel) => pixel * 1000)
    expect(drawn(0, 1_000_000)).toEqual([...pixels, 999_999])
    expect(drawn(99_990, 100_010)).toEqual(Array.from({ length: 10 }, (_, place) => 99_990 + place))
    expect([0, 1, 99_999, 100_000, 1_000_000].map((event) => firstFrom(region, event))).toEqual([0, 1, 99_999, 100_000, 100_001])
    expect([momentAt(region, -1), momentAt(region, 100_001)]).toEqual([null, null])
  })
})
