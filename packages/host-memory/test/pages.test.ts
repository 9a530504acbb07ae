import { describe, expect, test } from 'vitest'
import { owners, processMemory, type Request } from '../src/index.ts'
import { Host, PAGE, tinyHost } from './host.ts'

const MIB = 1024 * 1024
const opened = (touches: 'assumed' | 'recorded') =>
  ({ kind: 'HostOpened', ramBytes: 64 * MIB, swapBytes: 0, romBytes: 0, systemBytes: 0, cacheBytes: 0, touches }) as const

describe('pages', () => {
  test('[H6] take RAM when they are touched, once', () => {
    const host = new Host()
    host.map(1, 10)
    expect(processMemory(host.state, 0).rssBytes).toBe(0)
    expect(host.touch(1, 2, 3)).toEqual([expect.objectContaining({ kind: 'PagesTouched', bytes: 3 * PAGE })])
    host.touch(1, 2, 4)
    expect(processMemory(host.state, 0)).toMatchObject({ rssBytes: 4 * PAGE, anonymousBytes: 4 * PAGE, fileBytes: 0 })
  })

  test('[H7] that are only read show the page of zeros', () => {
    const host = new Host()
    host.map(1, 4)
    host.do({ kind: 'ReadPages', mapping: 1, from: 0, bytes: 4 * PAGE })
    expect(processMemory(host.state, 0).rssBytes).toBe(0)
    host.touch(1, 1, 1)
    expect(processMemory(host.state, 0).rssBytes).toBe(PAGE)
    host.map(2, 2, { backing: 'file' })
    host.do({ kind: 'ReadPages', mapping: 2, from: 0, bytes: PAGE })
    expect(processMemory(host.state, 0)).toMatchObject({ rssBytes: 2 * PAGE, fileBytes: PAGE })
  })

  test('[H8] of a file are in RAM once for all that show it, until the last is gone', () => {
    const host = new Host()
    host.map(1, 4, { backing: 'file' })
    host.do({ kind: 'StartProcess', process: 1 }, { kind: 'MapShared', mapping: 2, of: 1, bytes: 4 * PAGE, process: 1 })
    const before = owners(host.state)
    host.touch(1, 0, 2)
    host.touch(2, 0, 3, 1)
    const after = owners(host.state)
    expect(before.freeBytes - after.freeBytes).toBe(3 * PAGE)
    expect(after.cacheBytes - before.cacheBytes).toBe(3 * PAGE)
    expect([0, 1].map((process) => processMemory(host.state, process).fileBytes)).toEqual([2 * PAGE, 3 * PAGE])
    host.do({ kind: 'EndProcess', process: 0 })
    expect(owners(host.state).freeBytes).toBe(after.freeBytes)
    host.do({ kind: 'UnmapMemory', mapping: 2, from: 0, bytes: 4 * PAGE, process: 1 })
    expect(owners(host.state)).toEqual(before)
  })

  test('[H9] of a file that are written are copies of the process', () => {
    const host = new Host()
    host.map(1, 4, { backing: 'file' })
    host.touch(1, 0, 3)
    host.do({ kind: 'CopyPages', mapping: 1, from: 2 * PAGE, bytes: 2 * PAGE })
    expect(processMemory(host.state, 0)).toMatchObject({ rssBytes: 4 * PAGE, fileBytes: 2 * PAGE, anonymousBytes: 2 * PAGE })
    host.touch(1, 0, 4)
    expect(processMemory(host.state, 0)).toMatchObject({ fileBytes: 2 * PAGE, anonymousBytes: 2 * PAGE })
    host.do({ kind: 'ReleasePages', mapping: 1, from: 0, bytes: 4 * PAGE })
    expect(processMemory(host.state, 0).rssBytes).toBe(0)
  })

  test('[H10] an aligned 2 MiB in advised memory comes whole, if RAM has it', () => {
    const advised = (host: Host, address: number) => {
      host.map(1, 1200, { address })
      host.do({ kind: 'AdviseHugePages', mapping: 1, from: 0, bytes: 1200 * PAGE, huge: true })
      host.touch(1, 600, 1)
      return processMemory(host.state, 0).rssBytes
    }
    expect(advised(new Host(), 64 * MIB)).toBe(2 * MIB)
    expect(advised(new Host(), 64 * MIB + 300 * PAGE)).toBe(2 * MIB)
    expect(advised(new Host(tinyHost(500)), 64 * MIB)).toBe(PAGE)
    const host = new Host()
    host.map(2, 512, { address: 32 * MIB + PAGE })
    host.do({ kind: 'AdviseHugePages', mapping: 2, from: 0, bytes: 512 * PAGE, huge: true })
    host.touch(2, 5, 1)
    expect(processMemory(host.state, 0).rssBytes).toBe(PAGE)
    host.do({ kind: 'AdviseHugePages', mapping: 2, from: 0, bytes: 512 * PAGE, huge: false })
    host.touch(2, 6, 1)
    expect(processMemory(host.state, 0).rssBytes).toBe(2 * PAGE)
  })

  test('[H12] the peak is the most that was resident', () => {
    const host = new Host()
    host.map(1, 8)
    host.touch(1, 0, 8)
    host.do({ kind: 'ReleasePages', mapping: 1, from: 0, bytes: 6 * PAGE })
    expect(processMemory(host.state, 0)).toMatchObject({ rssBytes: 2 * PAGE, peakBytes: 8 * PAGE, vmsBytes: 8 * PAGE })
  })
})

describe('[H20] a block is written', () => {
  const resident = (touches: 'assumed' | 'recorded', request: Request): number => {
    const host = new Host()
    host.do(opened(touches), { kind: 'LibraryMalloc', block: 1, bytes: 1 })
    const before = processMemory(host.state, 0).rssBytes
    host.do(request)
    return processMemory(host.state, 0).rssBytes - before
  }

  test('[H20] whole if it is small, or if touches are assumed and it is not of calloc', () => {
    expect(resident('recorded', { kind: 'LibraryMalloc', block: 2, bytes: 100_000 })).toBeGreaterThanOrEqual(96 * 1024)
    expect(resident('recorded', { kind: 'LibraryMalloc', block: 2, bytes: MIB })).toBe(PAGE)
    expect(resident('assumed', { kind: 'LibraryMalloc', block: 2, bytes: MIB })).toBe(MIB + PAGE)
    expect(resident('assumed', { kind: 'LibraryCalloc', block: 2, count: 1, elementBytes: MIB })).toBe(PAGE)
  })

  test('[H20] where the log says it', () => {
    const host = new Host()
    host.do(opened('recorded'), { kind: 'LibraryMalloc', block: 2, bytes: MIB })
    const before = processMemory(host.state, 0).rssBytes
    host.do({ kind: 'TouchBlock', block: 2, from: 8 * PAGE, bytes: 4 * PAGE })
    expect(processMemory(host.state, 0).rssBytes - before).toBe(5 * PAGE)
  })
})
