/**
 * Records real programs with everything that they ask of the C library and the system, replays each recording, and compares every sampled size.
 *
 * usage: node scripts/compare-resident.mjs [--python PATH] [--program NAME]... [--sample-every CALLS] [--keep FOLDER]
 *   --python PATH         the interpreter (default: python3)
 *   --program NAME        this program, and no others but those named likewise
 *   --sample-every CALLS  look at the process about every so many calls (default: 5000)
 *   --keep FOLDER         keep each recording as FOLDER/cpython-VERSION-native-NAME.jsonl.gz
 *
 * Exit 1 if a size is further off than a verification allows, or a recording cannot be made.
 */
import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { gunzipSync } from 'node:zlib'
import { askInterpreter } from '../packages/recorder/dist/index.js'

const CLI = fileURLToPath(new URL('../packages/cli/dist/main.js', import.meta.url))
const program = (name) => fileURLToPath(new URL(`programs/${name}.py`, import.meta.url))
const PROGRAMS = {
  array: [program('array')],
  churn: [program('churn')],
  json: [program('json_trips')],
  text: [program('text')],
  compile: [program('compile_library')],
  stress: [program('stress')],
  pytest: ['-m', 'pytest', '--fixtures', '-q'],
}
const COLUMNS = [
  'program',
  'events',
  'samples',
  'rss: median',
  '9 of 10',
  'worst',
  'bytes',
  'peak',
  'heap equal',
  'addresses',
  'M events/s',
  'x own time',
]

const { values } = parseArgs({
  options: {
    python: { type: 'string', default: 'python3' },
    program: { type: 'string', multiple: true },
    'sample-every': { type: 'string', default: '5000' },
    keep: { type: 'string' },
  },
})
const asked = askInterpreter(values.python)
if (asked._tag === 'Left') {
  console.error(`compare-resident: ${asked.left.message}`)
  process.exit(2)
}
const python = asked.right
const folder = mkdtempSync(join(tmpdir(), 'reheap-resident-'))
if (values.keep !== undefined) mkdirSync(values.keep, { recursive: true })
process.exitCode = 0
try {
  console.log(`CPython ${python.version}, ${process.platform}`)
  console.log(row(COLUMNS))
  for (const name of values.program ?? Object.keys(PROGRAMS)) console.log(row(compareOne(name)))
} finally {
  rmSync(folder, { recursive: true, force: true })
}

function row(cells) {
  const widths = [8, 10, 8, 12, 8, 8, 11, 8, 10, 9, 10, 10]
  return cells.map((cell, place) => (place === 0 ? String(cell).padEnd(widths[0]) : String(cell).padStart(widths[place]))).join('  ')
}

/** Records, replays and compares one program; its row of the table. */
function compareOne(name) {
  const args = PROGRAMS[name]
  const own = timed(python.command, args)
  if (own.status !== 0) return [name, ...COLUMNS.slice(2).map(() => '-'), 'does not run here']
  const log = join(folder, `${name}.arrows`)
  const lines = join(folder, `${name}.jsonl.gz`)
  const recorded = reheap([
    'record',
    '--native',
    '--force',
    '--sample-every',
    values['sample-every'],
    '--python',
    python.command,
    '-o',
    log,
    '--',
    ...args,
  ])
  if (recorded.status !== 0) return failed(name, recorded.stderr)
  const start = timed(process.execPath, [CLI, '--version'])
  const verified = timed(process.execPath, [CLI, 'verify', log, '--json'])
  if (verified.status === 2) return failed(name, verified.stderr)
  const { events, mismatches, first, host } = JSON.parse(verified.stdout)
  if (mismatches > 0) failed(name, JSON.stringify(first[0]))
  reheap(['export', log, '-o', lines])
  if (values.keep !== undefined) copyFileSync(lines, join(values.keep, `cpython-${python.version}-native-${name}.jsonl.gz`))
  const sizes = Object.fromEntries(host.errors.map((error) => [error.of, error]))
  const rss = sizes['hostMemory.rssBytes']
  const replayed = verified.seconds - start.seconds
  return [
    name,
    events,
    rss.compared,
    percent(rss.medianShare),
    percent(rss.tenthShare),
    percent(rss.maxShare),
    rss.maxBytes,
    percent(lastPeakError(log, lines)),
    sizes['hostMemory.heapBytes'].maxBytes === 0 ? 'yes' : 'no',
    percent(host.addresses.exact / host.addresses.compared),
    (events / replayed / 1e6).toFixed(1),
    (replayed / own.seconds).toFixed(2),
  ]
}

/** How far the peak at the last sample is from the real one. */
function lastPeakError(log, lines) {
  const events = gunzipSync(readFileSync(lines)).toString('latin1').split('\n')
  const last = events.findLastIndex((line) => line.includes('"of":"hostMemory"'))
  const { peakBytes } = JSON.parse(events[last]).values
  const { host } = JSON.parse(reheap(['replay', log, '--until', String(last - 1), '--json']).stdout)
  return Math.abs(host.processes[0].peakBytes / peakBytes - 1)
}

function percent(share) {
  return `${(100 * share).toFixed(2)} %`
}

function failed(name, message) {
  console.error(`compare-resident: ${name}: ${message.trim().split('\n').at(-1)}`)
  process.exitCode = 1
  return [name, ...COLUMNS.slice(2).map(() => '-'), 'failed']
}

function reheap(args) {
  return spawnSync(process.execPath, [CLI, ...args], { encoding: 'utf8', maxBuffer: 1 << 28, input: '' })
}

function timed(command, args) {
  const begun = performance.now()
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 1 << 28, input: '' })
  return { status, stdout, stderr, seconds: (performance.now() - begun) / 1000 }
}
