/** What Linux tells of a process and of the machine, under `/proc`. */
import { closeSync, openSync, readFileSync, readSync } from 'node:fs'

export const PAGE_BYTES = 4096
/**
 * An entry of `pagemap`: bit 63 says that there is a page, bit 61 that it is a file's or shared memory, bit 56 that nobody else has it.
 *
 * @source Linux `pagemap.rst`
 */
const ENTRY_BYTES = 8
const ENTRIES_AT_ONCE = 1 << 17

/** A line of `/proc/PID/maps`. */
export interface MapsLine {
  readonly start: number
  readonly end: number
  /** `rw-p`, the last letter `s` where it is shared. */
  readonly permissions: string
  /** A path, a name in brackets, or nothing. */
  readonly name: string
}

const MAPS_LINE = /^([0-9a-f]+)-([0-9a-f]+) (\S+) \S+ \S+ \d+ *(.*)$/

export function readMaps(pid: number): readonly MapsLine[] {
  return readFileSync(`/proc/${pid}/maps`, 'utf8')
    .trimEnd()
    .split('\n')
    .flatMap((line) => {
      const [, start, end, permissions = '', name = ''] = MAPS_LINE.exec(line) ?? []
      return start === undefined || end === undefined
        ? []
        : [{ start: Number.parseInt(start, 16), end: Number.parseInt(end, 16), permissions, name }]
    })
}

/** Figures in KiB of files such as `status` and `meminfo`, by name. @unit bytes */
function readFigures(path: string): ReadonlyMap<string, number> {
  const figures = new Map<string, number>()
  for (const [, name = '', kibibytes] of readFileSync(path, 'utf8').matchAll(/^(\S+):\s+(\d+) kB$/gm))
    figures.set(name, Number(kibibytes) * 1024)
  return figures
}

/** @unit bytes */
export interface ProcessFigures {
  readonly rssBytes: number
  readonly peakBytes: number
  readonly vmsBytes: number
  readonly anonymousBytes: number
}

/** Sizes of a process. Resident pages are counted one by one: the running counters of the kernel lag behind. */
export function readProcess(pid: number): ProcessFigures {
  const pages = readFigures(`/proc/${pid}/smaps_rollup`)
  const status = readFigures(`/proc/${pid}/status`)
  const rssBytes = pages.get('Rss') ?? 0
  return {
    rssBytes,
    peakBytes: Math.max(status.get('VmHWM') ?? 0, rssBytes),
    vmsBytes: status.get('VmSize') ?? 0,
    anonymousBytes: pages.get('Anonymous') ?? 0,
  }
}

/** `/proc/meminfo` under psutil's names. @unit bytes @source psutil `_pslinux.py` virtual_memory, swap_memory */
export interface MachineFigures {
  readonly total: number
  readonly available: number
  readonly used: number
  readonly free: number
  readonly buffers: number
  readonly cached: number
  readonly swapTotal: number
  readonly swapFree: number
}

export function readMachine(): MachineFigures {
  const figures = readFigures('/proc/meminfo')
  const of = (name: string): number => figures.get(name) ?? 0
  const [total, available] = [of('MemTotal'), of('MemAvailable')]
  return {
    total,
    available,
    used: total - available,
    free: of('MemFree'),
    buffers: of('Buffers'),
    cached: of('Cached') + of('SReclaimable'),
    swapTotal: of('SwapTotal'),
    swapFree: of('SwapFree'),
  }
}

/** States of a page. */
export const ABSENT = 0
/** In RAM, shared with whoever else has the file or the memory. */
export const SHOWN = 1
/** In RAM, the process's own. */
export const OWN = 2
/** The one page of zeros that stands wherever nothing was written yet, which is no memory; or an own page that a forked child has too. */
export const READ_OR_FORKED = 3

/** Where the pages of a range of addresses are. @shape [pages] */
export function readPresent(pid: number, start: number, end: number): Uint8Array {
  const first = Math.floor(start / PAGE_BYTES)
  const present = new Uint8Array(Math.ceil(end / PAGE_BYTES) - first)
  const file = openSync(`/proc/${pid}/pagemap`, 'r')
  try {
    const entries = new Uint8Array(Math.min(present.length, ENTRIES_AT_ONCE) * ENTRY_BYTES)
    for (let page = 0; page < present.length; ) {
      const wanted = Math.min(present.length - page, ENTRIES_AT_ONCE)
      const got = Math.floor(readSync(file, entries, 0, wanted * ENTRY_BYTES, (first + page) * ENTRY_BYTES) / ENTRY_BYTES)
      if (got === 0) break
      for (let entry = 0; entry < got; entry++) present[page + entry] = stateOf(entries[entry * ENTRY_BYTES + ENTRY_BYTES - 1] ?? 0)
      page += got
    }
  } finally {
    closeSync(file)
  }
  return present
}

function stateOf(high: number): number {
  if ((high & 0x80) === 0) return ABSENT
  if ((high & 0x20) !== 0) return SHOWN
  return (high & 0x01) === 0 ? READ_OR_FORKED : OWN
}
