import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { json, reheap, storedHello, workplace } from './command.ts'

const place = workplace()
const log = place.at('hello.arrows')
beforeAll(() => storedHello(log))
afterAll(place.remove)

interface Row {
  readonly profile: string
  readonly arenas: number
  readonly arenasTotal: number
  readonly heldBytes: number
  readonly heldBytesPeak: number
  readonly difference: Readonly<Record<'heldBytes' | 'heldBytesPeak', { readonly bytes: number; readonly percent: number | null }>>
}

const rowsOf = (vary: readonly string[]): readonly Row[] =>
  json<{ rows: Row[] }>(reheap(['whatif', log, ...vary.flatMap((value) => ['--vary', value]), '--json'])).rows

describe('whatif', () => {
  test('[C27] the recorded profile comes first, then the others as they were named', () => {
    const names = (vary: string[]): string[] => rowsOf(vary).map(({ profile }) => profile)
    expect(names(['profile=cpython-3.8,cpython-3.13'])).toEqual(['cpython-3.11', 'cpython-3.8', 'cpython-3.13'])
    expect(names(['profile=cpython-3.8', 'profile=cpython-3.6-align8'])).toEqual(['cpython-3.11', 'cpython-3.8', 'cpython-3.6-align8'])
  })

  test('[C27] --profile names the first row where the log does not tell its runtime well enough', () => {
    const { stdout } = reheap(['whatif', log, '--profile', 'cpython-3.12', '--vary', 'profile=cpython-3.13'])
    expect(stdout).toMatch(/\ncpython-3\.12 +\d/)
    expect(stdout).not.toContain('(recorded)')
  })

  test('[C27] each row is what a replay under that profile gives', () => {
    for (const { profile, arenas, arenasTotal, heldBytes, heldBytesPeak } of rowsOf(['profile=cpython-3.8,cpython-3.13']).slice(1)) {
      const { final, peaks } = json<{ final: Row; peaks: Record<string, { value: number }> }>(
        reheap(['replay', log, '--profile', profile, '--peaks', '--json']),
      )
      expect({ arenas, arenasTotal, heldBytes }).toEqual({
        arenas: final.arenas,
        arenasTotal: final.arenasTotal,
        heldBytes: final.heldBytes,
      })
      expect(heldBytesPeak).toBe(peaks.heldBytes?.value)
    }
  })

  test('[C27] differences are from the first row', () => {
    const [first, second] = rowsOf(['profile=cpython-3.8'])
    const bytes = (second?.heldBytesPeak ?? 0) - (first?.heldBytesPeak ?? 0)
    expect(first?.difference.heldBytesPeak).toEqual({ bytes: 0, percent: 0 })
    expect(second?.difference.heldBytesPeak).toEqual({ bytes, percent: (100 * bytes) / (first?.heldBytesPeak ?? 0) })
  })

  test('[C27] the recorded profile runs on the simulated system too', () => {
    // The real system refused this arena; a simulated one maps it.
    const lines = [
      '{"reheap":1,"runtime":{"name":"cpython","version":"3.11.7","pointerBits":64}}',
      '{"kind":"ArenaMapped","address":null,"bytes":1048576}',
      '{"kind":"Malloc","domain":"obj","block":0,"bytes":64,"address":94000000000}',
    ]
    const input = `${lines.join('\n')}\n`
    expect(json(reheap(['replay', '-', '--json'], { input }))).toMatchObject({ final: { arenas: 0 } })
    const compared = json<{ rows: Row[] }>(reheap(['whatif', '-', '--vary', 'profile=cpython-3.12', '--json'], { input }))
    expect(compared.rows.map(({ arenas }) => arenas)).toEqual([1, 1])
  })

  test('[C27] it says whose requests these are and that the system is simulated', () => {
    const { stdout } = reheap(['whatif', log, '--vary', 'profile=cpython-3.8'])
    expect(stdout).toContain('cpython-3.11 (recorded)')
    expect(stdout).toContain('The requests are those of cpython 3.11.7')
    expect(stdout).toContain("Arenas are a simulated system's in every row")
  })

  test('[C166] sizes of arenas and pools are varied; those of 3.9 cost what 3.9 costs', () => {
    const sized = rowsOf(['allocator.arenaSize=256KiB', 'allocator.poolSize=4KiB,16KiB'])
    expect(sized).toHaveLength(3)
    const { profile: _, allocator, ...cost } = sized[1] as Row & { readonly allocator: object }
    const { profile: __, ...nine } = rowsOf(['profile=cpython-3.9'])[1] as Row
    expect(cost).toEqual(nine)
    expect(allocator).toEqual({ arenaBytes: 256 * 1024, poolBytes: 4096 })
  })

  test('[C166] sizes that pymalloc does not work with are refused in one line', () => {
    const { status, stdout, stderr } = reheap(['whatif', log, '--vary', 'allocator.poolSize=5000'])
    expect([status, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(/^reheap: --vary allocator\.poolSize=\S+: of cpython-3\.11 poolBytes must be a power of two, got 5000; .*\n$/)
  })
})
