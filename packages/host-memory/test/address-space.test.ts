import { describe, expect, test } from 'vitest'
import * as hostMemory from '../src/index.ts'
import { areaAt, mappingOf, processMemory } from '../src/index.ts'
import { firstDifference, recordedAreas } from './areas-stream.ts'
import { Host, LINUX, PAGE, tinyHost } from './host.ts'

const startOf = (host: Host, mapping: number): number | undefined => mappingOf(host.state, mapping)?.start

describe('as Linux answered', () => {
  test.each([...recordedAreas()])('[H1] [H3] [H4] [H6] [H11] %s: every address, resident and mapped size', (_, stream) => {
    expect(stream.length).toBeGreaterThan(200)
    expect(firstDifference(hostMemory, stream)).toBeNull()
  })
})

describe('mappings', () => {
  test('[H1] lie from the top down, and fill the highest gap that holds them', () => {
    const host = new Host()
    host.map(1, 4)
    host.map(2, 3)
    host.map(3, 2)
    expect([1, 2, 3].map((id) => LINUX.mapTop - (startOf(host, id) ?? 0))).toEqual([4 * PAGE, 7 * PAGE, 9 * PAGE])
    host.do({ kind: 'UnmapMemory', mapping: 2, from: 0, bytes: 3 * PAGE })
    host.map(4, 4)
    host.map(5, 2)
    expect(LINUX.mapTop - (startOf(host, 4) ?? 0)).toBe(13 * PAGE)
    expect(LINUX.mapTop - (startOf(host, 5) ?? 0)).toBe(6 * PAGE)
  })

  test('[H2] at an address take the place of what is there', () => {
    const host = new Host()
    host.map(1, 4, { address: 0x10_0000 })
    host.touch(1, 0, 4)
    host.map(2, 2, { address: 0x10_1000 })
    expect(processMemory(host.state, 0)).toMatchObject({ vmsBytes: 4 * PAGE, rssBytes: 2 * PAGE })
    expect(areaAt(host.state, 0, 0x10_1000)).toMatchObject({ address: 0x10_1000, bytes: 2 * PAGE, residentBytes: 0 })
  })

  test('[H4] that grow take their pages with them when they move', () => {
    const host = new Host()
    host.map(1, 2)
    host.map(2, 2)
    host.touch(2, 0, 1)
    const facts = host.do({ kind: 'RemapMemory', mapping: 2, bytes: 5 * PAGE })
    expect(facts.map(({ kind }) => kind)).toEqual(['AreaMoved'])
    expect(areaAt(host.state, 0, startOf(host, 2) ?? 0)).toMatchObject({ bytes: 5 * PAGE, residentBytes: PAGE })
    host.do({ kind: 'RemapMemory', mapping: 2, bytes: PAGE })
    expect(processMemory(host.state, 0)).toMatchObject({ vmsBytes: 3 * PAGE, rssBytes: PAGE })
  })

  test('[H5] the break moves in whole pages of mapped memory, up and down', () => {
    const host = new Host()
    host.do({ kind: 'LibraryMalloc', block: 1, bytes: 100 })
    expect(processMemory(host.state, 0).heapBytes).toBe(132 * 1024)
    expect(processMemory(host.state, 0).vmsBytes).toBe(132 * 1024)
    host.do({ kind: 'LibraryMalloc', block: 2, bytes: 120_000 }, { kind: 'LibraryMalloc', block: 3, bytes: 120_000 })
    const most = processMemory(host.state, 0)
    host.do({ kind: 'LibraryFree', block: 3 }, { kind: 'LibraryFree', block: 2 })
    const least = processMemory(host.state, 0)
    expect(least.vmsBytes).toBeLessThan(most.vmsBytes)
    expect(least.vmsBytes % PAGE).toBe(0)
    expect(least.rssBytes).toBeLessThan(most.rssBytes)
  })
})

