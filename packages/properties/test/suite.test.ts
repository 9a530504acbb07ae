import { expect, test } from 'vitest'
import { lawsOf, registerLaws } from '../src/index.ts'
import { shelfSubject } from './shelf.ts'

test("[P18] the laws are those of any reducer: a subject of one's own passes them", () => {
  for (const law of lawsOf(shelfSubject())) law.run({ runs: 200 })
})

test('[P22] each law becomes one test under its own name, and its options reach it', () => {
  const laws = lawsOf(shelfSubject())
  const registered: [string, () => void][] = []
  registerLaws((name, run) => registered.push([name, run]), laws, { runs: 3 })
  expect(registered.map(([name]) => name)).toEqual(laws.map(({ name }) => name))
  for (const [, run] of registered) run()
})
