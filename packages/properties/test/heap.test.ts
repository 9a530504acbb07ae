import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { test } from 'vitest'
import { collectedHeap, heapPrograms, heapSubject, lawsOf, objectsAlone, registerLaws, tinySettings } from '../src/index.ts'

const folder = mkdtempSync(`${tmpdir()}/laws-`)
registerLaws(test, lawsOf(heapSubject(objectsAlone(), heapPrograms(tinySettings, false))), { runs: 60, seed: 1, folder })
registerLaws(test, lawsOf(heapSubject(collectedHeap())), { runs: 60, seed: 1, folder })
