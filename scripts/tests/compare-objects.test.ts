import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { tries } from './effort.ts'

const COMMAND = fileURLToPath(new URL('../compare-objects.mjs', import.meta.url))
/** So many on each of the four from npm, and on each native CPython from 3.8 to 3.13 that is found. */
const RUNS = tries(200)

interface Row {
  readonly interpreter: string
  readonly programs: number
  readonly differences: number
  readonly first: string | null
  readonly met: Readonly<Record<string, number>>
}

function compared(...args: readonly string[]): readonly Row[] {
  const { stdout, stderr } = spawnSync(process.execPath, [COMMAND, '--json', '--runs', String(RUNS), ...args], {
    encoding: 'utf8',
    timeout: 600_000,
  })
  if (stdout === '') throw new Error(stderr)
  return JSON.parse(stdout)
}

describe('generated object programs', () => {
  test('print on CPython in WebAssembly what the simulation says', { timeout: 600_000 }, () => {
    const rows = compared('--python', 'none')
    expect(rows.map(({ interpreter }) => interpreter)).toEqual(
      ['3.12.7', '3.13.2', '3.14.2', '3.15.0rc1'].map((version) => `WebAssembly ${version}`),
    )
    for (const { programs, differences, first } of rows) expect([programs, differences, first]).toEqual([RUNS, 0, null])
    for (const kind of ['callback in a collection', 'finalizer in a collection, resurrecting', 'garbage kept', 'full collection deferred'])
      expect(rows.some(({ met }) => (met[kind] ?? 0) > 0)).toBe(true)
  })

  test('print on every native CPython that is found what the simulation says', { timeout: 600_000 }, ({ skip }) => {
    const rows = compared('--wasm', 'none')
    if (rows.length === 0) skip('no CPython from 3.8 to 3.13 is found')
    for (const { programs, differences, first } of rows) expect([programs, differences, first]).toEqual([RUNS, 0, null])
  })
})
