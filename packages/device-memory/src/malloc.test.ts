import { describe, expect, test } from 'vitest'
import { Device, GIB, kinds, MIB } from '../test/device.ts'
import { memoryStats, openDevices, segments } from './index.ts'

const BASE = 0x7f00_0000_0000

test('[D4] 1 MiB lies in the small pool, a byte more in the large one', () => {
  const device = new Device()
  device.malloc(1, MIB)
  device.malloc(2, MIB + 1)
  expect(segments(device.state).map(({ type, bytes }) => [type, bytes / MIB])).toEqual([
    ['small', 2],
    ['large', 20],
  ])
})

describe('a cached block', () => {
  test('[D6] the smallest that is large enough serves, of equal ones the lowest, on its own stream only', () => {
    const device = new Device()
    for (const [block, mib] of [30, 20, 20, 12].entries()) device.malloc(block, mib * MIB)
    device.free(0, 2, 1, 3)
    expect(device.malloc(10, 15 * MIB)).toBe(BASE + 30 * MIB)
    expect(device.malloc(11, 20 * MIB)).toBe(BASE + 50 * MIB)
    expect(device.malloc(12, 12 * MIB, 1)).toBe(BASE + 82 * MIB)
  })

  test('[D7] segments are given back by stream, size and address', () => {
    const device = new Device()
    device.malloc(1, 20 * MIB, 1)
    device.malloc(2, 30 * MIB, 0)
    device.malloc(3, 20 * MIB, 0)
    device.malloc(4, 20 * MIB, 0)
    device.free(1, 2, 3, 4)
    const given = device.do({ kind: 'EmptyCache' }).map((fact) => ('address' in fact ? (fact.address - BASE) / MIB : null))
    expect(given).toEqual([50, 70, 20, 0])
  })

  test('[D7] order holds in lists of many runs', () => {
    const device = new Device('2.11', { capacityBytes: 512 * GIB })
    const sizes = Array.from({ length: 500 }, (_, place) => 12 + 2 * ((place * 211) % 500))
    for (const [block, mib] of sizes.entries()) device.malloc(block, mib * MIB)
    for (let block = 0; block < 500; block++) device.free((block * 7) % 500)
    const given = device.do({ kind: 'EmptyCache' }).map((fact) => ('bytes' in fact ? fact.bytes / MIB : 0))
    expect(given).toEqual([...given].sort((a, b) => a - b))
    expect(given).toHaveLength(500)
  })

  test('[D8] an oversize block serves no smaller request, nor one that it exceeds by 20 MiB', () => {
    const device = new Device()
    device.configure('max_split_size_mb:40')
    device.malloc(1, 60 * MIB)
    device.free(1)
    expect(device.malloc(2, 30 * MIB)).toBe(BASE + 60 * MIB)
    expect(device.malloc(3, 40 * MIB)).toBe(BASE + 90 * MIB)
    expect(device.malloc(4, 42 * MIB)).toBe(BASE)
  })

  test('[D9] 512 bytes are left over in the small pool, more than 1 MiB in the large one', () => {
    const device = new Device()
    device.malloc(1, MIB - 512)
    device.malloc(2, 19 * MIB)
    device.malloc(3, 9 * MIB)
    device.free(3)
    device.malloc(4, 8 * MIB)
    expect(segments(device.state).map(({ blocks }) => blocks.map(({ bytes }) => bytes / 512))).toEqual([
      [2047, 2049],
      [40960],
      [16384, 24576],
    ])
  })

  test('[D10] a freed block merges with both neighbours', () => {
    const device = new Device()
    for (const block of [1, 2, 3, 4]) device.malloc(block, 512)
    device.free(1, 3)
    expect(segments(device.state)[0]?.blocks.map(({ bytes }) => bytes)).toEqual([512, 512, 512, 512, 2 * MIB - 2048])
    device.free(2)
    expect(segments(device.state)[0]?.blocks.map(({ bytes }) => bytes)).toEqual([1536, 512, 2 * MIB - 2048])
    device.free(4)
    expect(segments(device.state)[0]?.blocks.map(({ bytes }) => bytes)).toEqual([2 * MIB])
  })

  test('[D11] a cached block keeps what was asked for last', () => {
    const device = new Device()
    device.malloc(1, 100)
    device.malloc(2, 200)
    device.free(1)
    expect(segments(device.state)[0]?.blocks.map(({ requestedBytes, state }) => [requestedBytes, state])).toEqual([
      [100, 'inactive'],
      [200, 'active_allocated'],
      [0, 'inactive'],
    ])
  })
})

