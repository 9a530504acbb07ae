import { describe, expect, test } from 'vitest'
import { Device, MIB } from '../test/device.ts'
import { blockOf, fragmentation, memoryStats, readUsage } from './index.ts'

describe('[D63] questions of a state', () => {
  test('what is reserved and does no work', () => {
    const device = new Device()
    expect(fragmentation(device.state)).toEqual({ reservedBytes: 0, allocatedBytes: 0, share: 0, largestFreeBytes: 0 })
    // Two segments of 20 MiB for 5 MiB each, and one of its own of 30 MiB, which is freed.
    for (const [block, bytes] of [5 * MIB, 16 * MIB, 30 * MIB].entries()) device.malloc(block, bytes)
    device.free(2)
    const { reservedBytes, allocatedBytes, share, largestFreeBytes } = fragmentation(device.state)
    expect({ reservedBytes, allocatedBytes, largestFreeBytes }).toEqual({
      reservedBytes: 66 * MIB,
      allocatedBytes: 21 * MIB,
      largestFreeBytes: 30 * MIB,
    })
    expect(share).toBeCloseTo(45 / 66)
    device.do({ kind: 'DeviceOpened', device: 1, capacityBytes: 64 * MIB, contextBytes: 0 })
    expect(fragmentation(device.state, 1)).toMatchObject({ reservedBytes: 0, largestFreeBytes: 0 })
  })

  test('the figures of a timeline are those of the statistics', () => {
    const device = new Device()
    device.malloc(1, 600)
    device.malloc(2, 5 * MIB)
    device.do({ kind: 'RecordStream', block: 2, stream: 1 })
    device.free(2)
    const stats = memoryStats(device.state)
    const usage = new Float64Array(4)
    readUsage(device.state, 0, usage)
    expect([...usage]).toEqual(
      ['requested_bytes', 'allocated_bytes', 'active_bytes', 'reserved_bytes'].map((name) => stats[`${name}.all.current`]),
    )
    // What another stream still uses is active, and allocated no longer.
    expect([...usage]).toEqual([600 + 5 * MIB, 1024, 1024 + 5 * MIB, 22 * MIB])
  })

  test('where a live block lies', () => {
    const device = new Device()
    device.malloc(7, 100)
    expect(blockOf(device.state, 7)).toMatchObject({ bytes: 512, requestedBytes: 100, state: 'active_allocated', block: 7 })
    device.free(7)
    expect(blockOf(device.state, 7)).toBeNull()
  })
})
