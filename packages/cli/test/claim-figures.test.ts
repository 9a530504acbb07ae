import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { LOGS, linesOfAll, MIB, mostAsked, numbers, observed, PRINTED, printed, stepsOf, tableOf } from './claims.ts'
import { json, reheap } from './command.ts'

/** Resident size and peak that the scenario of the array prints for a log, moment by moment. */
const sizesOf = (log: string): readonly number[][] =>
  (stepsOf('array').find(({ commands }) => commands[0]?.startsWith(`reheap replay ${log} `))?.lines ?? []).map((line) =>
    numbers(line, /([\d.]+) MB/g),
  )

describe('figures against their source', () => {
  test('[C99] 5 gpu: pinned copies take the share of the link that they reach', () => {
    const [pageable = 0, pinned = 0, inside = 0] = numbers(linesOfAll('gpu'), /"nanoseconds":(\d+)/g)
    // PCIe 4.0 x16 has 31.5 GB/s by its specification, HBM2e of an A100-80GB 2039 GB/s by the data sheet; a copy inside reads and writes.
    expect(pinned).toBeGreaterThan((398_131_200 / 31.5e9) * 1e9)
    expect(pageable).toBeGreaterThan(2 * pinned)
    expect(inside - 10_000).toBeCloseTo((2 * 1_592_524_800 * 1e9) / 2039e9, -1)
  })

  test('[C99] 6 units: powers of 1000 and of 1024', () => {
    const text = linesOfAll('units')
    for (const line of ['8,000,000,000,000 bit', '1,208,925,819,614,629,174,706,176 B', '1,099,511,627,776 B']) expect(text).toContain(line)
  })

  test('[C99] 8 image: the block of the simulation is as large as the image', () => {
    expect(linesOfAll('image')).toContain('6,220,800 B')
    expect(
      json<{ peaks: { cLibraryBytes: { value: number } } }>(reheap(['replay', `${LOGS}/image.jsonl`, '--peaks', '--json'])).peaks
        .cLibraryBytes.value,
    ).toBe(1920 * 1080 * 3)
  })

  test('[C99] 9 objects: classes by the rule of pymalloc, from the sizes that sys.getsizeof gives', () => {
    const placed = [...linesOfAll('objects').matchAll(/"bytes":(\d+),"address":\d+,"sizeClass":(\d+)/g)].map(([, bytes, sizeClass]) => [
      Number(bytes),
      Number(sizeClass),
    ])
    expect(placed).toEqual([24, 24, 72, 16].map((bytes) => [bytes, (bytes - 1) >> 4]))
    expect(linesOfAll('objects')).toContain('"kind":"BlockPassedOn","block":67108880,"bytes":600')
    const python = spawnSync('python3.11', [
      '-c',
      'import sys; print(sys.getsizeof(1.5), sys.getsizeof([1.5, 2.5]) + 16, sys.getsizeof(bytes(567)))',
    ])
    // Where there is a 3.11: a float, a list of two with its items and the collector's header, and the large one.
    if (python.status === 0) expect(python.stdout.toString().trim()).toBe(`24 ${72 + 16} 600`)
  })

  test('[C99] 11 counting and 21 function-counts: what sys.getrefcount printed on the real versions', () => {
    for (const [log, program, version] of [
      ['counting.jsonl.gz', 'counting.py', '3.13.2'],
      ['counting-3.14.jsonl.gz', 'counting.py', '3.14.2'],
      ['function-counts.jsonl.gz', 'function-counts.py', '3.13.2'],
      ['function-counts-3.14.jsonl.gz', 'function-counts.py', '3.14.2'],
    ] as const) {
      const counts = observed(log, 'refcount').map(({ count }) => count)
      expect({ log, counts }).toEqual({ log, counts: printed(program, version, 'count') })
    }
    expect(numbers(stepsOf('function-counts')[0]?.lines.join('\n') ?? '', /"count":(\d+)/g)).toEqual([3, 2, 2, 2, 2])
  })

  test('[C99] 10 mechanisms, 14 cycles, 15 generations, 22 thresholds: collected as the real versions printed', () => {
    for (const [log, program] of [
      ['deleting.jsonl.gz', 'deleting.py'],
      ['cycles.jsonl.gz', 'cycles.py'],
      ['generations.jsonl.gz', 'generations.py'],
      ['thresholds.jsonl.gz', 'thresholds.py'],
    ] as const) {
      const { stdout } = reheap(['replay', `${LOGS}/${log}`, '--facts', '-'])
      const collected = numbers(stdout, /"kind":"CollectionFinished".*?"collected":(\d+)/g)
      const wanted = printed(program, '3.13.2', 'collected')
      expect(wanted.length).toBeGreaterThan(0)
      // A program may begin with a collection whose result it does not print.
      expect({ log, collected: collected.slice(-wanted.length) }).toEqual({ log, collected: wanted })
    }
  })

  test('[C99] 12 deleting: the same facts follow both, without a collection', () => {
    const text = stepsOf('deleting')[0]?.lines.join('\n') ?? ''
    const kinds = (index: number): string[] =>
      [...text.matchAll(new RegExp(`"index":${index},"kind":"(\\w+)"`, 'g'))].map(([, kind = '']) => kind)
    expect(kinds(15)).toEqual(['ObjectUntracked', 'ObjectDied', 'BlockReleased', 'BlockReturned'])
    expect(kinds(17)).toEqual([...kinds(15), 'PoolClosed'])
    expect(PRINTED['deleting.py']?.['3.11.7']).toContain('freed\nafter del\nfreed\nafter None')
  })

  test('[C99] 13 triggers: a count above the threshold, each as gc.callbacks observed it', () => {
    const text = stepsOf('triggers')[0]?.lines.join('\n') ?? ''
    expect(numbers(text, /"reason":"threshold","young":\d+,"count0":(\d+)/g)).toEqual([101, 101, 101, 101, 101])
    expect(numbers(text, /"collected":(\d+)/g)).toEqual(observed('triggers.jsonl.gz', 'collection').map(({ collected }) => collected))
  })

  test('[C99] 16 pools: arenas as sys._debugmallocstats() printed them at the marks', () => {
    const marks = gunzipSync(readFileSync(`${LOGS}/pools.jsonl.gz`))
      .toString()
      .split('"label":"')
      .slice(1)
    const arenas = (label: string): number => {
      const after = marks.find((text) => text.startsWith(`${label}"`)) ?? ''
      return Number(/"arenas":(\d+)/.exec(after)?.[1])
    }
    const shown = numbers(linesOfAll('pools'), /^(\d+) arenas of 1\.00 MiB/gm)
    expect(shown).toEqual([arenas('full'), arenas('reused')])
    expect(linesOfAll('pools')).toContain(`${arenas('one survivor')} arenas, by the live blocks`)
  })

  test('[C99] 1 ram: at power-off nothing is left in RAM, and swap keeps what it had', () => {
    const rows = tableOf('ram', 0)
    expect(rows.map(([moment]) => moment)).toEqual(['before the power goes', 'off', 'on again'])
    // At most it had all of the 256 MiB but the 64 MiB of the system.
    expect(rows[1]?.slice(1)).toEqual(['0 B', '192.0 MiB', '0 B', '0 B', '256.0 MiB', rows[0]?.[6]])
  })

  test('[C99] 2 capacity: no swap below it, then swap, then the killer at RAM and swap together', () => {
    const [below, above, walked] = tableOf('capacity', 0)
    expect(below?.slice(2)).toEqual(['0 B', '0 B', '0 B', '~0.0 s'])
    // 1 GiB of blocks, a page before each and one of the heap; 256 MiB of system on 1 GiB of RAM.
    const { host } = json<{ host: { system: { swapUsed: number; free: number } } }>(
      reheap(['replay', `${LOGS}/capacity.jsonl`, '--until', '36', '--json']),
    )
    expect(host.system.swapUsed - host.system.free).toBe(256 * MIB + 17 * 4096)
    expect(above?.[2]).toBe('256.1 MiB')
    // Two walks through 1 GiB of which 768 MiB fit: every page is fetched each time, since the next one is always the one that went out.
    expect(walked?.[4]).toBe('2.00 GiB')
    expect(linesOfAll('capacity')).toContain('It held 768.0 MiB of 1.00 GiB RAM and 512.0 MiB of 512.0 MiB swap')
  })

  test('[C99] 3 owners: the parts are the whole at every moment, and the cache gives way before anything is swapped', () => {
    for (const until of [2, 4, 10, 13, 16, 18]) {
      const { host } = json<{ host: { owners: Record<string, number> } }>(
        reheap(['replay', `${LOGS}/owners.jsonl`, '--until', String(until), '--json']),
      )
      expect(Object.values(host.owners).reduce((sum, bytes) => sum + bytes, 0)).toBe(1024 * MIB)
    }
    const swapped = reheap(['replay', `${LOGS}/owners.jsonl`, '--facts', '-']).stdout.split('\n')
    const firstOut = swapped.findIndex((line) => line.includes('PagesSwappedOut'))
    expect(
      swapped
        .slice(0, firstOut)
        .filter((line) => line.includes('CacheReclaimed'))
        .reduce((sum, line) => sum + JSON.parse(line).bytes, 0),
    ).toBe(300 * MIB)
  })

  test('[C99] 4 monitor: used, available and percent by the formulas of psutil', () => {
    // 200 MiB of system and two processes of 350 and 250 MiB on 1 GiB.
    expect(linesOfAll('monitor')).toContain('used 800.0 MiB available 224.0 MiB of 1.00 GiB (78.1 %)')
  })

  test('[C99] 17 pyramid: every layer is there, and the small request stays above 0', () => {
    const [small, large] = stepsOf('pyramid').map(({ lines }) => lines.join('\n'))
    for (const layer of ['objects', 'object allocator', 'raw allocator', 'C library', 'virtual memory', 'physical memory'])
      for (const text of [small, large]) expect(text).toContain(`${layer}: `)
    expect(small).toMatch(/ 0 {2}C library +not asked/)
    expect(large).toMatch(/ 0 {2}C library +Chunk/)
  })

  test('[C99] 19 faults: each is found by its verb', () => {
    const [leak, files, kept, slow, full] = stepsOf('faults').map(({ lines }) => lines.join('\n'))
    // leak.py keeps 40 requests in `seen` and makes 10 rings of two.
    expect(leak).toMatch(/^Request +40 .*seen: list -> \[0\] Request$/m)
    expect(leak).toContain('Leak as long as the collector is off')
    // The program itself counted twelve that are not closed, and `with` closed the others.
    expect(files).toMatch(/^_io\.FileIO +12 .*opened: list -> \[0\] _io\.TextIOWrapper -> _io\.FileIO$/m)
    expect(files).toMatch(/^_io\.FileIO +1 .*notes: /m)
    expect(kept).toMatch(/^_io\.BufferedReader +12 .*opened: list/m)
    expect(slow).toContain('slowed by swapping')
    expect(full).toContain('out of memory: process 0 was killed')
  })

  test('[C99] 23 system: the five figures of the introduction in its form', () => {
    expect(linesOfAll('system').match(/[\d.]+ GB/g)).toEqual(['63.75 GB', '9.00 GB', '54.75 GB', '0.0151 GB', '0.0151 GB'])
  })

  test("[C99] 24 array: within 1 % of the introduction's own figures", () => {
    const told = sizesOf('array-introduction.jsonl')
    const claimed = [
      [29.73, 29.73],
      [487.6, 487.6],
      [487.61, 602.06],
      [29.85, 602.06],
    ]
    expect(told.length).toBe(claimed.length)
    for (const [place, figures] of claimed.entries())
      for (const [which, figure] of figures.entries()) expect(Math.abs((told[place]?.[which] ?? 0) / figure - 1)).toBeLessThan(0.01)
  })

  test('[C99] 24 array: within 1 % of what the recorded run itself read from /proc', () => {
    const real = readFileSync(`${LOGS}/array.txt`, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => numbers(line, /([\d.]+) MB/g))
    const told = sizesOf('array.jsonl.gz')
    expect([real.length, told.length]).toEqual([4, 4])
    for (const [place, figures] of real.entries())
      for (const [which, figure] of figures.entries()) expect(Math.abs((told[place]?.[which] ?? 0) / figure - 1)).toBeLessThan(0.01)
    const text = stepsOf('array')
      .map(({ explains }) => explains)
      .join('\n')
    for (const figure of real.flat()) expect(text).toContain(figure.toFixed(2))
  })

  test('[C99] 18 free-lists: never more than the real maxima', () => {
    const kept = [...linesOfAll('free-lists').matchAll(/^(float|list|dict|tuple of 2) +([\d,]+) +([\d,]+)/gm)].map(([, type, , max]) => [
      type,
      max,
    ])
    // Include/internal/pycore_freelist.h, 3.13
    for (const row of [
      ['float', '100'],
      ['list', '80'],
      ['dict', '80'],
      ['tuple of 2', '2,000'],
    ])
      expect(kept).toContainEqual(row)
  })

  test('[C99] 20 habits: bytes saved are those of the real calls of the allocator', () => {
    for (const step of stepsOf('habits')) {
      const [before = 0, after = 0] = step.commands.map((command) => mostAsked(`${LOGS}/${command.split(' ')[2]}`))
      expect(step.saved).toEqual({ beforeBytes: before, afterBytes: after, savedBytes: before - after })
      expect(after).toBeLessThan(before)
    }
  })
})
