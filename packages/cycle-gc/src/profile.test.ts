import { describe, expect, test } from 'vitest'
import { COLLECTIONS, profileOf } from '../test/scenario.ts'
import * as gc from './index.ts'

const { COLLECTOR_PROFILES, COLLECTOR_VERSIONS, collectorProfile } = gc

/** `gc.get_threshold()` of real interpreters right after their start. */
const STARTED: readonly (readonly [gc.CollectorVersion, readonly number[]])[] = [
  ['3.6', [700, 10, 10]],
  ['3.8', [700, 10, 10]],
  ['3.11', [700, 10, 10]],
  ['3.12.1', [700, 10, 10]],
  ['3.12', [700, 10, 10]],
  ['3.13', [2000, 10, 10]],
  ['3.14.2', [2000, 10, 0]],
  ['3.15', [2000, 10, 10]],
]

describe('profiles', () => {
  test.each(STARTED)('[G39] %s begins with the thresholds %j', (version, thresholds) => {
    expect(collectorProfile(version).thresholds).toEqual(thresholds)
  })

  test('[G39] each is found by its name, and every interpreter of the recordings has one', () => {
    expect([...COLLECTOR_PROFILES.keys()]).toEqual(COLLECTOR_VERSIONS.map((version) => `cpython-${version}`))
    const interpreters = new Set(Object.values(COLLECTIONS).flatMap((entries) => entries.flatMap((entry) => entry.interpreters)))
    const names = [...interpreters].map((interpreter) => profileOf(gc, interpreter).name)
    expect(names.every((name) => COLLECTOR_PROFILES.has(name))).toBe(true)
  })

  test('[G39] 3.14.0 to 3.14.4 are incremental, those before and after them are not', () => {
    const incremental = COLLECTOR_VERSIONS.filter((version) => collectorProfile(version).policy === gc.incrementalPolicy)
    expect(incremental).toEqual(['3.14.0', '3.14.1', '3.14.2', '3.14.3', '3.14.4'])
  })
})
