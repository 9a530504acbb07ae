import { expect, test } from 'vitest'
import { Device, kinds, MIB } from '../test/device.ts'
import { deviceStats, type Fact, reservations, segments } from './index.ts'

const BASE = 0x6000_0000_0000
const expandable = (capacityMib = 1024, more = '') => {
  const device = new Device('2.11', { capacityBytes: capacityMib * MIB })
  device.configure(`expandable_segments:True${more}`)
  return device
}

test('[D24] each stream has a segment for each pool, of an eighth more than the memory', () => {
  const device = expandable(1000)
  expect(device.malloc(1, 30 * MIB)).toBe(BASE)
  // 1125 MiB in pages of 20 MiB are 1140.
  expect(device.malloc(2, 512)).toBe(BASE + 1140 * MIB)
  // 1125 MiB in pages of 2 MiB are 1126.
  expect(device.malloc(3, 30 * MIB, 1)).toBe(BASE + 2266 * MIB)
  expect(reservations(device.state)).toEqual([
    { device: 0, address: BASE, bytes: 1140 * MIB },
    { device: 0, address: BASE + 1140 * MIB, bytes: 1126 * MIB },
    { device: 0, address: BASE + 2266 * MIB, bytes: 1140 * MIB },
  ])
})

test('[D25] of two cached blocks the one that cannot grow serves', () => {
  const device = expandable()
  device.malloc(1, 20 * MIB)
  device.malloc(2, 20 * MIB)
  device.malloc(3, 10 * MIB)
  // 10 MiB at the end of the third page can grow; the 20 MiB of the first block cannot.
  device.free(1)
  expect(device.malloc(4, 5 * MIB)).toBe(BASE)
})

test('[D26] new pages follow the cached block before them', () => {
  const device = expandable()
  device.malloc(1, 15 * MIB)
  expect(device.malloc(2, 15 * MIB)).toBe(BASE + 15 * MIB)
})

test('[D27] only missing pages are mapped; what was mapped stays', () => {
  const device = expandable(50)
  const facts = device.do({ kind: 'DeviceMalloc', block: 1, device: 0, stream: 0, bytes: 15 * MIB })
  expect(kinds(facts)).toEqual(['SegmentMapped 20', 'BlockAllocated'])
  expect(kinds(device.do({ kind: 'DeviceMalloc', block: 2, device: 0, stream: 0, bytes: 8 * MIB }))).toEqual([
    'SegmentMapped 20',
    'BlockAllocated',
  ])
  expect(deviceStats(device.state)).toMatchObject({ reservedBytes: 40 * MIB, segments: 0, inactiveSplitBytes: 0, deviceAllocs: 2 })
  expect(device.malloc(3, 18 * MIB)).toBeNull()
})

test('[D28] whole pages are unmapped, their stream’s events are done then, and an empty segment is gone', () => {
  const device = expandable()
  device.malloc(1, 30 * MIB)
  device.malloc(2, 5 * MIB)
  device.free(1)
  const [unmapped] = device.do({ kind: 'EmptyCache' }) as [Extract<Fact, { kind: 'SegmentUnmapped' }>]
  expect(unmapped).toMatchObject({ kind: 'SegmentUnmapped', address: BASE, bytes: 20 * MIB })
  expect(segments(device.state).map(({ address, bytes }) => [(address - BASE) / MIB, bytes / MIB])).toEqual([[20, 20]])
  device.free(2)
  expect(kinds(device.do({ kind: 'EmptyCache' }))).toEqual(['SegmentUnmapped 20'])
  expect(segments(device.state)).toEqual([])
  expect(device.malloc(3, 30 * MIB, 1)).toBe(BASE)
})

test('[D29] with the option off, expandable blocks are passed over', () => {
  const device = expandable()
  device.malloc(1, 20 * MIB)
  device.free(1)
  device.configure('expandable_segments:False')
  expect(device.malloc(2, 20 * MIB)).toBe(0x7f00_0000_0000)
  device.configure('expandable_segments:True')
  expect(device.malloc(3, 20 * MIB)).toBe(BASE)
})

test('[D30] 2.4 fails where it takes an expandable block for a segment', () => {
  const run = (version: string) => {
    const device = new Device(version, { capacityBytes: 80 * MIB })
    device.configure('expandable_segments:True,max_split_size_mb:30')
    device.malloc(1, 60 * MIB)
    device.malloc(2, 20 * MIB)
    device.free(1)
    // The cached block is oversize, and does not touch the unmapped one.
    return kinds(device.do({ kind: 'DeviceMalloc', block: 3, device: 0, stream: 0, bytes: 20 * MIB }))
  }
  expect(run('2.4')).toEqual(['AssertionRaised'])
  expect(run('2.11')).toEqual(['SegmentUnmapped 60', 'SegmentMapped 20', 'BlockAllocated'])
})
