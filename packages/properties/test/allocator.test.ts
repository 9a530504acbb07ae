import { test } from 'vitest'
import { allocatorSubject, lawsOf, registerLaws } from '../src/index.ts'

registerLaws(test, lawsOf(allocatorSubject()), { runs: 100, folder: '/tmp/ce' })
