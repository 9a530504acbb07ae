/** A real process and its machine, read from Linux's /proc. */

import { readFileSync } from 'node:fs'
import { left, right } from 'fp-ts/lib/Either.js'
import { codeOf, systemFault } from '../io/system-fault.ts'
import type { Result } from '../outcome.ts'
import { type LayerReading, type ProcessReading, percentOf, type Reading, type Readings, type SystemReading } from './reading.ts'

const BYTES_PER_KB = 1024

/** Lines `Name:  12 kB` as bytes, and lines without a unit as numbers. */
export function procFigures(text: string): ReadonlyMap<string, number> {
  const found = [...text.matchAll(/^([\w()]+):\s+(\d+)( kB)?$/gm)]
  return new Map(found.map(([, name = '', value, unit]) => [name, Number(value) * (unit === undefined ? 1 : BYTES_PER_KB)]))
}

/**
 * The machine's memory from `/proc/meminfo`.
 *
 * @source psutil 7.2 `_pslinux.virtual_memory`: cached counts SReclaimable, used is total - available
 */
export function systemReading(meminfo: string): SystemReading {
  const figures = procFigures(meminfo)
  const of = (name: string): number => figures.get(name) ?? 0
  const [total, free] = [of('MemTotal'), of('MemFree')]
  const cached = of('Cached') + of('SReclaimable')
  // Kernels before 3.14 do not tell what is available; in containers it may exceed the total.
  const told = figures.get('MemAvailable') ?? free + of('Cached')
  const available = told > total ? free : told
  const swapUsed = of('SwapTotal') - of('SwapFree')
  return {
    total,
    available,
    percent: percentOf(total - available, total),
    used: total - available,
    free,
    buffers: of('Buffers'),
    cached,
    swapTotal: of('SwapTotal'),
    swapUsed,
    swapPercent: percentOf(swapUsed, of('SwapTotal')),
  }
}

/** A process from `/proc/PID/status`: its figures, and its pages by what stands behind them. */
export function processReading(
  pid: number,
  status: string,
): { readonly process: ProcessReading; readonly layers: readonly LayerReading[] } {
  const figures = procFigures(status)
  const of = (name: string): number => figures.get(name) ?? 0
  return {
    process: {
      pid,
      name: /^Name:\s+(.*)$/m.exec(status)?.[1] ?? '',
      rss: of('VmRSS'),
      vms: of('VmSize'),
      peak: of('VmHWM'),
      swap: of('VmSwap'),
    },
    layers: [
      { name: 'resident, anonymous', bytes: of('RssAnon') },
      { name: 'resident, of files', bytes: of('RssFile') },
      { name: 'resident, shared', bytes: of('RssShmem') },
      { name: 'stack, mapped', bytes: of('VmStk') },
      { name: 'page tables', bytes: of('VmPTE') },
    ],
  }
}

/** Readings of a running process. Left: there is none, or none that can be looked at. */
export function processReadings(pid: number, folder = '/proc'): Result<Readings> {
  const first = look(pid, folder)
  if (first._tag === 'Left') return first
  if (first.right === null) return left(`--pid ${pid}: there is no such process; ps -e lists those that are there`)
  const { name } = first.right.processes[0] ?? { name: '' }
  let seconds = 0
  return right({
    title: `process ${pid}: ${name}`,
    status: () => `${seconds.toFixed(1)} s`,
    pace: null,
    next: async (elapsed) => {
      seconds += elapsed
      const looked = look(pid, folder)
      return looked._tag === 'Left' || looked.right === null
        ? looked
        : right({ ...looked.right, seconds: Math.round(seconds * 1000) / 1000 })
    },
  })
}

/** One look; null where the process has ended. */
function look(pid: number, folder: string): Result<Reading | null> {
  let status: string
  let meminfo: string
  try {
    meminfo = readFileSync(`${folder}/meminfo`, 'utf8')
  } catch (error) {
    return left(`${folder}/meminfo: cannot be read: ${systemFault(error)}; reheap monitor needs Linux's /proc`)
  }
  try {
    status = readFileSync(`${folder}/${pid}/status`, 'utf8')
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes(codeOf(error))) return right(null)
    return left(`--pid ${pid}: cannot be looked at: ${systemFault(error)}`)
  }
  // A process that has ended and waits for its parent, or a kernel thread, has no memory.
  if (!status.includes('VmRSS:')) return right(null)
  const { process, layers } = processReading(pid, status)
  return right({ event: null, seconds: 0, system: systemReading(meminfo), processes: [process], layers, devices: [] })
}
