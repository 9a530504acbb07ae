import { describe, expect, test } from 'vitest'
import { owners, processMemory, swapTotals, systemMemory } from '../src/index.ts'
import { Host, PAGE, tinyHost } from './host.ts'

/** A process with a mapping of its own. */
function started(host: Host, process: number, pages: number): void {
  if (process > 0) host.do({ kind: 'StartProcess', process })
  host.do({ kind: 'MapMemory', mapping: process, bytes: pages * PAGE, backing: 'anonymous', process })
}

describe('owners of RAM', () => {
  test('[H13] are the system, processes, cache and nobody: together all of it', () => {
    const host = new Host(tinyHost(100, 0, { systemBytes: 10 * PAGE, cacheBytes: 20 * PAGE }))
    started(host, 0, 50)
    host.touch(0, 0, 30)
    const { systemBytes, processBytes, cacheBytes, freeBytes } = owners(host.state)
    expect([systemBytes, processBytes, cacheBytes, freeBytes]).toEqual([10, 30, 20, 40].map((pages) => pages * PAGE))
  })

  test('[H14] page cache gives way before anything is swapped', () => {
    const host = new Host(tinyHost(100, 100, { cacheBytes: 80 * PAGE }))
    started(host, 0, 200)
    const facts = host.touch(0, 0, 90)
    expect(facts.filter(({ kind }) => kind === 'CacheReclaimed')).toEqual(
      [32, 32, 16].map((pages) => ({ kind: 'CacheReclaimed', bytes: pages * PAGE })),
    )
    expect(swapTotals(host.state)).toMatchObject({ swappedOutBytes: 0, cacheReclaimedBytes: 80 * PAGE })
    host.touch(0, 90, 10)
    expect(swapTotals(host.state).swappedOutBytes).toBe(0)
    host.touch(0, 100, 1)
    expect(swapTotals(host.state).swappedOutBytes).toBe(32 * PAGE)
  })

  test('[H15] pages of files are dropped, pages that were used again stay', () => {
    const host = new Host(tinyHost(40, 40))
    host.map(1, 10, { backing: 'file' })
    host.touch(1, 0, 10)
    host.map(2, 60)
    host.touch(2, 0, 30)
    // The hand goes round once before it finds a page unused.
    host.touch(2, 30, 1)
    const { fileBytes, swapBytes } = processMemory(host.state, 0)
    expect(fileBytes / PAGE + (30 - swapBytes / PAGE)).toBe(40 - 32)
    const memory = processMemory(host.state, 0)
    expect(memory.rssBytes).toBe(9 * PAGE)
  })

  test('[H16] a swapped page comes back when it is used, at a price', () => {
    const host = new Host(tinyHost(32, 64))
    started(host, 0, 64)
    host.touch(0, 0, 64)
    const out = swapTotals(host.state)
    expect(out).toMatchObject({ swappedOutBytes: 32 * PAGE, swappedInBytes: 0, nanoseconds: 32 * 30_000 })
    const facts = host.touch(0, 0, 1)
    expect(facts.at(-2)).toEqual({ kind: 'PagesSwappedIn', process: 0, bytes: PAGE, nanoseconds: 100_000 })
    expect(processMemory(host.state, 0)).toMatchObject({ rssBytes: PAGE, swapBytes: 63 * PAGE })
  })

  test('[H17] [H18] where nothing can leave, the largest process is killed, and the rest of its log passed over', () => {
    const host = new Host(tinyHost(100, 10))
    started(host, 0, 100)
    started(host, 1, 100)
    started(host, 2, 100)
    host.touch(0, 0, 40)
    host.touch(1, 0, 45, 1)
    const facts = host.touch(2, 0, 30, 2)
    expect(facts.filter(({ kind }) => kind === 'ProcessKilled')).toEqual([expect.objectContaining({ kind: 'ProcessKilled', process: 1 })])
    const killed = facts.find(({ kind }) => kind === 'ProcessKilled')
    expect(killed?.kind === 'ProcessKilled' && killed.rssBytes + killed.swapBytes).toBe(45 * PAGE)
    expect([0, 1, 2].map((process) => processMemory(host.state, process).state)).toEqual(['alive', 'killed', 'alive'])
    expect(host.touch(1, 0, 45, 1)).toEqual([])
    expect(host.refusal({ kind: 'LibraryFree', block: 5, process: 1 })).toBeNull()
  })

  test('[H17] a process that asks for too much is killed itself', () => {
    const host = new Host(tinyHost(100, 10))
    started(host, 0, 1000)
    expect(host.touch(0, 0, 1000).at(-1)).toMatchObject({ kind: 'ProcessKilled', process: 0 })
    expect(owners(host.state).freeBytes).toBe(100 * PAGE)
    expect(processMemory(host.state, 0).peakBytes).toBe(100 * PAGE)
  })

  test('[H17] be it in the middle of a call of the C library', () => {
    for (let ramPages = 1; ramPages < 60; ramPages++) {
      const host = new Host(tinyHost(ramPages))
      host.do(
        { kind: 'LibraryAlign', block: 0, alignment: 4096, bytes: 5000 },
        { kind: 'LibraryMalloc', block: 1, bytes: 27_993 },
        { kind: 'LibraryAlign', block: 2, alignment: 4096, bytes: 0 },
        { kind: 'LibraryCalloc', block: 3, count: 1, elementBytes: 30_000 },
        { kind: 'LibraryRealloc', block: 1, newBlock: 4, bytes: 70_000 },
        { kind: 'LibraryMalloc', block: 5, bytes: 140_000 },
        { kind: 'LibraryRealloc', block: 5, newBlock: 6, bytes: 300_000 },
        { kind: 'LibraryFree', block: 4 },
        { kind: 'LibraryFree', block: 3 },
      )
      expect([ramPages, processMemory(host.state, 0).state, owners(host.state).freeBytes]).toEqual([ramPages, 'killed', ramPages * PAGE])
    }
  })

  test('[H19] a file fills no more than what is free', () => {
    const host = new Host(tinyHost(50))
    started(host, 0, 50)
    host.touch(0, 0, 20)
    host.do({ kind: 'ReadFile', bytes: 1000 * PAGE })
    expect(owners(host.state)).toMatchObject({ cacheBytes: 30 * PAGE, freeBytes: 0, processBytes: 20 * PAGE })
  })
})

