import { test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { tries } from '../../../scripts/tests/effort.ts'
import * as refcount from '../src/index.ts'
import { difference } from './comparison.ts'
import { PROFILES, tiny } from './heap.ts'
import { arbitrarySteps } from './programs.ts'

const RUNS = Number(process.env.REFCOUNT_RUNS ?? tries(300))

describe.each(PROFILES.map((profile) => [profile.name, tiny(profile)] as const))(
  '%s with small free lists and a shallow trashcan',
  (_, profile) => {
    test.prop([arbitrarySteps], { numRuns: RUNS })(
      '[R40] every request has the same facts, calls and rejections as in the naive model',
      (steps) => {
        expect(difference(refcount, profile, steps)).toBe(null)
      },
    )
  },
)
