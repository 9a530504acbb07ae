/**
 * Records real programs with every CPython of this machine, verifies each recording, and prints the table.
 *
 * usage: node scripts/record-all.mjs [--python PATH]... [--program NAME]... [--keep FOLDER]
 *   --python PATH   this interpreter, and no others but those named likewise (default: all that are found)
 *   --program NAME  this program, and no others but those named likewise
 *   --keep FOLDER   keep each recording as FOLDER/cpython-VERSION-BITS-NAME.jsonl.gz
 *
 * Exit 1 if a recording has a mismatch or cannot be made.
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { gunzipSync, gzipSync } from 'node:zlib'
import { askInterpreter, findPythons } from '../packages/recorder/dist/index.js'

const CLI = fileURLToPath(new URL('../packages/cli/dist/main.js', import.meta.url))
const program = (name) => fileURLToPath(new URL(`programs/${name}.py`, import.meta.url))

/** What is recorded: the first candidate that this interpreter runs. */
const PROGRAMS = {
  hello: [[program('hello')]],
  churn: [[program('churn')]],
  json: [[program('json_trips')]],
  compile: [[program('compile_library')]],
  stress: [[program('stress')]],
  tool: [
    ['-m', 'IPython', '--no-banner', '--quick', '-c', 'print(sum(range(1000)))'],
    ['-m', 'pytest', '--fixtures', '-q'],
    ['-m', 'pip', 'list', '--disable-pip-version-check'],
    ['-m', 'pydoc', 'json'],
  ],
}

const { values } = parseArgs({
  options: { python: { type: 'string', multiple: true }, program: { type: 'string', multiple: true }, keep: { type: 'string' } },
})
const pythons = values.python === undefined ? findPythons() : values.python.map(interpreterAt)
const names = values.program ?? Object.keys(PROGRAMS)
const folder = mkdtempSync(join(tmpdir(), 'reheap-record-'))
if (values.keep !== undefined) mkdirSync(values.keep, { recursive: true })
process.exitCode = 0
try {
  console.log(row(['python', 'bits', 'program', 'events', 'observations', 'mismatches', 'log', 'command']))
  for (const python of pythons) for (const name of names) console.log(row(recordOne(python, name)))
  if (pythons.length === 0) fail('no CPython was found on PATH or in PYENV_ROOT: install one, or name one with --python')
} finally {
  rmSync(folder, { recursive: true, force: true })
}

function interpreterAt(path) {
  const asked = askInterpreter(path)
  if (asked._tag === 'Right') return asked.right
  console.error(`record-all: ${asked.left.message}`)
  process.exit(2)
}

function fail(message) {
  console.error(`record-all: ${message}`)
  process.exitCode = 1
}

function row(cells) {
  const widths = [8, 4, 8, 10, 12, 10, 9, 0]
  return cells
    .map((cell, place) => (place > 2 && place < 7 ? String(cell).padStart(widths[place]) : String(cell).padEnd(widths[place])))
    .join('  ')
}

/** Runs the command; its two streams as text. */
function reheap(args) {
  return spawnSync(process.execPath, [CLI, ...args], { encoding: 'utf8', maxBuffer: 256 * 1024 * 1024, input: '' })
}

/** Records and verifies one program; the row of the table. */
function recordOne(python, name) {
  const args = PROGRAMS[name].find((candidate) => runs(python.command, candidate))
  const bits = python.pointerBits
  if (args === undefined) return [python.version, bits, name, '-', '-', '-', '-', 'none of its commands runs here']
  const log = join(values.keep ?? folder, `cpython-${python.version}-${bits}-${name}.jsonl.gz`)
  const recorded = reheap(['record', '--force', '--python', python.command, '-o', log, '--', ...args])
  const shown = args.map((arg) => arg.split('/').at(-1)).join(' ')
  if (recorded.status !== 0) {
    fail(`${python.version} ${name}: ${recorded.stderr.trim().split('\n').at(-1)}`)
    return [python.version, bits, name, '-', '-', 'failed', '-', shown]
  }
  const verified = reheap(['verify', log, '--json'])
  const report = verified.status === 2 ? null : JSON.parse(verified.stdout)
  if (report === null || report.mismatches > 0)
    fail(`${python.version} ${name}: ${report === null ? verified.stderr.trim() : JSON.stringify(report.first[0])}`)
  const kilobytes = `${Math.round(statSync(log).size / 1024)} KiB`
  if (values.keep === undefined) rmSync(log)
  else nameCommand(log, `python${python.version} ${shown}`)
  return [
    python.version,
    bits,
    name,
    report?.events ?? '-',
    report?.observations ?? '-',
    report?.mismatches ?? 'rejected',
    kilobytes,
    shown,
  ]
}

/** Writes a kept recording's header anew, with a command that names no folder of this machine. */
function nameCommand(log, command) {
  const text = gunzipSync(readFileSync(log)).toString('latin1')
  const end = text.indexOf('\n')
  const header = { ...JSON.parse(text.slice(0, end)), command }
  writeFileSync(log, gzipSync(Buffer.from(JSON.stringify(header) + text.slice(end), 'latin1'), { level: 9 }))
}

function runs(command, args) {
  return args[0] !== '-m' || spawnSync(command, args, { stdio: 'ignore', input: '' }).status === 0
}
