import { describe, expect, test } from 'vitest'
import * as gc from '../src/index.ts'
import { TRIGGERED, TRIGGERS, trigger } from './trigger.ts'

describe.each(TRIGGERS)('$name', (scenario) => {
  const entries = (TRIGGERED[scenario.name] ?? []).flatMap(({ interpreters, observed }) =>
    interpreters.map((name) => [name, observed] as const),
  )

  test('[G31] was observed', () => expect(entries.length).toBeGreaterThan(0))

  test.each(entries)('[G31] as on %s', (interpreter, observed) => {
    const { events, olderCounts } = observed
    expect(trigger(gc, scenario, interpreter, observed)).toEqual({ events, olderCounts })
  })
})
