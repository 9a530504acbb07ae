import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { ROOT, scenarios } from './claims.ts'
import { reheap } from './command.ts'

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

  test('[C99] every recording that a scenario verifies is found to be as recorded', () => {
    const verified = transcripts.flatMap(({ text }) =>
      [...text.matchAll(/^\$ reheap verify \S+\n.*\n(.*)$/gm)].map(([, verdict = '']) => verdict),
    )
    expect(verified.length).toBeGreaterThan(8)
    for (const verdict of verified) expect(verdict).toMatch(/^[\d,]+ observations compared: all as recorded$/)
  })
})
