/**
 * The nightly: `node scripts/fuzz.mjs [--minutes N] [--seed N]`, after a build. The same seed makes the same programs, logs
 * and files; how many of them there are is what the minutes allow.
 *
 * 1. A canary: a planted bug must be found, or nothing of the rest means anything.
 * 2. A thread of a check is killed: the check must come to the same.
 * 3. Every mechanism and the whole machine by `reheap check`, with refused mappings, torn logs, small and changing
 *    capacities. A state of interest that a mechanism never came to in a thousand programs of each law is a failure too: how many
 *    programs a night has depends on the machine. What is found is kept in `counterexamples`.
 * 4. Damaged logs, opened by the verbs; broken snapshots, read by the decoder.
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { fuzzLogs } from './fuzz/damaged-logs.mjs'
import { BUGS } from './planted/bugs.mjs'
import { reheap } from './planted/plant.mjs'

const { default: fc } = await import(createRequire(import.meta.url).resolve('fast-check'))

const { values } = parseArgs({ options: { minutes: { type: 'string', default: '10' }, seed: { type: 'string', default: '1' } } })
/** Programs of each law after which every state of interest should have been met. */
const COMPLETE_PROGRAMS = 1000
const minutes = Number(values.minutes)
const seed = Number(values.seed)
if (!(minutes > 0) || !Number.isSafeInteger(seed) || seed < 0) {
  console.error('fuzz: --minutes takes a number above 0, --seed a whole number')
  process.exit(2)
}
const kept = resolve('counterexamples')
mkdirSync(kept, { recursive: true })
const folder = mkdtempSync(join(tmpdir(), 'reheap-fuzz-'))
const failures = []

/** One part of the night. @param work gives what is wrong, or null */
function part(name, work) {
  const started = performance.now()
  const fault = work()
  const seconds = ((performance.now() - started) / 1000).toFixed(0)
  console.log(`${name}: ${fault === null ? 'good' : 'FAILED'}, ${seconds} s`)
  if (fault !== null) failures.push(`${name}: ${fault}`)
}

function canary() {
  const [bug] = BUGS
  const { status } = reheap(bug.name, ['check', '--mechanism', bug.mechanism, '--time', '60', '--seed', String(seed)], folder)
  return status === 1 ? null : `"${bug.name}" was planted in ${bug.mechanism} and not found: the check proves nothing`
}

function killedWorkers() {
  const kill = new URL('./fuzz/kill-workers.mjs', import.meta.url).href
  const args = ['check', '--mechanism', 'allocator,event-log', '--runs', '20', '--seed', String(seed), '--workers', '2', '--json']
  const cli = fileURLToPath(new URL('../packages/cli/dist/main.js', import.meta.url))
  const [killed, whole] = [['--import', kill], []].map((loader) => {
    const { stdout, stderr } = spawnSync(process.execPath, [...loader, cli, ...args], { cwd: folder, encoding: 'utf8' })
    if (stdout === '') return stderr.trim()
    return JSON.stringify({ ...JSON.parse(stdout), seconds: 0 })
  })
  return killed === whole ? null : `with a killed thread: ${killed}; without: ${whole}`
}

function mechanisms() {
  const time = String(Math.max(5, minutes * 60 * 0.6))
  const output = ['-o', join(kept, 'counterexample.arrows'), '--json']
  const { stdout, stderr } = reheap(null, ['check', '--time', time, '--seed', String(seed), '--corpus', kept, ...output], folder)
  if (stdout === '') return stderr.trim()
  const { mechanisms: tried, finding } = JSON.parse(stdout)
  if (finding !== null) return `${finding.law} does not hold: ${finding.message}; kept as ${finding.keptAs}`
  const unmet = tried.flatMap(neverMet)
  return unmet.length === 0 ? null : `never met: ${unmet.join('; ')}`
}

/** Prints how often a mechanism came to each state. @returns those that it should have come to and did not */
function neverMet({ mechanism, laws, programs, sightings }) {
  const states = Object.entries(sightings)
  const unmet = states.filter(([, times]) => times === 0).map(([state]) => `${mechanism}: ${state}`)
  const isComplete = programs / laws >= COMPLETE_PROGRAMS
  console.log(
    `${mechanism}: ${laws} laws, ${programs} programs${isComplete || unmet.length === 0 ? '' : ', too few to come to every state'}`,
  )
  for (const [state, times] of states) console.log(`  ${state}: ${times === 0 ? 'never' : times}`)
  return isComplete ? unmet : []
}

function damagedLogs() {
  const { logs, fault } = fuzzLogs(fc, { folder, seed, until: Date.now() + minutes * 60_000 * 0.15 })
  console.log(`${logs} damaged logs were opened`)
  return fault
}

function snapshots() {
  const script = fileURLToPath(new URL('./fuzz/snapshot.mjs', import.meta.url))
  const options = ['--minutes', String(minutes * 0.15), '--seed', String(seed)]
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...options], { encoding: 'utf8' })
  console.log(stdout.trim())
  return status === 0 ? null : stderr.trim()
}

try {
  part('canary', canary)
  part('killed workers', killedWorkers)
  part('mechanisms', mechanisms)
  part('damaged logs', damagedLogs)
  part('broken snapshots', snapshots)
} finally {
  rmSync(folder, { recursive: true, force: true })
}
for (const failure of failures) console.error(failure)
console.log(failures.length === 0 ? `nothing was found; seed ${seed}` : `again: node scripts/fuzz.mjs --minutes ${minutes} --seed ${seed}`)
process.exitCode = failures.length === 0 ? 0 : 1
