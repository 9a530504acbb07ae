/** Short logs whose end follows from the rules by hand: what wrong rules are held against, where no answer of Linux tells them apart. */
import { Emit, EventColumns } from '@reheap/kernel'
import type * as HostMemory from '../src/index.ts'
import type { HostMemoryProfile, HostSettings, Request } from '../src/index.ts'
import { PAGE, tinyHost } from './host.ts'

/** Sizes in pages. */
export interface End {
  /** Of processes 0, 1 ... */
  readonly resident: readonly number[]
  readonly peak: readonly number[]
  readonly swap: readonly number[]
  readonly files: readonly number[]
  readonly free: number
  readonly cache: number
  readonly swapUsed: number
  readonly swapNanoseconds: number
  readonly rejected: number
}

export interface Story {
  readonly name: string
  readonly profile: HostMemoryProfile
  readonly settings?: HostSettings
  readonly requests: readonly Request[]
  readonly end: End
}

const map = (mapping: number, pages: number, more: Partial<Extract<Request, { kind: 'MapMemory' }>> = {}): Request => ({
  kind: 'MapMemory',
  mapping,
  bytes: pages * PAGE,
  backing: 'anonymous',
  ...more,
})
const used =
  (kind: 'TouchPages' | 'ReadPages' | 'CopyPages') =>
  (mapping: number, from: number, pages: number, process = 0): Request => ({
    kind,
    mapping,
    from: from * PAGE,
    bytes: pages * PAGE,
    process,
  })
const touch = used('TouchPages')
const read = used('ReadPages')
const copy = used('CopyPages')
const release = (mapping: number, from: number, pages: number): Request => ({
  kind: 'ReleasePages',
  mapping,
  from: from * PAGE,
  bytes: pages * PAGE,
})
const unmap = (mapping: number, from: number, pages: number): Request => ({
  kind: 'UnmapMemory',
  mapping,
  from: from * PAGE,
  bytes: pages * PAGE,
})
const start = (process: number): Request => ({ kind: 'StartProcess', process })
const advise = (mapping: number, pages: number): Request => ({ kind: 'AdviseHugePages', mapping, from: 0, bytes: pages * PAGE, huge: true })

const NOTHING: End = { resident: [0], peak: [0], swap: [0], files: [0], free: 0, cache: 0, swapUsed: 0, swapNanoseconds: 0, rejected: 0 }
const OUT = 30_000
const IN = 100_000

