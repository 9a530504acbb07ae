import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { HEAP_FIGURES } from '@reheap/projections'
import { describe, expect, test } from 'vitest'
import { HELLO, HELLO_38, json, reheap, SESSIONS } from './command.ts'
import { OOM, TRAIN } from './device.ts'

interface Side {
  readonly events: number
  readonly cost: Readonly<Record<string, number>>
}
interface Row {
  readonly before: Readonly<Record<string, number>>
  readonly after: Readonly<Record<string, number>>
  readonly change: number
}
interface Difference {
  readonly before: Side
  readonly after: Side
  readonly types: readonly (Row & { readonly type: string })[]
  readonly sizeClasses: readonly (Row & { readonly blockBytes: number })[]
  readonly firstParting: number | null
}

/** The first line of two logs that differs in more than where, when and with what answer. */
function partingOf(...paths: readonly string[]): number {
  const [first = [], second = []] = paths.map((path) => {
    const lines = gunzipSync(readFileSync(path)).toString().trim().split('\n').slice(1)
    return lines.map((line) => {
      const { address: _, time: __, thread: ___, stack: ____, values: _____, ...request } = JSON.parse(line)
      return JSON.stringify(request)
    })
  })
  return first.findIndex((line, place) => line !== second[place])
}

const HELD = ['heldBytes', 'arenaBytes', 'cLibraryBytes', 'blockBytes', 'requestedBytes'] as const

describe('diff of interpreters', () => {
  const compared = json<Difference>(reheap(['diff', HELLO_38, HELLO, '--json']))

  test('[C140] what each log cost is what a replay of it gives', () => {
    for (const [side, path] of [
      [compared.before, HELLO_38],
      [compared.after, HELLO],
    ] as const) {
      const { events, final, peaks } = json<{
        events: number
        final: Record<string, number>
        peaks: Record<string, { value: number }>
      }>(reheap(['replay', path, '--peaks', '--json']))
      expect(side.events).toBe(events)
      for (const figure of HELD) expect([figure, side.cost[figure]]).toEqual([figure, final[figure]])
      expect(side.cost.heldBytesPeak).toBe(peaks.heldBytes?.value)
      expect(HEAP_FIGURES.map(([, key]) => key).sort()).toEqual(Object.keys(side.cost).sort())
    }
  })

  test('[C140] size classes are those of stats, and their changes add up', () => {
    const classes = (path: string) =>
      json<{ sizeClasses: { blockBytes: number; usedBlocks: number; pools: number }[] }>(reheap(['stats', path, '--json'])).sizeClasses
    const [before, after] = [classes(HELLO_38), classes(HELLO)]
    for (const row of compared.sizeClasses) {
      const of = (all: ReturnType<typeof classes>) => {
        const { usedBlocks: blocks = 0, pools = 0 } = all.find(({ blockBytes }) => blockBytes === row.blockBytes) ?? {}
        return { bytes: blocks * row.blockBytes, blocks, pools }
      }
      expect([row.before, row.after]).toEqual([of(before), of(after)])
    }
    const change = compared.sizeClasses.reduce((sum, row) => sum + row.change, 0)
    expect(change).toBe((compared.after.cost.blockBytes ?? 0) - (compared.before.cost.blockBytes ?? 0))
  })

  test('[C140] the logs part at the first event that asks for something else; one and itself never do', () => {
    expect(compared.firstParting).toBe(partingOf(HELLO_38, HELLO))
    expect(reheap(['diff', HELLO_38, HELLO]).stdout).toMatch(/^The requests of both logs first differ at event \d+\.$/m)
    expect(json<Difference>(reheap(['diff', HELLO, HELLO, '--json'])).firstParting).toBe(null)
    expect(reheap(['diff', HELLO, HELLO]).stdout).toContain('The requests of both logs never differ.')
  })

  test('[C140] types are those of stats', () => {
    const { types } = json<Difference>(reheap(['diff', HELLO, SESSIONS, '--json']))
    const { objects } = json<{ objects: { types: { type: string; objects: number; bytes: number }[] } }>(
      reheap(['stats', SESSIONS, '--json']),
    )
    expect(types.length).toBe(objects.types.length)
    for (const { type, before, after } of types) {
      expect(before).toEqual({ bytes: 0, objects: 0 })
      expect(objects.types.find((each) => each.type === type)).toMatchObject(after)
    }
  })

  test('[C140] people read figures and the largest changes', () => {
    const { stdout } = reheap(['diff', HELLO_38, HELLO, '--top', '3'])
    expect(stdout).toMatch(/^\S+ \([\d,]+ events\) and \S+ \([\d,]+ events\)\n/)
    expect(stdout).toContain('the first replayed as cpython-3.8, the second as cpython-3.11')
    expect(stdout).toMatch(/\nheld: peak +\S+ \S+ +\S+ \S+ +[+-]/)
    expect(stdout.trimEnd().split('\n').at(-3)).toMatch(/ \d+ B$/)
    expect(reheap(['diff', HELLO, HELLO]).stdout).toContain('The same blocks are live at the end')
  })

  test('[C140] an interpreter and a GPU are not compared', () => {
    const { status, stdout, stderr } = reheap(['diff', HELLO, TRAIN])
    expect([status, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(/is a log of a GPU, and .* one of an interpreter; give two of the same kind\n$/)
  })
})

test('[C141] whatif tells where a row parts from the first', () => {
  const { rows } = json<{ rows: { parting: Record<string, number | null> | null; firstParting: number | null }[] }>(
    reheap(['whatif', HELLO, '--vary', 'profile=cpython-3.9', '--json']),
  )
  expect(rows[0]?.parting).toBeNull()
  const held = rows[1]?.parting?.heldBytes ?? -1
  const at = (until: number, profile: string): unknown =>
    json<{ final: Record<string, number> }>(reheap(['replay', HELLO, '--until', String(until), '--profile', profile, '--json'])).final
      .heldBytes
  expect(held).toBeGreaterThanOrEqual(0)
  expect(at(held, 'cpython-3.11')).toBe(at(held, 'cpython-3.9'))
  expect(at(held + 1, 'cpython-3.11')).not.toBe(at(held + 1, 'cpython-3.9'))
  expect(rows[1]?.parting?.requestedBytes).toBeNull()
  expect(rows.map(({ firstParting }) => firstParting)).toEqual([null, held])
  const { stdout } = reheap(['whatif', HELLO, '--vary', 'profile=cpython-3.9,cpython-3.13'])
  expect(stdout).toContain(`\ncpython-3.9 first differs from cpython-3.11 (recorded) at event ${held}\n`)
  expect(stdout).toContain('\ncpython-3.13 never differs from cpython-3.11 (recorded)\n')
})

test('[C141] whatif of a device tells where a row parts from the first', () => {
  const args = ['whatif', OOM, '--vary', 'settings=expandable_segments:True']
  const [, row] = json<{ rows: { parting: Record<string, Record<string, number | null>>; firstParting: number }[] }>(
    reheap([...args, '--json']),
  ).rows
  expect(row?.firstParting).toBe(Math.min(...Object.values(row?.parting[0] ?? {}).flatMap((each) => each ?? [])))
  expect(reheap(args).stdout).toContain(
    `expandable_segments:True first differs from pytorch-2.11, as recorded at event ${row?.firstParting}\n`,
  )
})
