import { describe, expect, test } from 'vitest'
import { areaAt, checkFull, mappingOf, owners, processMemory, type Request, swapTotals, systemMemory } from '../src/index.ts'
import { Host, PAGE, tinyHost } from './host.ts'

const remap = (mapping: number, pages: number, address?: number): Request => ({
  kind: 'RemapMemory',
  mapping,
  bytes: pages * PAGE,
  ...(address === undefined ? {} : { address }),
})
const unmap = (mapping: number, from: number, pages: number): Request => ({
  kind: 'UnmapMemory',
  mapping,
  from: from * PAGE,
  bytes: pages * PAGE,
})

/** The sums of the host hold. */
const isSound = (host: Host): void => expect(checkFull(host.state)).toMatchObject({ _tag: 'Right' })

describe('files and shared memory', () => {
  test('[H8] a file that grows shows pages of its own, and not of the next', () => {
    const host = new Host(tinyHost(64))
    host.map(1, 4, { backing: 'file' })
    host.map(2, 4, { backing: 'file' })
    host.do(remap(1, 8))
    host.touch(1, 0, 8)
    host.touch(2, 0, 4)
    expect(processMemory(host.state, 0)).toMatchObject({ rssBytes: 12 * PAGE, fileBytes: 12 * PAGE })
    expect(owners(host.state).freeBytes).toBe(52 * PAGE)
    isSound(host)
  })

  test('[H6] a file of any size costs nothing until it is used', () => {
    const host = new Host(tinyHost(64))
    host.map(1, 2 ** 33, { backing: 'file' })
    host.touch(1, 2 ** 33 - 2, 2)
    expect(processMemory(host.state, 0)).toMatchObject({ rssBytes: 2 * PAGE, vmsBytes: 2 ** 45 })
    expect(areaAt(host.state, 0, mappingOf(host.state, 1)?.start ?? 0)?.residentBytes).toBe(2 * PAGE)
    host.do(remap(1, 2 ** 33 - 1))
    expect(processMemory(host.state, 0).rssBytes).toBe(PAGE)
    isSound(host)
  })

  test('[H8] a page that is mapped 300 times is in RAM once', () => {
    const host = new Host(tinyHost(8))
    host.map(1, 1, { backing: 'file' })
    host.touch(1, 0, 1)
    for (let mapping = 2; mapping <= 300; mapping++) {
      host.do({ kind: 'MapShared', mapping, of: 1, bytes: PAGE })
      host.touch(mapping, 0, 1)
    }
    expect(owners(host.state).cacheBytes).toBe(PAGE)
    for (let mapping = 1; mapping <= 300; mapping++) host.do(unmap(mapping, 0, 1))
    expect(owners(host.state).freeBytes).toBe(8 * PAGE)
    isSound(host)
  })

  test('[H15] shared memory has no file that keeps it: it goes to swap, and comes back', () => {
    const host = new Host(tinyHost(8, 20))
    host.map(1, 12, { backing: 'shared' })
    const facts = host.touch(1, 0, 12)
    expect(facts.map(({ kind }) => kind)).not.toContain('ProcessKilled')
    expect(swapTotals(host.state).swappedOutBytes).toBe(8 * PAGE)
    expect(systemMemory(host.state)).toMatchObject({ cached: 4 * PAGE, swapUsed: 8 * PAGE })
    isSound(host)
    host.touch(1, 0, 1)
    expect(swapTotals(host.state).swappedInBytes).toBe(PAGE)
    expect(systemMemory(host.state).swapUsed).toBe(7 * PAGE)
    isSound(host)
    host.do(unmap(1, 0, 12))
    expect(systemMemory(host.state)).toMatchObject({ free: 8 * PAGE, swapUsed: 0 })
  })

  test('[H15] what is in swap of shared memory stays for the others that map it, and ends with the last', () => {
    const host = new Host(tinyHost(8, 20))
    host.map(1, 8, { backing: 'shared' })
    host.touch(1, 0, 8)
    host.do({ kind: 'StartProcess', process: 1 }, { kind: 'MapShared', mapping: 2, of: 1, bytes: 8 * PAGE, process: 1 })
    host.do({ kind: 'MapMemory', mapping: 3, bytes: PAGE, backing: 'anonymous', process: 1 })
    host.touch(3, 0, 1, 1)
    expect(systemMemory(host.state).swapUsed).toBe(8 * PAGE)
    host.do({ kind: 'EndProcess', process: 0 })
    expect(systemMemory(host.state).swapUsed).toBe(8 * PAGE)
    isSound(host)
    host.do({ kind: 'EndProcess', process: 1 })
    expect(systemMemory(host.state)).toMatchObject({ free: 8 * PAGE, swapUsed: 0 })
  })

  test('[H17] shared memory beyond RAM and swap ends with the killer', () => {
    const host = new Host(tinyHost(8, 4))
    host.map(1, 20, { backing: 'shared' })
    const facts = host.touch(1, 0, 20)
    expect(facts.at(-1)).toMatchObject({ kind: 'ProcessKilled', process: 0, rssBytes: 8 * PAGE })
    expect(systemMemory(host.state)).toMatchObject({ free: 8 * PAGE, swapUsed: 0 })
    isSound(host)
  })
})

describe('[H4] what is resized', () => {
  test('[H4] may have a mapping over its end that goes beyond it', () => {
    const host = new Host(tinyHost(64))
    host.map(1, 4, { address: 0x10_0000 })
    host.map(2, 2, { address: 0x10_3000 })
    host.do(remap(1, 2))
    expect(processMemory(host.state, 0).vmsBytes).toBe(3 * PAGE)
    isSound(host)
  })

  test('[H8] may begin inside of a file that was mapped over it, and shows the pages of its place', () => {
    const host = new Host(tinyHost(64))
    host.map(1, 1, { address: 0x10_3000 })
    host.map(2, 4, { backing: 'file', address: 0x10_0000 })
    host.touch(2, 0, 3)
    host.do(remap(1, 4, 0x20_0000))
    // Pages 3 to 6 of the file, none of which anybody has.
    host.touch(1, 0, 4)
    expect(systemMemory(host.state).cached).toBe(7 * PAGE)
    isSound(host)
  })

  test('[H4] may have lost its end before', () => {
    const host = new Host(tinyHost(64))
    host.map(1, 6)
    host.touch(1, 0, 6)
    host.do(unmap(1, 4, 2), remap(1, 5))
    expect(processMemory(host.state, 0)).toMatchObject({ vmsBytes: 5 * PAGE, rssBytes: 4 * PAGE })
    isSound(host)
  })

  test('[H25] must be in one piece, and does not move over itself', () => {
    const host = new Host(tinyHost(64))
    host.map(1, 4, { address: 0x10_0000 })
    host.touch(1, 0, 4)
    expect(host.refusal(remap(1, 9, 0x10_2000))).toBe('InvalidAddress')
    host.map(2, 1, { backing: 'file', address: 0x10_1000 })
    expect(host.refusal(remap(1, 9))).toBe('MappingInPieces')
    host.map(3, 4)
    host.do(unmap(3, 0, 1))
    expect(host.refusal(remap(3, 9))).toBe('MappingInPieces')
    isSound(host)
  })

  test('[H25] and what is gone is not unmapped again', () => {
    const host = new Host(tinyHost(64))
    host.map(1, 4)
    host.do(unmap(1, 0, 2))
    expect(host.refusal(unmap(1, 0, 2))).toBe('MappingInPieces')
    host.do(unmap(1, 0, 4))
    expect(host.refusal(unmap(1, 0, 2))).toBe('MappingNotLive')
  })
})
