import { describe, expect, test } from 'vitest'
import { HELLO, json, reheap } from './command.ts'
import { droppedCycles, FIRST_EVENT, kept, log } from './objects.ts'

interface Row {
  readonly profile: string
  readonly settings: Readonly<Record<string, unknown>>
  readonly collector: {
    readonly generations: readonly { readonly collections: number; readonly collected: number; readonly visited: number }[]
    readonly uncollected: Readonly<Record<'objects' | 'containers' | 'bytes', { readonly value: number; readonly index: number }>>
    readonly live: Readonly<Record<'objects' | 'bytes', { readonly value: number }>>
    readonly passedOver: number
  }
}

/** 100 cycles, each dropped before the next is made, beside one list that stays. */
const CYCLES = log([...kept(1000), ...droppedCycles(100)])
const rowsOf = (...vary: string[]): readonly Row[] =>
  json<{ rows: Row[] }>(reheap(['whatif', '-', ...vary.flatMap((value) => ['--vary', value]), '--json'], { input: CYCLES })).rows

describe('whatif of the collector', () => {
  test('[C44] a threshold is varied whatever the log sets, and the collections are those of the definition', () => {
    const [, low, high] = rowsOf('gc.threshold0=10,40')
    // The list and 10 cycles are one too many; then every 11 cycles, since the survivor counts no more.
    expect(low?.collector.generations.map(({ collections, collected }) => [collections, collected])).toEqual([
      [9, 98],
      [0, 0],
      [0, 0],
    ])
    expect(high?.collector.generations[0]).toMatchObject({ collections: 2, collected: 81 })
    expect(low?.collector.uncollected.containers.value).toBe(11)
    expect(high?.collector.uncollected.objects.value).toBe(41)
  })

  test('[C44] the first row is the recorded one, and what it never collects waits at its end', () => {
    const [recorded] = rowsOf('gc.threshold0=10')
    expect(recorded).toMatchObject({ profile: 'cpython-3.13', settings: {} })
    expect(recorded?.collector.uncollected.objects).toEqual({ value: 100, index: FIRST_EVENT + 403 })
    expect(recorded?.collector.uncollected.bytes.value).toBe(4800)
    expect(recorded?.collector.live.objects.value).toBe(101)
  })

  test('[C45] several --vary make every combination, values of one key side by side', () => {
    const rows = rowsOf('gc.threshold0=10,40', 'gc.enabled=false', 'profile=cpython-3.13', 'profile=cpython-3.12').slice(1)
    expect(rows.map(({ profile, settings }) => [profile, settings.threshold0, settings.isEnabled])).toEqual([
      ['cpython-3.13', 10, false],
      ['cpython-3.12', 10, false],
      ['cpython-3.13', 40, false],
      ['cpython-3.12', 40, false],
    ])
    expect(rows.map(({ collector }) => collector.uncollected.objects.value)).toEqual([100, 100, 100, 100])
  })

  test('[C44] gc.freeze hides from collections what is alive before an event', () => {
    const [, frozen] = rowsOf(`gc.freeze=${FIRST_EVENT + 3 + 40}`)
    expect(frozen?.collector.uncollected.objects.value).toBe(100)
    const [, late] = json<{ rows: Row[] }>(
      reheap(['whatif', '-', '--vary', 'gc.freeze=43', '--vary', 'gc.threshold0=20', '--json'], { input: CYCLES }),
    ).rows
    expect(late?.collector.generations[0]?.visited).toBeLessThan(101)
  })

  test('[C48] a profile that is named without its build is as wide as the recorded one', () => {
    const input = log(droppedCycles(3), { runtime: { name: 'cpython', version: '3.13.2', pointerBits: 32 } })
    const { rows } = json<{ rows: Row[] }>(
      reheap(['whatif', '-', '--vary', 'profile=cpython-3.11,cpython-3.14.2,cpython-3.12-32', '--json'], { input }),
    )
    expect(rows.map(({ profile }) => profile)).toEqual(['cpython-3.13-32', 'cpython-3.11-32', 'cpython-3.14.2-32', 'cpython-3.12-32'])
  })

  test('[C46] pauses are printed as estimates, with what they are made of', () => {
    const { stdout } = reheap(['whatif', '-', '--vary', 'gc.threshold0=10'], { input: CYCLES })
    expect(stdout).toMatch(/cpython-3\.13 gc\.threshold0=10 +9 +0 +0 +98 +\d+ +~/)
    expect(stdout).toContain('Pauses are an estimate: objects visited, at ')
  })

  test('[C47] keys and values that are not known are refused, and settings where the log holds no objects', () => {
    const error = (value: string, log = '-'): string => {
      const { status, stdout, stderr } = reheap(['whatif', log, '--vary', value], { input: CYCLES })
      expect([status, stdout]).toEqual([2, ''])
      return stderr
    }
    expect(error('gc.threshold3=1')).toContain('known are profile, allocator.arenaSize')
    expect(error('gc.threshold0=many')).toContain('"many" is no whole number')
    expect(error('gc.threshold0=4294967296')).toContain('is no whole number')
    expect(error('gc.enabled=1')).toContain('neither true nor false')
    expect(error('profile=cpython-4')).toContain('no profile is called "cpython-4"')
    expect(error('gc.enabled=false', HELLO)).toMatch(/holds no objects.*reheap run/)
  })
})