describe('what cannot have happened', () => {
  const host = new Host(tinyHost(64))
  host.map(1, 4)
  host.map(2, 4, { backing: 'file' })
  host.do({ kind: 'LibraryMalloc', block: 7, bytes: 10 }, { kind: 'LibraryMalloc', block: 8, bytes: 10 })
  const rejected: readonly [string, hostMemory.Request][] = [
    ['HasPower', { kind: 'PowerOn' }],
    ['AlreadyOpen', { kind: 'HostOpened', ramBytes: PAGE, swapBytes: 0, romBytes: 0, systemBytes: 0, cacheBytes: 0, touches: 'assumed' }],
    ['UnknownProcess', { kind: 'EndProcess', process: 3 }],
    ['UnknownProcess', { kind: 'MapMemory', mapping: 9, bytes: PAGE, backing: 'anonymous', process: 3 }],
    ['ProcessAlreadyLives', { kind: 'StartProcess', process: 0 }],
    ['InvalidBytes', { kind: 'MapMemory', mapping: 9, bytes: 0, backing: 'anonymous' }],
    ['InvalidAddress', { kind: 'MapMemory', mapping: 9, bytes: PAGE, backing: 'anonymous', address: 4097 }],
    ['InvalidAlignment', { kind: 'LibraryAlign', block: 9, alignment: 0, bytes: 1 }],
    ['MappingAlreadyLive', { kind: 'MapMemory', mapping: 1, bytes: PAGE, backing: 'anonymous' }],
    ['MappingNotLive', { kind: 'TouchPages', mapping: 9, from: 0, bytes: 1 }],
    ['OutsideMapping', { kind: 'TouchPages', mapping: 1, from: 3 * PAGE, bytes: PAGE + 1 }],
    ['OutsideMapping', { kind: 'UnmapMemory', mapping: 1, from: 1, bytes: PAGE }],
    ['NothingToShare', { kind: 'MapShared', mapping: 9, of: 1, bytes: PAGE }],
    ['NothingToShare', { kind: 'MapShared', mapping: 9, of: 2, bytes: 5 * PAGE }],
    ['BlockAlreadyLive', { kind: 'LibraryMalloc', block: 7, bytes: 1 }],
    ['BlockNotLive', { kind: 'LibraryFree', block: 9 }],
    ['BlockNotLive', { kind: 'LibraryRealloc', block: 9, newBlock: 10, bytes: 1 }],
    ['UnknownProcess', { kind: 'StartProcess', process: 255 }],
    ['InvalidBytes', { kind: 'ReadFile', bytes: -1 }],
    ['InvalidBytes', { kind: 'MapShared', mapping: 9, of: 2, bytes: 0 }],
    ['InvalidBytes', { kind: 'TouchPages', mapping: 1, from: 0, bytes: 0 }],
    ['InvalidBytes', { kind: 'LibraryCalloc', block: 9, count: 2 ** 30, elementBytes: 2 ** 30 }],
    ['InvalidBytes', { kind: 'LibraryRealloc', block: 7, newBlock: 9, bytes: -1 }],
    ['InvalidBytes', { kind: 'TouchBlock', block: 7, from: 0, bytes: -1 }],
    ['InvalidAddress', { kind: 'MapShared', mapping: 9, of: 2, bytes: PAGE, address: 1 }],
    ['InvalidAddress', { kind: 'RemapMemory', mapping: 1, bytes: PAGE, address: 1 }],
    ['MappingAlreadyLive', { kind: 'MapShared', mapping: 1, of: 2, bytes: PAGE }],
    ['BlockAlreadyLive', { kind: 'LibraryRealloc', block: 7, newBlock: 8, bytes: 1 }],
    ['BlockNotLive', { kind: 'TouchBlock', block: 9, from: 0, bytes: 1 }],
    ['OutsideBlock', { kind: 'TouchBlock', block: 7, from: 0, bytes: 1000 }],
  ]

  test.each(rejected)('[H25] %s: %j', (kind, request) => {
    const before = processMemory(host.state, 0)
    expect(host.refusal(request)).toBe(kind)
    expect(processMemory(host.state, 0)).toEqual(before)
  })
})
