/** The suite as the README gives it to users of vitest. */

import { allocatorPrograms, allocatorSubject, lawsOf, realProfiles, registerLaws } from '@reheap/properties'
import { test } from 'vitest'

registerLaws(test, lawsOf(allocatorSubject()), { runs: 200 })
registerLaws(test, lawsOf(allocatorSubject(allocatorPrograms(realProfiles))), { runs: 10 })
