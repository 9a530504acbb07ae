import { describe, expect, test } from 'vitest'
import * as gc from '../src/index.ts'
import { COLLECTIONS, play, SCENARIOS } from './scenario.ts'

describe.each(SCENARIOS)('$name', (scenario) => {
  const entries = (COLLECTIONS[scenario.name] ?? []).flatMap(({ interpreters, observed }) =>
    interpreters.map((name) => [name, observed] as const),
  )

  test('[G30] was observed', () => expect(entries.length).toBeGreaterThan(0))

  test.each(entries)('[G30] as on %s', (interpreter, observed) => {
    expect(play(gc, scenario, interpreter)).toEqual(observed)
  })
})