describe('what is tried', () => {
  test('[D13] garbage, driver, oversize segments, driver, the whole cache, driver, the error', () => {
    const device = new Device('2.11', { capacityBytes: 300 * MIB })
    device.configure('max_split_size_mb:40,garbage_collection_threshold:0.57')
    device.do({ kind: 'SetMemoryFraction', fraction: 0.99 })
    device.malloc(1, 20 * MIB)
    device.malloc(2, 60 * MIB)
    device.malloc(3, 10 * MIB, 1)
    device.free(1)
    device.malloc(4, 90 * MIB)
    device.free(2, 3)
    // 180 MiB are reserved, 169 are the threshold; the ages are 2, 1 and 1.
    const facts = device.do({ kind: 'DeviceMalloc', block: 5, device: 0, stream: 0, bytes: 150 * MIB })
    expect(kinds(facts)).toEqual(['SegmentFreed 20', 'SegmentFreed 60', 'SegmentFreed 10', 'SegmentAllocated 150', 'BlockAllocated'])
    expect(kinds(device.do({ kind: 'DeviceMalloc', block: 6, device: 0, stream: 0, bytes: 150 * MIB }))).toEqual(['OutOfMemoryRaised'])
  })

  test('[D14] the smallest segment that makes room, else the largest ones', () => {
    const device = new Device('2.11', { capacityBytes: 250 * MIB })
    device.configure('max_split_size_mb:40')
    for (const [block, mib] of [50, 80, 110].entries()) device.malloc(block, mib * MIB)
    device.free(0, 1, 2)
    const one = device.do({ kind: 'DeviceMalloc', block: 4, device: 0, stream: 0, bytes: 58 * MIB })
    expect(kinds(one)).toEqual(['SegmentFreed 80', 'SegmentAllocated 58', 'BlockAllocated'])
    const several = device.do({ kind: 'DeviceMalloc', block: 5, device: 0, stream: 0, bytes: 140 * MIB })
    expect(kinds(several)).toEqual(['SegmentFreed 110', 'SegmentFreed 50', 'SegmentAllocated 140', 'BlockAllocated'])
  })

  test('[D15] what became free by giving the cache back is not looked at', () => {
    const device = new Device('2.11', { capacityBytes: 60 * MIB })
    device.malloc(1, 30 * MIB)
    device.malloc(2, 30 * MIB)
    device.do({ kind: 'RecordStream', block: 1, stream: 1 })
    // The front of a split segment becomes free by the synchronisation, and its segment cannot be given back.
    device.free(2)
    device.malloc(3, 20 * MIB)
    device.free(1)
    const facts = device.do({ kind: 'DeviceMalloc', block: 4, device: 0, stream: 0, bytes: 31 * MIB })
    expect(kinds(facts)).toEqual(['FreeCompleted', 'SegmentFreed 30', 'OutOfMemoryRaised'])
  })

  test('[D16] all streams give back, and it counts as a retry', () => {
    const device = new Device('2.11', { capacityBytes: 100 * MIB })
    device.malloc(1, 512, 1)
    device.malloc(2, 40 * MIB, 2)
    device.free(1, 2)
    const facts = device.do({ kind: 'DeviceMalloc', block: 3, device: 0, stream: 0, bytes: 90 * MIB })
    expect(kinds(facts)).toEqual(['SegmentFreed 40', 'SegmentFreed 2', 'SegmentAllocated 90', 'BlockAllocated'])
    expect(memoryStats(device.state)).toMatchObject({ num_alloc_retries: 1, num_sync_all_streams: 1, num_device_free: 2 })
  })

  test('[D17] a fraction limits by segments; a whole one limits in 2.4 alone', () => {
    const device = new Device('2.11', { capacityBytes: 100 * MIB })
    device.do({ kind: 'SetMemoryFraction', fraction: 0.5 })
    expect(device.malloc(1, 31 * MIB)).not.toBeNull()
    // 9 MiB would fit below 50 MiB, their segment of 20 MiB does not.
    expect(device.malloc(2, 9 * MIB)).toBeNull()
    const limit = (version: string) => {
      const other = new Device(version)
      other.do({ kind: 'SetMemoryFraction', fraction: 1 })
      return openDevices(other.state)[0]?.limitBytes
    }
    expect([limit('2.4'), limit('2.11')]).toEqual([GIB, Number.POSITIVE_INFINITY])
  })

  test('[D18] garbage is collected below a limit and above the threshold', () => {
    const run = (threshold: number, fraction: number) => {
      const device = new Device('2.11', { capacityBytes: 200 * MIB })
      device.configure(`garbage_collection_threshold:${threshold}`)
      device.do({ kind: 'SetMemoryFraction', fraction })
      for (const block of [1, 2, 3]) device.malloc(block, 20 * MIB)
      device.free(1, 2)
      return kinds(device.do({ kind: 'DeviceMalloc', block: 4, device: 0, stream: 0, bytes: 24 * MIB }))
    }
    expect(run(0.3, 1)).toEqual(['SegmentAllocated 24', 'BlockAllocated'])
    expect(run(0.3, 0.95)).toEqual(['SegmentFreed 20', 'SegmentFreed 20', 'SegmentAllocated 24', 'BlockAllocated'])
    expect(run(0.5, 0.95)).toEqual(['SegmentAllocated 24', 'BlockAllocated'])
  })

  test('[D19] the segments that lay unused for longest go first', () => {
    const device = new Device('2.11', { capacityBytes: 200 * MIB })
    device.configure('garbage_collection_threshold:0.3')
    device.do({ kind: 'SetMemoryFraction', fraction: 0.9 })
    device.malloc(1, 20 * MIB)
    device.malloc(2, 22 * MIB)
    device.free(1)
    device.malloc(3, 24 * MIB)
    device.free(2)
    // Ages are 2 and 1 searches, 1.5 in the mean; 12 MiB are too many.
    const facts = device.do({ kind: 'DeviceMalloc', block: 4, device: 0, stream: 0, bytes: 30 * MIB })
    expect(kinds(facts)).toEqual(['SegmentFreed 20', 'SegmentAllocated 30', 'BlockAllocated'])
  })
})

test('[D54] a block whose memory was refused may be recorded and freed', () => {
  const device = new Device('2.11', { capacityBytes: 10 * MIB })
  expect(device.malloc(1, 20 * MIB)).toBeNull()
  expect(device.do({ kind: 'RecordStream', block: 1, stream: 2 })).toEqual([])
  expect(device.free(1)).toEqual([])
  expect(() => device.free(1)).toThrow('BlockNotLive')
})
