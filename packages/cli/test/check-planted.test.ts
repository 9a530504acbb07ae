import { afterAll, describe, expect, test } from 'vitest'
import { BUGS } from '../../../scripts/planted/bugs.mjs'
import { findPlanted } from '../../../scripts/planted/plant.mjs'
import { workplace } from './command.ts'

const place = workplace()
afterAll(place.remove)

describe.each(BUGS.filter((bug, at) => BUGS.findIndex(({ mechanism }) => mechanism === bug.mechanism) === at))(
  'a bug planted in $mechanism: $name',
  (bug) => {
    test('[C163] is found, shrunk to at most 20 steps, and opened by stats, replay and verify', () => {
      const { fault, finding } = findPlanted(bug, { seed: 1, seconds: 60, folder: place.at('.') })
      expect(fault).toBeNull()
      expect(finding?.steps.length).toBeLessThanOrEqual(20)
      expect(finding?.law).toMatch(new RegExp(`^${bug.mechanism}: `))
    }, 120_000)
  },
)