describe('the machine', () => {
  const opening = {
    kind: 'HostOpened',
    swapBytes: 0,
    romBytes: 1000,
    systemBytes: 4 * PAGE,
    cacheBytes: 8 * PAGE,
    touches: 'assumed',
  } as const

  test('[H21] is as the log says, unless a what-if sets it', () => {
    const host = new Host()
    host.do({ ...opening, ramBytes: 100 * PAGE })
    expect(owners(host.state)).toMatchObject({ systemBytes: 4 * PAGE, cacheBytes: 8 * PAGE, freeBytes: 88 * PAGE })
    expect(host.refusal({ ...opening, ramBytes: 100 * PAGE })).toBe('AlreadyOpen')
    const used = new Host()
    used.map(1, 1)
    used.touch(1, 0, 1)
    used.do({ kind: 'ReleasePages', mapping: 1, from: 0, bytes: PAGE })
    expect(used.refusal({ ...opening, ramBytes: 100 * PAGE })).toBe('AlreadyOpen')
    const small = new Host(undefined, { ramBytes: 10 * PAGE })
    small.do({ ...opening, ramBytes: 100 * PAGE })
    expect(owners(small.state)).toMatchObject({ systemBytes: PAGE, cacheBytes: 8 * PAGE, freeBytes: PAGE })
    expect(new Host().refusal({ ...opening, ramBytes: 10 * PAGE })).toBe('TooSmall')
  })

  test('[H22] gets back all that a process had', () => {
    const host = new Host(tinyHost(100, 100))
    const before = owners(host.state)
    started(host, 1, 150)
    host.do({ kind: 'LibraryMalloc', block: 1, bytes: 100, process: 1 })
    host.touch(1, 0, 120, 1)
    host.do({ kind: 'EndProcess', process: 1 })
    expect(owners(host.state)).toEqual(before)
    expect(host.refusal({ kind: 'LibraryFree', block: 1, process: 1 })).toBe('UnknownProcess')
  })

  test('[H23] without power holds nothing in RAM, and all in swap and ROM', () => {
    const host = new Host()
    host.do({ ...opening, ramBytes: 64 * PAGE, swapBytes: 64 * PAGE })
    host.map(1, 90)
    host.touch(1, 0, 90)
    const { swapUsed } = systemMemory(host.state)
    expect(swapUsed).toBeGreaterThan(0)
    host.do({ kind: 'PowerOff' })
    expect(owners(host.state)).toMatchObject({ systemBytes: 0, processBytes: 0, cacheBytes: 0, freeBytes: 64 * PAGE })
    expect(systemMemory(host.state).swapUsed).toBe(swapUsed)
    expect(host.refusal({ kind: 'ReadFile', bytes: 1 })).toBe('NoPower')
    host.do({ kind: 'PowerOn' })
    expect(owners(host.state)).toMatchObject({ systemBytes: 4 * PAGE, freeBytes: 60 * PAGE })
    expect(systemMemory(host.state).swapUsed).toBe(0)
  })

  test('[H24] tells its memory under the names of psutil', () => {
    const host = new Host(tinyHost(1000, 10, { systemBytes: 100 * PAGE, cacheBytes: 200 * PAGE }))
    expect(systemMemory(host.state)).toEqual({
      total: 1000 * PAGE,
      available: 900 * PAGE,
      percent: 10,
      used: 100 * PAGE,
      free: 700 * PAGE,
      buffers: 0,
      cached: 200 * PAGE,
      swapTotal: 10 * PAGE,
      swapUsed: 0,
      swapFree: 10 * PAGE,
    })
  })
})
