import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { json, linesOf, reheap } from './command.ts'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))
const LOGS = `${ROOT}packages/cli/scenarios`

interface Step {
  readonly explains: string
  readonly commands: readonly string[]
  readonly lines: readonly string[]
  readonly saved?: { readonly beforeBytes: number; readonly afterBytes: number; readonly savedBytes: number }
}
interface Told {
  readonly row: number
  readonly name: string
  readonly proof: readonly string[]
}

const { scenarios } = json<{ scenarios: readonly Told[] }>(reheap(['scenario', '--json']))
const stepsOf = (name: string): readonly Step[] => json<{ steps: readonly Step[] }>(reheap(['scenario', name, '--json'])).steps
const linesOfAll = (name: string): string =>
  stepsOf(name)
    .flatMap(({ lines }) => lines)
    .join('\n')

/** What real interpreters printed for each program, by version: made by the recorder's claims/make-table.mjs. */
const PRINTED = JSON.parse(readFileSync(`${ROOT}packages/recorder/test/wasm/claims/table.json`, 'utf8')) as Record<
  string,
  Record<string, string>
>
const printed = (program: string, version: string, word: string): number[] =>
  [...(PRINTED[program]?.[version] ?? '').matchAll(new RegExp(`^${word} (\\d+)$`, 'gm'))].map(([, count]) => Number(count))
const numbers = (text: string, pattern: RegExp): number[] => [...text.matchAll(pattern)].map(([, value]) => Number(value))

/** Observed values of a log. */
const observed = (log: string, of: string): Record<string, number>[] =>
  linesOf(`${LOGS}/${log}`)
    .filter((line) => line.includes(`"of":"${of}"`))
    .map((line) => (JSON.parse(line) as { values: Record<string, number> }).values)

describe('the list', () => {
  test('[C98] scenario lists every claim once, with a name', () => {
    const { stdout } = reheap(['scenario'])
    for (const { row, name } of scenarios) expect(stdout).toMatch(new RegExp(`^ +${row}  ${name} `, 'm'))
    const rows = scenarios.map(({ row }) => row)
    expect(rows).toEqual([...new Set(rows)].toSorted((a, b) => a - b))
  })

  test('[C98] a name or a number runs one; an unknown name is refused with those that are near', () => {
    expect(reheap(['scenario', '6']).stdout).toBe(reheap(['scenario', 'units']).stdout)
    for (const [name, line] of [
      ['cycels', 'did you mean cycles?'],
      ['gener', 'did you mean generations?'],
      ['quux', 'known are'],
    ] as const) {
      const { status, stdout, stderr } = reheap(['scenario', name])
      expect([status, stdout]).toEqual([2, ''])
      expect(stderr).toMatch(/^reheap: scenario [^\n]+\n$/)
      expect(stderr).toContain(line)
    }
  })

  test('[C99] the tests that a claim names are there', () => {
    for (const { proof } of scenarios)
      for (const path of proof) expect({ path, isThere: existsSync(`${ROOT}${path}`) }).toEqual({ path, isThere: true })
  })
})

describe('what the page says', () => {
  const page = readFileSync(`${ROOT}docs/claims.md`, 'utf8')
  const transcripts = [...page.matchAll(/^```console\n\$ reheap scenario ([\w-]+)\n([\s\S]*?)^```/gm)].map(([, name = '', text = '']) => ({
    name,
    text,
  }))

  test('[C99] docs/claims.md has every scenario', () => {
    expect(transcripts.map(({ name }) => name)).toEqual(scenarios.map(({ name }) => name))
  })

  test.each(transcripts)('[C99] docs/claims.md: $name prints what stands there', ({ name, text }) => {
    expect(reheap(['scenario', name], { env: { TERM: 'xterm' } }).stdout).toBe(text)
  })

  test('[C99] every recording of a scenario verifies', () => {
    const verified = transcripts.flatMap(({ text }) => [...text.matchAll(/^\$ reheap verify (\S+)$/gm)].map(([, log = '']) => log))
    expect(verified.length).toBeGreaterThan(8)
    for (const log of verified) expect(json(reheap(['verify', `${LOGS}/${log}`, '--json']))).toMatchObject({ mismatches: 0 })
  })
})

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
      ['function-counts.jsonl.gz', 'function_counts.py', '3.13.2'],
      ['function-counts-3.14.jsonl.gz', 'function_counts.py', '3.14.2'],
    ] as const) {
      const counts = observed(log, 'refcount').map(({ count }) => count)
      expect({ log, counts }).toEqual({ log, counts: printed(program, version, 'count') })
    }
    expect(numbers(stepsOf('function-counts')[0]?.lines.join('\n') ?? '', /"count":(\d+)/g)).toEqual([3, 2, 2, 2, 2])
  })

  test('[C99] 10 mechanisms, 14 cycles, 15 generations, 22 thresholds: collected as the real versions printed', () => {
    for (const [log, program] of [
      ['deleting.jsonl.gz', 'deleting.py'],
      ['cycles.jsonl.gz', 'cycle_leak.py'],
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

/** The most that was asked for at once of pools and of the C library, from the log's own lines and the rules of pymalloc in 32 bits. */
function mostAsked(path: string): number {
  const live = new Map<number, { readonly bytes: number; readonly isPooled: boolean }>()
  const [pools, library] = [new Gauge(), new Gauge()]
  const give = (block: number, bytes: number, isPooled: boolean): void => {
    live.set(block, { bytes, isPooled })
    ;(isPooled ? pools : library).change(bytes)
  }
  const take = (block: number): void => {
    const old = live.get(block)
    if (old !== undefined) (old.isPooled ? pools : library).change(-old.bytes)
    live.delete(block)
  }
  for (const line of linesOf(path).slice(1)) {
    const {
      kind,
      block = -1,
      newBlock = -1,
      bytes,
      count = 0,
      elementBytes = 0,
    } = JSON.parse(line) as Record<string, number> & { kind: string }
    const asked = bytes ?? count * elementBytes
    const fits = asked > 0 && asked <= 512
    // An empty block is one of one byte for the C library.
    const taken = asked === 0 ? 1 : asked
    if (kind === 'Malloc' || kind === 'Calloc') give(block, taken, fits)
    else if (kind === 'Free') take(block)
    else if (kind === 'Realloc') {
      const old = live.get(block)
      const room = Math.ceil((old?.bytes ?? 0) / 8) * 8
      const stays = old !== undefined && (!old.isPooled || (asked <= room && 4 * asked > 3 * room))
      if (stays) take(block)
      give(newBlock, taken, stays ? old.isPooled : fits)
      if (!stays) take(block)
    }
  }
  return pools.most + library.most
}

class Gauge {
  most = 0
  #now = 0

  change(by: number): void {
    this.#now += by
    this.most = Math.max(this.most, this.#now)
  }
}
