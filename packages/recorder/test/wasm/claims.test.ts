import { describe, expect, test } from 'vitest'
import { inTurn, observed, type Recorded, recorded, textOf, verified } from './recorded.ts'

/** By program, a scenario of the command, and version: what every interpreter printed; see claims/make-table.mjs. */
const table: Record<string, Record<string, string>> = JSON.parse(textOf('claims/table.json'))
const RECORDED = ['3.13.2', '3.14.2']
const PROFILES: Readonly<Record<string, string>> = {
  '3.8.18': 'cpython-3.8',
  '3.11.7': 'cpython-3.11',
  '3.12.1': 'cpython-3.12.1',
  '3.13.0': 'cpython-3.13',
  '3.13.2': 'cpython-3.13',
  '3.14.2': 'cpython-3.14.2',
  '3.15.0rc1': 'cpython-3.15',
}

const numbersIn = (output: string, word: string): number[] =>
  [...output.matchAll(new RegExp(`^${word} (\\d+)$`, 'gm'))].map(([, number]) => Number(number))

/** The run as another version would have observed it, by what that one printed. */
function observedBy(run: Recorded, output: string): Recorded {
  const counts = numbersIn(output, 'count')
  const { rows } = run
  for (let row = 0; row < rows.length; row++) {
    const detail = rows.detail(row)
    if (detail?.startsWith('{"of":"refcount"') !== true) continue
    const { of, values } = JSON.parse(detail)
    rows.setDetail(row, JSON.stringify({ of, values: { ...values, count: counts.shift() } }))
  }
  expect(counts).toEqual([])
  return run
}

describe.each(RECORDED)('claims, recorded on CPython %s', (version) => {
  test('[R42] what a claim prints is what each real version prints, and what the replay under its profile counts', async () => {
    await inTurn(Object.keys(table), async (name) => {
      const run = await recorded(textOf(`../../../cli/scenarios/${name}`), { file: name, interpreter: version })
      expect(run.end, name).toEqual({ kind: 'finished' })
      expect(run.output, name).toBe(table[name]?.[version])
      expect(
        observed(run.rows, 'refcount').map(({ count }) => count),
        name,
      ).toEqual(numbersIn(run.output, 'count'))
      expect(observed(run.rows, 'collection').filter(({ generation }) => generation !== null).length, name).toBeGreaterThanOrEqual(
        numbersIn(run.output, 'collected').length,
      )
      for (const [other, output] of Object.entries(table[name] ?? {})) {
        const { first } = verified(observedBy(run, output), PROFILES[other])
        const wrong = first.filter(({ of }) => /^(refcount|collection)\./.test(of))
        expect({ name, other, wrong }).toEqual({ name, other, wrong: [] })
      }
    })
  }, 300_000)
})
