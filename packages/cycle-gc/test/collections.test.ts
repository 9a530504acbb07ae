import { describe, expect, test } from 'vitest'
import * as gc from '../src/index.ts'
import { COLLECTIONS, play, SCENARIOS } from './scenario.ts'

/** Which scenarios show which rule. */
const SHOWN: Readonly<Record<string, readonly string[]>> = {
  '[G3] counts': ['counts of manual collections'],
  '[G13] tracked objects go behind generation 0': ['survivors grow older, one generation at a time'],
  '[G14] the order of a region': [
    'the collected generation comes first, then the younger ones',
    'generation 1 takes generation 0 behind its own',
  ],
  '[G15] what is unreachable': [
    'a cycle of two lists',
    'a cycle held by its second object lives',
    'garbage in an older generation waits for it',
    'young garbage held by old garbage waits for the older collection',
  ],
  '[G16] the order of the search': [
    'children made before their parent are set aside and come back behind it',
    'a tuple is gone through from its last item',
    'a dict is gone through in the order of its keys',
    'slots are gone through by name',
    'a chain of three, youngest held',
    'finalizers run in the order that the search left',
  ],
  '[G17] survivors': ['a chain of three, oldest held', 'survivors grow older, one generation at a time'],
  '[G19] tuples': [
    'tuples of atoms leave the collector with any collection',
    'a tuple inside a younger tuple, and an older one around a younger',
  ],
  '[G20] dicts': ['dicts of atoms leave it with full collections', 'a dict that holds a dict stays'],
  '[G21] weak references': [
    'weak references of garbage are cleared first and called in order',
    'a weak reference inside the garbage is not called',
    'a called weak reference goes behind the survivors',
    'a weak reference with a callback to a live object, itself garbage',
    'weak references of fixed count are called',
  ],
  '[G18] fixed counts': ['an object of fixed count'],
  '[G22] weak references without a callback': [
    'weak references without a callback while finalizers run',
    'a weak reference without a callback to an object that comes back',
  ],
  '[G23] finalizers': ['finalizers run in the order of the list', 'a finalizer runs once in a life'],
  '[G24] resurrection': [
    'one object comes back to life',
    'what a resurrected object leads to lives on',
    'what refers to a resurrected object does not live on',
  ],
  '[G25] resurrection up to 3.8': ['one object comes back to life', 'what refers to a resurrected object does not live on'],
  '[G26] clearing': ['lists are cleared from their end, dicts and slots from their start'],
  '[G27] old-style finalizers': [
    'cycles through an old-style finalizer are uncollectable',
    'the rest of a region with uncollectable objects is collected',
  ],
  '[G28] SAVEALL': ['garbage is kept with SAVEALL'],
  '[G30] freezing': ['frozen objects are not looked at', 'what frozen objects hold lives'],
  '[G31] what is frozen at the start': ['what is frozen at the start'],
  '[G32] incremental generations': ['survivors grow older, one generation at a time'],
}

describe.each(Object.entries(SHOWN))('%s', (_, names) => {
  const scenarios = SCENARIOS.filter(({ name }) => names.includes(name))
  const cases = scenarios.flatMap((scenario) =>
    (COLLECTIONS[scenario.name] ?? []).flatMap(({ interpreters, observed }) =>
      interpreters.map((interpreter) => [scenario.name, interpreter, scenario, observed] as const),
    ),
  )

  test.each(cases)('%s, as on %s', (_name, interpreter, scenario, observed) => {
    expect(play(gc, scenario, interpreter)).toEqual(observed)
  })
})

test('[G52] every scenario was observed on ten interpreters or more, or by those that have what it needs, and shows a rule', () => {
  const shown = Object.values(SHOWN).flat()
  for (const { name, needs } of SCENARIOS) {
    expect(shown, name).toContain(name)
    const interpreters = (COLLECTIONS[name] ?? []).flatMap((entry) => entry.interpreters)
    expect(interpreters.length, name).toBeGreaterThanOrEqual(needs === undefined ? 12 : 6)
  }
})