export const STORIES: readonly Story[] = [
  {
    name: 'what is not mapped, and what is only read, takes nothing',
    profile: tinyHost(100),
    requests: [map(1, 4), read(1, 0, 4), touch(1, 1, 1), map(2, 2, { backing: 'file' }), read(2, 0, 1)],
    end: { ...NOTHING, resident: [2], peak: [2], files: [1], free: 98, cache: 1 },
  },
  {
    name: 'a file that two show, and one leaves',
    profile: tinyHost(100),
    requests: [
      map(1, 4, { backing: 'file' }),
      start(1),
      { kind: 'MapShared', mapping: 2, of: 1, bytes: 4 * PAGE, process: 1 },
      touch(1, 0, 2),
      touch(2, 0, 3, 1),
      { kind: 'EndProcess', process: 0 },
    ],
    end: { ...NOTHING, resident: [0, 3], peak: [2, 3], swap: [0, 0], files: [0, 3], free: 97, cache: 3 },
  },
  {
    name: 'copies of pages of a file',
    profile: tinyHost(100),
    requests: [map(1, 4, { backing: 'file' }), touch(1, 0, 3), copy(1, 2, 2)],
    end: { ...NOTHING, resident: [4], peak: [4], files: [2], free: 96, cache: 2 },
  },
  {
    name: 'a huge page, one that does not fit its area, and one where a page is there',
    profile: tinyHost(4000),
    requests: [
      map(1, 512, { address: 2 ** 26 }),
      advise(1, 512),
      touch(1, 100, 1),
      map(2, 512, { address: 2 ** 27 + PAGE }),
      advise(2, 512),
      touch(2, 3, 1),
      map(3, 512, { address: 2 ** 28 }),
      touch(3, 0, 1),
      advise(3, 512),
      touch(3, 9, 1),
    ],
    end: { ...NOTHING, resident: [515], peak: [515], free: 4000 - 515 },
  },
  {
    name: 'released pages, and the peak before',
    profile: tinyHost(100),
    requests: [map(1, 8), touch(1, 0, 8), release(1, 0, 6), touch(1, 7, 1)],
    end: { ...NOTHING, resident: [2], peak: [8], free: 98 },
  },
  {
    name: 'cache gives way in clusters, before swap',
    profile: tinyHost(100, 100, { cacheBytes: 80 * PAGE }),
    requests: [map(1, 200), touch(1, 0, 21)],
    end: { ...NOTHING, resident: [21], peak: [21], free: 31, cache: 48 },
  },
  {
    name: 'two thirds of a process in swap, and one page back',
    profile: tinyHost(32, 64),
    requests: [map(1, 64), touch(1, 0, 64), touch(1, 0, 1)],
    end: { ...NOTHING, resident: [1], peak: [32], swap: [63], free: 31, swapUsed: 63, swapNanoseconds: 64 * OUT + IN },
  },
  {
    name: 'pages of a file are dropped where swap is none',
    profile: tinyHost(40),
    requests: [map(1, 10, { backing: 'file' }), touch(1, 0, 10), map(2, 30), touch(2, 0, 31 - 1), map(3, 5), touch(3, 0, 5)],
    end: { ...NOTHING, resident: [35], peak: [40], free: 5 },
  },
  {
    name: 'a file that grows has pages of its own',
    profile: tinyHost(100),
    requests: [map(1, 4, { backing: 'file' }), { kind: 'RemapMemory', mapping: 1, bytes: 8 * PAGE }, touch(1, 0, 8)],
    end: { ...NOTHING, resident: [8], peak: [8], files: [8], free: 92, cache: 8 },
  },
  {
    name: 'a mapping without its start keeps its size',
    profile: tinyHost(100),
    requests: [map(1, 4), unmap(1, 0, 1), { kind: 'RemapMemory', mapping: 1, bytes: 9 * PAGE }, touch(1, 1, 3)],
    end: { ...NOTHING, resident: [3], peak: [3], free: 97, rejected: 1 },
  },
  {
    name: 'shared memory goes to swap',
    profile: tinyHost(32, 64),
    requests: [map(1, 40, { backing: 'shared' }), touch(1, 0, 40)],
    end: { ...NOTHING, resident: [8], peak: [32], free: 24, cache: 8, swapUsed: 32, swapNanoseconds: 32 * OUT },
  },
  {
    name: 'and leaves it with the last mapping',
    profile: tinyHost(32, 64),
    requests: [map(1, 40, { backing: 'shared' }), touch(1, 0, 40), unmap(1, 0, 40)],
    end: { ...NOTHING, peak: [32], free: 32, swapNanoseconds: 32 * OUT },
  },
  {
    name: 'the killer takes the largest in RAM and swap',
    profile: tinyHost(100, 40),
    requests: [
      map(1, 100),
      start(1),
      map(2, 100, { process: 1 }),
      start(2),
      map(3, 100, { process: 2 }),
      touch(1, 0, 60),
      touch(2, 0, 50, 1),
      touch(3, 0, 40, 2),
      touch(1, 0, 60),
    ],
    end: { ...NOTHING, resident: [0, 50, 40], peak: [60, 50, 40], swap: [0, 0, 0], files: [0, 0, 0], free: 10, swapNanoseconds: 40 * OUT },
  },
  {
    name: 'of two as large the first is killed',
    profile: tinyHost(40),
    requests: [
      map(1, 40),
      start(1),
      map(2, 40, { process: 1 }),
      start(2),
      map(3, 40, { process: 2 }),
      touch(1, 0, 15),
      touch(2, 0, 15, 1),
      touch(3, 0, 11, 2),
    ],
    end: { ...NOTHING, resident: [0, 15, 11], peak: [15, 15, 11], swap: [0, 0, 0], files: [0, 0, 0], free: 14 },
  },
  {
    name: 'a file fills what is free',
    profile: tinyHost(50),
    requests: [map(1, 20), touch(1, 0, 20), { kind: 'ReadFile', bytes: 1000 * PAGE }],
    end: { ...NOTHING, resident: [20], peak: [20], cache: 30 },
  },
  {
    name: 'a large block where touches are recorded, on the machine of a what-if',
    profile: tinyHost(1),
    settings: { ramBytes: 1000 * PAGE },
    requests: [
      { kind: 'HostOpened', ramBytes: 500 * PAGE, swapBytes: 0, romBytes: 0, systemBytes: 0, cacheBytes: 0, touches: 'recorded' },
      { kind: 'LibraryMalloc', block: 1, bytes: 100 * PAGE },
    ],
    // The header's page; and of the heap the thread's cache and the header of the top behind it.
    end: { ...NOTHING, resident: [2], peak: [2], free: 998 },
  },
  {
    name: 'swap outlives the power',
    profile: tinyHost(32, 64),
    requests: [map(1, 64), touch(1, 0, 64), { kind: 'PowerOff' }],
    end: { ...NOTHING, peak: [32], free: 32, swapUsed: 32, swapNanoseconds: 32 * OUT },
  },
  {
    name: 'the C library is cutting a block when its process is killed',
    profile: tinyHost(8),
    requests: [
      { kind: 'LibraryMalloc', block: 1, bytes: 27_993 },
      { kind: 'LibraryAlign', block: 2, alignment: 4096, bytes: 0 },
    ],
    end: { ...NOTHING, peak: [8], free: 8 },
  },
]

/** How a story ends under a package. */
export function told(host: typeof HostMemory, requests: readonly Request[], profile: HostMemoryProfile, settings: HostSettings = {}): End {
  const draft = host.hostMemoryMechanism.thaw(host.emptyHostMemory(profile, settings))
  const emit = new Emit<HostMemory.FactOpcode>()
  let rejected = 0
  for (const request of requests) {
    const rows = new EventColumns(1)
    host.hostMemoryWording.write(request, rows)
    if (host.hostMemoryMechanism.applyBatch(draft, rows as never, 0, 1, emit) >= 0) rejected++
  }
  const processes = host.processes(draft).map((process) => host.processMemory(draft, process))
  const { free, cached, swapUsed } = host.systemMemory(draft)
  return {
    resident: processes.map(({ rssBytes }) => rssBytes / PAGE),
    peak: processes.map(({ peakBytes }) => peakBytes / PAGE),
    swap: processes.map(({ swapBytes }) => swapBytes / PAGE),
    files: processes.map(({ fileBytes }) => fileBytes / PAGE),
    free: free / PAGE,
    cache: cached / PAGE,
    swapUsed: swapUsed / PAGE,
    swapNanoseconds: host.swapTotals(draft).nanoseconds,
    rejected,
  }
}
