import { describe, expect, test } from 'vitest'
import { Device, kinds, MIB } from '../test/device.ts'
import { FIRST_FIT, outOfMemoryMessage, recordedDriver, simulatedDriver } from './index.ts'

describe('[D47] the simulated driver', () => {
  test('takes the lowest gap, in steps of 2 MiB', () => {
    const driver = simulatedDriver()
    driver.open(0, 1024 * MIB, 0)
    const base = FIRST_FIT.mallocBase
    expect([driver.malloc(0, 3 * MIB), driver.malloc(0, 2 * MIB), driver.malloc(0, 4 * MIB)]).toEqual([
      base,
      base + 4 * MIB,
      base + 6 * MIB,
    ])
    driver.free(0, base, 3 * MIB)
    driver.free(0, base + 4 * MIB, 2 * MIB)
    expect([driver.malloc(0, 6 * MIB), driver.malloc(0, 2 * MIB)]).toEqual([base, base + 10 * MIB])
    driver.free(0, base + 6 * MIB, 4 * MIB)
    expect([driver.malloc(0, 2 * MIB), driver.malloc(0, 2 * MIB), driver.malloc(0, 2 * MIB)]).toEqual([
      base + 6 * MIB,
      base + 8 * MIB,
      base + 12 * MIB,
    ])
  })

  test('gives no more than the capacity less what others hold, pages counted', () => {
    const driver = simulatedDriver()
    driver.open(0, 100 * MIB, 30 * MIB)
    expect(driver.malloc(0, 50 * MIB)).toBeGreaterThan(0)
    expect(driver.freeBytes(0)).toBe(20 * MIB)
    const reserved = driver.reserve(0, 1000 * MIB)
    expect(driver.map(0, reserved, 40 * MIB, 20 * MIB)).toBe(false)
    expect(driver.map(0, reserved, 20 * MIB, 20 * MIB)).toBe(true)
    expect([driver.malloc(0, 2 * MIB), driver.freeBytes(0)]).toEqual([-1, 0])
    driver.unmap(0, reserved, 20 * MIB, 20 * MIB)
    driver.unreserve(0, reserved, 1000 * MIB)
    expect([driver.reserve(0, MIB), driver.freeBytes(0)]).toEqual([reserved, 20 * MIB])
  })

  test('has what was there before a device was opened, and nothing else of it', () => {
    const driver = simulatedDriver()
    expect([driver.freeBytes(3), driver.malloc(3, 1)]).toEqual([0, -1])
    driver.adopt(3, FIRST_FIT.mallocBase, 3 * MIB)
    driver.adoptPages(4, 20 * MIB, 20 * MIB)
    driver.adoptReserved(4, FIRST_FIT.reserveBase, 100 * MIB)
    expect([driver.freeBytes(3), driver.freeBytes(4)]).toEqual([-4 * MIB, -20 * MIB])
    driver.open(0, 100 * MIB, 0)
    expect([driver.malloc(0, 2 * MIB), driver.reserve(0, 2 * MIB)]).toEqual([
      FIRST_FIT.mallocBase + 4 * MIB,
      FIRST_FIT.reserveBase + 100 * MIB,
    ])
  })

  test('a copy shares nothing', () => {
    const driver = simulatedDriver()
    driver.open(0, 10 * MIB, 0)
    const copy = driver.clone()
    driver.malloc(0, 10 * MIB)
    expect([copy.freeBytes(0), copy.malloc(0, 10 * MIB)]).toEqual([10 * MIB, FIRST_FIT.mallocBase])
  })
})

describe('[D48] the recorded driver', () => {
  test('answers in order, and refuses what the recording does not hold', () => {
    const driver = recordedDriver()
    driver.offer({ action: 'segment_alloc', device: 0, address: 4096 * MIB, bytes: 20 * MIB })
    driver.offer({ action: 'segment_free', device: 0, address: 4096 * MIB, bytes: 20 * MIB })
    driver.offer({ action: 'segment_alloc', device: 0, address: 8192 * MIB, bytes: 40 * MIB })
    driver.offer({ action: 'oom', device: 0, address: 5 * MIB, bytes: 60 * MIB })
    const device = new Device('2.11', { driver })
    expect(device.malloc(1, 5 * MIB)).toBe(4096 * MIB)
    device.free(1)
    // The driver refused until the cached segment was given back.
    expect(kinds(device.do({ kind: 'DeviceMalloc', block: 2, device: 0, stream: 0, bytes: 40 * MIB }))).toEqual([
      'SegmentFreed 20',
      'SegmentAllocated 40',
      'BlockAllocated',
    ])
    expect(device.malloc(3, 60 * MIB)).toBeNull()
    expect(outOfMemoryMessage(device.state)).toContain('of which 5.00 MiB is free')
  })

  test('an expandable segment begins at its first page', () => {
    const driver = recordedDriver([
      { action: 'segment_map', device: 0, address: 4096 * MIB, bytes: 40 * MIB },
      { action: 'segment_unmap', device: 0, address: 4096 * MIB, bytes: 40 * MIB },
    ])
    const device = new Device('2.11', { driver })
    device.configure('expandable_segments:True')
    expect(device.malloc(1, 30 * MIB)).toBe(4096 * MIB)
    device.free(1)
    expect(kinds(device.do({ kind: 'EmptyCache' }))).toEqual(['SegmentUnmapped 40'])
  })

  test('answers that nobody asked for are told', () => {
    const driver = recordedDriver([{ action: 'segment_alloc', device: 0, address: 0, bytes: 1 }])
    expect([driver.settle(), driver.settle()]).toEqual([1, 0])
  })
})
