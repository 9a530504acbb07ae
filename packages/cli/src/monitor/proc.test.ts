import { spawn, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { processReading, processReadings, systemReading } from './proc.ts'

interface Case {
  readonly name: string
  readonly meminfo: string
  readonly virtual_memory: Readonly<Record<string, number>>
  readonly swap_memory: Readonly<Record<string, number>>
}

/** What the real psutil says of each `/proc/meminfo`. */
const { cases } = JSON.parse(readFileSync(new URL('../../test/fixtures/meminfo.json', import.meta.url), 'utf8')) as {
  readonly cases: readonly Case[]
}

test.each(cases)('[C93] system figures are those of psutil 7.2: $name', ({ meminfo, virtual_memory, swap_memory }) => {
  const { swapTotal, swapUsed, swapPercent, ...system } = systemReading(meminfo)
  expect(system).toEqual(virtual_memory)
  expect({ total: swapTotal, used: swapUsed, percent: swapPercent }).toEqual(swap_memory)
})

const hasPs = spawnSync('ps', ['-o', 'rss=', '-p', String(process.pid)]).status === 0

test.skipIf(process.platform !== 'linux' || !hasPs)('[C93] rss and vms of a process are those of ps (needs Linux and ps)', async () => {
  const child = spawn('sleep', ['30'])
  try {
    const opened = processReadings(child.pid ?? 0)
    if (opened._tag === 'Left') throw new Error(opened.left)
    // The child becomes sleep a moment after it is there.
    for (
      let tries = 0;
      tries < 100 &&
      spawnSync('ps', ['-o', 'comm=', '-p', String(child.pid)])
        .stdout.toString()
        .trim() !== 'sleep';
      tries++
    );
    const [rss = 0, vms = 0] = spawnSync('ps', ['-o', 'rss=,vsz=', '-p', String(child.pid)])
      .stdout.toString()
      .trim()
      .split(/\s+/)
      .map(Number)
    const next = await opened.right.next(0)
    if (next._tag === 'Left' || next.right === null) throw new Error('the process is there')
    const [reading] = next.right.processes
    expect(reading).toMatchObject({ pid: child.pid, name: 'sleep', vms: vms * 1024 })
    // ps and status may read counters a few pages apart.
    expect(Math.abs((reading?.rss ?? 0) - rss * 1024)).toBeLessThanOrEqual(64 * 4096)
    expect(reading?.peak).toBeGreaterThanOrEqual(reading?.rss ?? Number.NaN)
  } finally {
    child.kill()
  }
})

test('[C93] a process that has ended gives no reading, a kernel thread has no memory', () => {
  expect(processReadings(2 ** 30)).toMatchObject({ left: expect.stringMatching(/^--pid 1073741824: there is no such process/) })
  expect(processReading(7, 'Name:\tkthreadd\nState:\tS (sleeping)\n').process).toMatchObject({ name: 'kthreadd', rss: 0, vms: 0 })
})
