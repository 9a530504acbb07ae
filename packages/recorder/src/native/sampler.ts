/**
 * Looks at the recorded process while it waits: which areas it has that nobody was seen to map, which pages came and went, and how large
 * it is. What the C library's heap and pymalloc's arenas have in RAM is not told: it follows from the requests.
 */
import { BACKINGS, REQUEST_OPCODES } from '@reheap/host-memory'
import { ANY_LAYER_OPCODES, type EventColumns, NO_ID, NOT_GIVEN } from '@reheap/kernel'
import type { ArenaBook } from '../arena-book.ts'
import type { NativeRows } from './native-rows.ts'
import { ABSENT, type MapsLine, OWN, PAGE_BYTES, readMachine, readMaps, readPresent, readProcess } from './process-files.ts'
import { outside, type Range, union } from './ranges.ts'

const { HostOpened, TouchPages, CopyPages, ReleasePages, TouchBlock } = REQUEST_OPCODES
const { Observe } = ANY_LAYER_OPCODES
/** Areas of the kernel's own, which are nobody's memory. */
const KERNEL_AREAS = ['[vvar]', '[vdso]', '[vsyscall]', '[vvar_vclock]']
const HEAP = '[heap]'
const SHARED = BACKINGS.indexOf('shared')
/** Files that are memory: anonymous shared mappings, `memfd_create`, POSIX and System V shared memory. */
const MEMORY_FILES = /^\/(dev\/zero \(deleted\)|memfd:|dev\/shm\/|SYSV)/
const RING = /\/reheap-[^/]*\/ring( \(deleted\))?$/

export class Sampler {
  readonly #rows: EventColumns
  readonly #native: NativeRows
  readonly #arenas: ArenaBook

  constructor(rows: EventColumns, native: NativeRows, arenas: ArenaBook) {
    this.#rows = rows
    this.#native = native
    this.#arenas = arenas
  }

  /** The machine as it is before the program begins. */
  open(): void {
    const { total, free, cached, buffers, swapTotal } = readMachine()
    const detail = { romBytes: 0, systemBytes: total - free - cached - buffers, cacheBytes: cached + buffers, touches: 'recorded' }
    this.#rows.push(HostOpened, 0, NO_ID, NO_ID, total, swapTotal)
    this.#rows.setDetail(this.#rows.length - 1, JSON.stringify(detail))
  }

  /** Appends what a process that stands still shows. A process that is gone shows nothing. */
  sample(pid: number, time: number): void {
    let maps: readonly MapsLine[]
    try {
      maps = readMaps(pid)
      this.#find(maps)
      this.#pages(pid)
      this.#observe(pid, maps, time)
    } catch (error) {
      if (!['ENOENT', 'ESRCH', 'EACCES'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error
    }
  }

  /** Areas that are there and that no request explains are mapped, those that are gone are unmapped. */
  #find(maps: readonly MapsLine[]): void {
    const native = this.#native
    const explained = union([
      ...this.#arenas.areas(),
      ...native.large.areas(PAGE_BYTES),
      ...native.threadHeaps.areas(maps),
      ...native.mappings.all().flatMap(({ isFound, pages }) => (isFound ? [] : [pages])),
    ])
    const shown = joined(maps.filter(({ name }) => name !== HEAP && !RING.test(name) && !KERNEL_AREAS.includes(name)))
    const found = shown.flatMap((area) => outside(area, explained).map((part) => ({ ...part, backing: area.backing })))
    const there = union(found)
    for (const { isFound, pages } of native.mappings.all())
      if (isFound) for (const gone of outside(pages, there)) native.unmap(gone.start, gone.end)
    const known = union(native.mappings.all().map(({ pages }) => pages))
    for (const { backing, ...area } of found) for (const { start, end } of outside(area, known)) native.map(start, end, backing, true)
  }

  #pages(pid: number): void {
    const rows = this.#rows
    for (const { id, base, pages } of this.#native.mappings.all())
      for (const { from, bytes, state } of pages.changed(readPresent(pid, pages.start, pages.end)))
        rows.push(state === ABSENT ? ReleasePages : state === OWN ? CopyPages : TouchPages, 0, id, NO_ID, bytes, pages.start - base + from)
    for (const { id, pages } of this.#native.large.all())
      for (const { from, bytes, state } of pages.changed(readPresent(pid, pages.start, pages.end)))
        if (state !== ABSENT) rows.push(TouchBlock, 0, id, NO_ID, bytes, from)
  }

  /** Sizes of the process without the recorder's ring. */
  #observe(pid: number, maps: readonly MapsLine[], time: number): void {
    const ring = maps.filter(({ name }) => RING.test(name)).reduce((sum, { start, end }) => sum + presentBytes(pid, start, end), 0)
    const ringSize = maps.filter(({ name }) => RING.test(name)).reduce((sum, { start, end }) => sum + end - start, 0)
    const heaps = [...maps.filter(({ name }) => name === HEAP), ...this.#native.threadHeaps.areas(maps)]
    const heapBytes = heaps.reduce((sum, { start, end }) => sum + end - start, 0)
    const sharedBytes = maps
      .filter(({ name, permissions }) => !RING.test(name) && backingOf(name, permissions) === SHARED)
      .reduce((sum, { start, end }) => sum + presentBytes(pid, start, end), 0)
    const { rssBytes, peakBytes, vmsBytes, anonymousBytes } = readProcess(pid)
    const values = {
      rssBytes: rssBytes - ring,
      peakBytes: peakBytes - ring,
      vmsBytes: vmsBytes - ringSize,
      heapBytes,
      anonymousBytes,
      fileBytes: rssBytes - ring - anonymousBytes - sharedBytes,
      sharedBytes,
    }
    this.#observed('hostMemory', values, time)
  }

  #observed(of: string, values: object, time: number): void {
    const rows = this.#rows
    rows.push(Observe, 0, NO_ID, NO_ID, NOT_GIVEN, NOT_GIVEN)
    rows.setDetail(rows.length - 1, JSON.stringify({ of, values }))
    rows.setContext(rows.length - 1, { time })
  }
}

function presentBytes(pid: number, start: number, end: number): number {
  return readPresent(pid, start, end).filter((state) => state !== ABSENT).length * PAGE_BYTES
}

/** Neighbouring lines with the same thing behind them are one area. */
function joined(maps: readonly MapsLine[]): readonly (Range & { readonly backing: number })[] {
  const areas: { start: number; end: number; backing: number }[] = []
  for (const { start, end, name, permissions } of maps) {
    const backing = backingOf(name, permissions)
    const last = areas.at(-1)
    if (last !== undefined && last.end === start && last.backing === backing) last.end = end
    else areas.push({ start, end, backing })
  }
  return areas
}

function backingOf(name: string, permissions: string): number {
  if (name.startsWith('[stack')) return BACKINGS.indexOf('stack')
  if (permissions.endsWith('s') && (!name.startsWith('/') || MEMORY_FILES.test(name))) return SHARED
  return BACKINGS.indexOf(name.startsWith('/') ? 'file' : 'anonymous')
}
