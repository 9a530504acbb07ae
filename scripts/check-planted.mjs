/**
 * Plants each bug of scripts/planted/bugs.mjs and has `reheap check` look for it: `node scripts/check-planted.mjs [--seed N]`,
 * after a build. A table says how long it took and how short the counterexample is.
 *
 * Exit 1: one was not found within 60 seconds on 2 threads, is longer than 20 steps, or is no log that the verbs open.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { BUGS } from './planted/bugs.mjs'
import { findPlanted } from './planted/plant.mjs'

const SECONDS = 60
const STEPS_MAX = 20

const { values } = parseArgs({ options: { seed: { type: 'string', default: '1' }, mechanism: { type: 'string' } } })
const folder = mkdtempSync(join(tmpdir(), 'reheap-planted-'))
let failed = 0
try {
  console.log(`${'mechanism'.padEnd(14)} ${'planted bug'.padEnd(50)} seconds  steps  found by`)
  for (const bug of BUGS.filter(({ mechanism }) => values.mechanism === undefined || values.mechanism === mechanism)) {
    const { fault, finding, seconds } = findPlanted(bug, { seed: Number(values.seed), seconds: SECONDS, folder })
    const steps = finding?.steps.length ?? 0
    const isGood = fault === null && steps <= STEPS_MAX && seconds <= SECONDS
    if (!isGood) failed++
    const found = `${seconds.toFixed(1).padStart(7)}  ${String(steps).padStart(5)}  ${finding?.law.replace(/^[^:]*: /, '') ?? ''}`
    console.log(`${bug.mechanism.padEnd(14)} ${bug.name.padEnd(50)} ${found}${isGood ? '' : `  FAILED: ${fault ?? 'too long'}`}`)
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
process.exitCode = failed === 0 ? 0 : 1
