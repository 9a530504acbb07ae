import { describe, expect, test } from 'vitest'
import { Host, PAGE, tinyHost } from '../test/host.ts'
import type { Request } from './events.ts'
import { BINS, CACHED, type CLibraryHeap, FREE, IN_USE, NONE, UNUSED } from './heap/heap-state.ts'
import { checkCheap, checkFull } from './invariants.ts'
import { hostMemoryMechanism } from './reducer.ts'
import { ENDED, type HostMemoryState, heapOf, keeper } from './state.ts'

type Damage = (s: HostMemoryState) => void

/** Eight pages of RAM, of which a process has six with two more in swap, and two that show a file. */
function paged(): Host {
  const host = new Host(tinyHost(8, 4))
  host.map(1, 8)
  host.map(2, 2, { backing: 'file' })
  host.touch(2, 0, 2)
  host.touch(1, 0, 8)
  host.touch(2, 0, 2)
  return host
}

/** A heap with freed chunks in the cache, a fast bin, small bins, a large bin of two sizes and the unsorted bin. */
function heaped(): Host {
  const host = new Host()
  const sizes = [...Array(9).fill(32), ...Array(9).fill(272), 1100, 32, 1500, 32, 1510, 32, 4000, 32, 2100, 32]
  const requests: Request[] = sizes.map((bytes, block) => ({ kind: 'LibraryMalloc', block, bytes }))
  for (const block of [0, 1, 2, 3, 4, 5, 6, 9, 11, 12, 13, 14, 15, 16, 17, 10, 18, 20, 22]) requests.push({ kind: 'LibraryFree', block })
  // A request that none of them serves sorts them into their bins; what is freed then is in a fast bin and in the unsorted one.
  requests.push({ kind: 'LibraryMalloc', block: 100, bytes: 9000 })
  for (const block of [7, 8, 26]) requests.push({ kind: 'LibraryFree', block })
  host.do(...requests)
  return host
}

const heaps: Record<string, (h: CLibraryHeap) => void> = {
  'a chunk begins where the one before ends': (h) => {
    h.size[firstInUse(h)] += 16
  },
  'a row that is no chunk lies in no heap': (h) => {
    h.state[firstInUse(h)] = UNUSED
  },
  'the top alone is the top': (h) => {
    h.state[h.top] = IN_USE
  },
  'no two free chunks are neighbours': (h) => {
    h.state[h.after[largest(h)] as number] = FREE
  },
  'what is free is in one bin': (h) => {
    h.state[firstInUse(h)] = CACHED
  },
  'the last chunk ends at the break': (h) => {
    h.size[h.top] += 16
  },
  'neighbours in a bin name each other': (h) => {
    h.previous[inBin(h)] = h.top
    h.next[h.top] = h.top
  },
  'a bin holds free chunks, each once': (h) => {
    h.state[inBin(h)] = IN_USE
  },
  'a bin holds its sizes, largest first': (h) => {
    h.size[inBin(h)] += 4096
  },
  'the first of its size is in the list of sizes': (h) => {
    h.smaller[largest(h)] = NONE
  },
  'a bin that holds a chunk has its bit': (h) => {
    h.binMap.fill(0)
  },
  'the cache and fast bins hold freed chunks, each once': (h) => {
    h.state[h.fastHead.find((row) => row !== NONE) as number] = IN_USE
  },
  'and one size each': (h) => {
    const slot = h.fastHead.findIndex((row) => row !== NONE)
    h.fastHead[slot + 1] = h.fastHead[slot] as number
    h.fastHead[slot] = NONE
  },
  'chunks of the cache = its count': (h) => {
    h.cacheCount[h.cacheCount.findIndex((count) => count > 0)] -= 1
  },
}

const firstInUse = (h: CLibraryHeap): number => h.state.findIndex((state, row) => row >= BINS && state === IN_USE)
/** The first chunk of a small or large bin. */
const inBin = (h: CLibraryHeap): number => h.next.find((row, bin) => bin > 1 && bin < BINS && row !== bin) as number
const largest = (h: CLibraryHeap): number => h.next.find((row, bin) => bin >= 64 && bin < BINS && row !== bin) as number

const pages: Record<string, Damage> = {
  'free + system + cache + objects + anonymous = RAM': (s) => {
    s.cachePages++
  },
  'no number of pages is below 0': (s) => {
    s.cachePages += s.freePages + 1
    s.freePages = -1
  },
  'used swap <= swap': (s) => {
    s.swapPages = 0
  },
  'swap of processes and of shared memory = used swap': (s) => {
    s.processSwap[0] -= 1
  },
  'resident and swapped <= mapped': (s) => {
    s.processMapped[0] = PAGE
  },
  'only the living have pages': (s) => {
    s.processState[0] = ENDED
  },
  'pages of a table = used': (s) => {
    s.tables.used[0] += 1
  },
  'a page lies in an area': (s) => {
    const areas = s.areas[0]
    if (areas !== null && areas !== undefined) areas.start[areas.length - 1] = (areas.end[areas.length - 1] as number) - 16
  },
  'anonymous pages': (s) => {
    s.processAnonymous[0] -= 1
    s.cachePages += 1
  },
  'pages of files and shared memory': (s) => {
    s.processFile[0] -= 1
  },
  'pages of objects that somebody has = pages of objects': (s) => {
    s.objectPages -= 1
    s.cachePages += 1
  },
  'areas lie in order and apart': (s) => {
    const areas = s.areas[0]
    if (areas !== null && areas !== undefined) areas.start[1] = (areas.start[1] as number) - PAGE
  },
  'areas = mapped': (s) => {
    s.processMapped[0] += PAGE
  },
}

function found(host: Host, damage: Damage): unknown {
  const draft = hostMemoryMechanism.thaw(host.state)
  damage(keeper.own(draft))
  return checkFull(hostMemoryMechanism.seal(draft))
}

describe('[H27] a broken invariant is named', () => {
  test('sound states have none', () => {
    const states = [paged(), heaped()].map(({ state }) => state)
    expect(states.map(checkCheap)).toMatchObject([{ _tag: 'Right' }, { _tag: 'Right' }])
    expect(states.map(checkFull)).toMatchObject([{ _tag: 'Right' }, { _tag: 'Right' }])
  })

  test.each(Object.keys(pages))('%s', (invariant) => {
    expect(found(paged(), pages[invariant] as Damage)).toMatchObject({ _tag: 'Left', left: { invariant } })
  })

  test.each(Object.keys(heaps))('heap: %s', (invariant) => {
    const damage: Damage = (s) => heaps[invariant]?.(heapOf(s, 0))
    expect(found(heaped(), damage)).toMatchObject({ _tag: 'Left', left: { invariant } })
  })
})
