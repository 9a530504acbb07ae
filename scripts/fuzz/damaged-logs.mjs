/** Damages a stored recording and has verbs open it: each ends as it should or refuses it in one line. */
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { damaged, damages } from '../../packages/properties/dist/index.js'
import { reheap } from '../planted/plant.mjs'

const HELLO = fileURLToPath(new URL('../../packages/trace/test/fixtures/cpython-3.11-hello.jsonl.gz', import.meta.url))
const VERBS = [['verify', '--allow-torn'], ['replay', '--allow-torn'], ['stats', '--allow-torn'], ['verify']]
/** Exits of a verb that ended by itself. */
const EXITS = [0, 1, 2]

/** What is wrong with how a verb ended, or null. */
function faultOf({ status, stderr }) {
  if (!EXITS.includes(status)) return `it ended with ${status}`
  if (stderr.includes('a fault of this program')) return stderr.split('\n')[0]
  const lines = stderr.trimEnd().split('\n')
  return status === 2 && lines.at(-1) === '' ? 'it was refused without a line' : null
}

/** Damages and opens until the time is over. @param fc of fast-check @returns how many logs were opened, and what was wrong with one */
export function fuzzLogs(fc, { folder, seed, until }) {
  const stored = `${folder}/hello.arrows`
  const made = reheap(null, ['import', HELLO, '-o', stored, '--force'], folder)
  if (made.status !== 0) return { logs: 0, fault: made.stderr.trim() }
  const whole = readFileSync(stored)
  const target = `${folder}/damaged.arrows`
  for (let logs = 0; ; logs++) {
    if (Date.now() > until && logs > 0) return { logs, fault: null }
    const done = fc.sample(fc.array(damages, { minLength: 1, maxLength: 2 }), { numRuns: 1, seed: seed + logs })[0]
    writeFileSync(target, done.reduce(damaged, whole))
    const [verb, ...options] = VERBS[logs % VERBS.length]
    const fault = faultOf(reheap(null, [verb, target, ...options], folder))
    if (fault !== null) return { logs, fault: `${verb} ${options.join(' ')} of a log with ${JSON.stringify(done)}: ${fault}` }
  }
}
