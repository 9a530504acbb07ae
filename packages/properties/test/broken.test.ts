import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { lawsOf } from '../src/index.ts'
import { FLAWS, type Flaw, shelfSubject } from './shelf.ts'

const folder = mkdtempSync(join(tmpdir(), 'reheap-laws-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const lawOfShelf = (flaw: Flaw | null, name: string) => {
  const law = lawsOf(shelfSubject(flaw)).find((one) => one.name.endsWith(`: ${name}`))
  if (law === undefined) throw new Error(`no law is called ${name}`)
  return law
}

/** Each law by its rule, and a flaw that breaks it. */
const BROKEN: readonly (readonly [rule: string, name: string, flaw: Flaw])[] = [
  ['P7', 'determinism', 'answers differently each time'],
  ['P8', 'batch is one by one', 'counts batches'],
  ['P9', 'fold is the mechanism', 'forgets where it was in a batch'],
  ['P10', 'a sealed state never changes', 'shares memory with the state that it came from'],
  ['P11', 'rejection leaves the state unchanged', 'writes before it rejects'],
  ['P11', 'rejection leaves the state unchanged', 'gives the wrong reason'],
  ['P12', 'snapshot and replay is replay', 'counts from its last thaw'],
  ['P13', 'invariants', 'holds a thing twice'],
  ['P14', 'agreement with the naive model', 'says a byte too many'],
  ['P15', 'encode and decode', 'writes thing and bytes the wrong way round'],
  ['P16', 'conservation', 'returns fewer bytes than it gave'],
  ['P17', 'no leaks', 'never lets the last thing go'],
]

describe.each(BROKEN)('[%s] %s', (_, name, flaw) => {
  test(`holds for a sound mechanism and not for one that ${flaw}`, () => {
    lawOfShelf(null, name).run({ runs: 300, seed: 1, folder })
    expect(() => lawOfShelf(flaw, name).run({ runs: 300, seed: 1, folder })).toThrow(`${name} does not hold`)
  })
})

test('[P18] every law and every flaw is tried', () => {
  expect(new Set(BROKEN.map(([, name]) => `shelf: ${name}`))).toEqual(new Set(lawsOf(shelfSubject()).map(({ name }) => name)))
  expect(new Set(BROKEN.map(([, , flaw]) => flaw))).toEqual(new Set(FLAWS))
})

function failure(options: Parameters<ReturnType<typeof lawOfShelf>['run']>[0]): string {
  try {
    lawOfShelf('never lets the last thing go', 'no leaks').run({ folder, ...options })
  } catch (error) {
    return (error as Error).message
  }
  return 'held'
}

test('[P19] a failure says what is wrong, how it was found and how to find it again', () => {
  const message = failure({ seed: 7 })
  expect(message.split('\n')).toEqual([
    'shelf that never lets the last thing go: no leaks does not hold: 1 things remain',
    'law: when everything is given back, nothing remains that the setting does not keep on purpose',
    expect.stringMatching(/^counterexample: 1 requests in .*no-leaks-7\.jsonl$/),
    expect.stringMatching(/^ {2}0: put: thing 7, bytes \d$/),
    expect.stringMatching(/^again with: \{ seed: 7, path: '[\d:]+' \} \(run \d+, shrunk \d+ times\)$/),
  ])
  const path = /path: '([\d:]+)'/.exec(message)?.[1] as string
  expect(failure({ seed: 7, path })).toMatch('1 things remain')
})

test('[P20] the shrunk program is in the file that the message names', () => {
  const message = failure({ seed: 8 })
  const file = /in (\S.*\.jsonl)/.exec(message)?.[1] as string
  expect(existsSync(file)).toBe(true)
  expect(readFileSync(file, 'utf8')).toMatch(/^\{"kind":"Put","thing":7,"bytes":\d\}\n$/)
})

test('[P20] a law that holds writes nothing', () => {
  const before = readdirSync(folder)
  for (const law of lawsOf(shelfSubject())) law.run({ runs: 20, folder })
  expect(readdirSync(folder)).toEqual(before)
})
