import { describe, expect, test } from 'vitest'
import * as gc from '../src/index.ts'
import { TRIGGERED, TRIGGERS, trigger } from './trigger.ts'

/** Which programs show which rule. */
const SHOWN: Readonly<Record<string, readonly string[]>> = {
  '[G1] the young count': ['objects that die take the count back', 'the count never falls below 0', 'cycles do not take it back'],
  '[G2] counts of tracked objects': ['objects that die take the count back', 'cycles do not take it back'],
  '[G3] counts of older generations': ['manual collections count as well', 'the oldest generation above its threshold is collected'],
  '[G4] what makes a collection due': [
    'the young count must be above its threshold',
    'a threshold of 0 switches automatic collections off',
    'a threshold of 1',
    'a disabled collector counts on',
  ],
  '[G5] inside the allocation': ['the young count must be above its threshold', 'one collection at most behind one call'],
  '[G6] at the eval breaker': ['one collection at most behind one call', 'what is due when the collector is disabled'],
  '[G7] the generation': [
    'the oldest generation above its threshold is collected',
    'a threshold of 0 for generation 1 alternates',
    'cycles that were promoted wait',
  ],
  '[G8] the quarter': [
    'a full collection waits for a quarter of the long-lived objects',
    'a full collection right away, where nothing is long-lived enough',
  ],
  '[G9] pending and long-lived objects': [
    'a full collection waits for a quarter of the long-lived objects',
    'frozen objects are not long-lived',
  ],
  '[G10] while disabled': ['frozen objects are not long-lived'],
  '[G11] due inside a collection': ['what is due when gc.collect is called', 'what is due when gc.collect of the youngest is called'],
  '[G12] objects from before': ['a full collection waits for a quarter of the long-lived objects', 'frozen objects are not long-lived'],
  '[G29] the info dict behind emptied free lists': ['a full collection right away, where nothing is long-lived enough'],
  '[G30] freezing': ['freezing sets the counts to 0', 'frozen objects are not long-lived'],
  '[G33] automatic increments': ['the young count must be above its threshold', 'manual collections count as well'],
}

describe.each(Object.entries(SHOWN))('%s', (_, names) => {
  const programs = TRIGGERS.filter(({ name }) => names.includes(name))
  const cases = programs.flatMap((program) =>
    (TRIGGERED[program.name] ?? []).flatMap(({ interpreters, observed }) =>
      interpreters.map((interpreter) => [program.name, interpreter, program, observed] as const),
    ),
  )

  test.each(cases)('%s, as on %s', (_name, interpreter, program, observed) => {
    const { events, olderCounts } = observed
    expect(trigger(gc, program, interpreter, observed)).toEqual({ events, olderCounts })
  })
})

test('[G52] every program was observed on seven interpreters or more, and shows a rule', () => {
  const shown = Object.values(SHOWN).flat()
  for (const { name } of TRIGGERS) {
    expect(shown, name).toContain(name)
    expect((TRIGGERED[name] ?? []).flatMap((entry) => entry.interpreters).length, name).toBeGreaterThanOrEqual(7)
  }
})
