import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { afterAll, describe, expect, test } from 'vitest'
import { BUGS } from '../../../scripts/planted/bugs.mjs'
import { reheap as planted } from '../../../scripts/planted/plant.mjs'
import { tries } from '../../../scripts/tests/effort.ts'
import { json, reheap, workplace } from './command.ts'

const place = workplace()
afterAll(place.remove)

/** The same whatever the time that it took. */
const untimed = (document: object): object => ({ ...document, seconds: 0 })

describe('check', () => {
  test('[C160] the laws of a mechanism hold; what was tried and what was met is told, exit 0', () => {
    const { status, stdout } = reheap(['check', '--mechanism', 'allocator', '--runs', '10', '--seed', '7'])
    expect(status).toBe(0)
    expect(stdout).toContain('allocator: 11 laws, 110 programs')
    expect(stdout).toMatch(/an arena was given back +\d+/)
    expect(stdout).toMatch(/every law holds; seed 7, \d+\.\d s\n$/)
  })

  test('[C161] the same seed is the same check, whatever the number of workers', () => {
    const ran = (workers: string): object =>
      untimed(
        json(
          reheap([
            'check',
            '--mechanism',
            'event-log,refcount',
            '--runs',
            String(tries(20)),
            '--seed',
            '3',
            '--workers',
            workers,
            '--json',
          ]),
        ),
      )
    expect(ran('3')).toEqual(ran('1'))
  })

  test('[C162] a bad mechanism or folder is one line', () => {
    const { status, stderr } = reheap(['check', '--mechanism', 'pymalloc'])
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: expect.stringMatching(/^reheap: [^\n]*"pymalloc" is none of allocator, [^\n]*\n$/),
    })
    const corpus = place.at('corpus-of-others')
    mkdirSync(corpus)
    writeFileSync(`${corpus}/allocator--no-leaks-1.jsonl`, '{"reheap":1}\n{"kind":"Mark","label":"mine"}\n')
    const kept = reheap(['check', '--mechanism', 'allocator', '--runs', '1', '--corpus', corpus])
    expect(kept.status).toBe(2)
    expect(kept.stderr).toMatch(/^reheap: .*allocator--no-leaks-1\.jsonl: line 2: [^\n]*; remove the file, or mend it\n$/)
  })
})

test('[C164] a failure tells the law, the steps in words, where it fails and how to find it again; it is kept and tried first', () => {
  const [bug] = BUGS
  const corpus = place.at('corpus')
  const args = ['check', '--mechanism', 'allocator', '--seed', '1', '--corpus', corpus, '--workers', '2']
  const found = planted(bug?.name ?? '', args, place.at('.'))
  expect(found.status).toBe(1)
  expect(found.stdout).toMatch(/^allocator: .* does not hold: /)
  expect(found.stdout).toMatch(/ {2}\d+ {2}malloc\(\d+\) gives block \d+ \(\w+\)/)
  expect(found.stdout).toContain('  <- with this one')
  expect(found.stdout).toMatch(/reheap replay counterexample\.arrows --until \d+/)
  expect(found.stdout).toContain('again: reheap check --mechanism allocator --seed 1\n')
  expect(existsSync(place.at('counterexample.arrows'))).toBe(true)
  expect(readdirSync(corpus)).toHaveLength(1)
  const again = planted(bug?.name ?? '', [...args.slice(0, -2), '--runs', '1', '--workers', '1', '--json'], place.at('.'))
  // The first works are those of the kept case: no program had to be made.
  expect(JSON.parse(again.stdout)).toMatchObject({ kept: 11, mechanisms: [{ mechanism: 'allocator', programs: expect.any(Number) }] })
  expect(JSON.parse(again.stdout).mechanisms[0].programs).toBeLessThan(11 * 20)
  const mended = reheap(['check', '--mechanism', 'allocator', '--runs', '1', '--corpus', corpus], { cwd: place.at('.') })
  expect(mended.status).toBe(0)
}, 120_000)

test('[C165] --complete fails a check in which a state of interest was never met', () => {
  const { status, stdout } = reheap(['check', '--mechanism', 'refcount', '--runs', '1', '--seed', '1', '--complete'])
  expect(status).toBe(1)
  expect(stdout).toMatch(/never met: refcount: /)
})
