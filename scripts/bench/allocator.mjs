/**
 * Replays recorded logs through our reducer and through the native allocator of the same version of CPython, in one
 * run and in turn, and prints nanoseconds an event.
 *
 * usage, in a built checkout: node scripts/bench/allocator.mjs [--python PATH]... [--passes N] [LOG...]
 *   LOG            a log of CPython's allocator as JSON Lines, plain or gzip (default: the recordings of the repository)
 *   --python PATH  this interpreter, and no others but those named likewise (default: all on PATH and in PYENV_ROOT)
 *   --passes N     passes that are measured (default 21), each directly behind one of its own kind that is not
 *
 * A pass starts with an empty allocator and ends with the log; the columns are medians over the passes.
 *   native  the interpreter's PyObject_Malloc, Calloc, Realloc and Free (PyMem_Raw... in the RAW domain)
 *   muted   our reducer, for the state alone
 *   facts   our reducer, every fact written, as a verification does
 *   ratio   muted / native
 */
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { allocatorMechanism, emptyAllocator, recordedSystem } from '../../packages/allocator/dist/index.js'
import { Emit } from '../../packages/kernel/dist/index.js'
import { askInterpreter, findPythons } from '../../packages/recorder/dist/index.js'
import { startNativeReplay } from './native-replay.mjs'
import { EVENTS_MAX, nativeColumns, readRecordedLog } from './recorded-log.mjs'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const WARM_UP_ROUNDS = 5
const COLUMNS = ['log', 'events', 'python', 'native', 'muted', 'facts', 'facts/muted', 'ratio']

const { values, positionals } = options()
const passes = Number(values.passes)
if (!Number.isInteger(passes) || passes < 15) fail(`--passes ${values.passes}: a median needs 15 passes or more`)
const pythons = values.python === undefined ? findPythons() : values.python.map(interpreterAt)
const paths = positionals.length > 0 ? positionals : recordings()
if (pythons.length === 0) console.log('no CPython was found on PATH or in PYENV_ROOT: our own times only; name one with --python')

const folder = mkdtempSync(join(tmpdir(), 'reheap-bench-'))
try {
  printRow(COLUMNS)
  for (const path of paths) await benchmark(path)
} finally {
  rmSync(folder, { recursive: true, force: true })
}

function fail(message) {
  console.error(`bench: ${message}`)
  process.exit(2)
}

function options() {
  try {
    const known = { python: { type: 'string', multiple: true }, passes: { type: 'string', default: '21' } }
    return parseArgs({ options: known, allowPositionals: true })
  } catch (error) {
    return fail(error.message.split('. ')[0])
  }
}

function interpreterAt(path) {
  const asked = askInterpreter(path)
  return asked._tag === 'Right' ? asked.right : fail(asked.left.message)
}

/** The recordings that packages keep as fixtures. */
function recordings() {
  const folders = readdirSync(join(ROOT, 'packages')).map((name) => join(ROOT, 'packages', name, 'test', 'fixtures'))
  return folders.filter(existsSync).flatMap((fixtures) =>
    readdirSync(fixtures)
      .filter((name) => /^cpython-.*\.jsonl(\.gz)?$/.test(name))
      .map((name) => join(fixtures, name)),
  )
}

function printRow(cells) {
  const widths = [0, 9, 9, 7, 7, 7, 12, 7]
  const [name, ...figures] = cells
  console.log(`${figures.map((cell, place) => String(cell).padStart(widths[place + 1])).join(' ')}  ${name}`)
}

async function benchmark(path) {
  const log = await readRecordedLog(path).catch((error) => fail(error.message))
  const { native, why } = await nativeReplay(log)
  const empty = emptyAllocator(log.profile.allocator, recordedSystem())
  const times = { native: [], muted: [], facts: [] }
  const muted = new Emit({ muted: true })
  const loud = new Emit()
  const kinds = {
    native: native === null ? null : () => native.replay.pass(),
    muted: () => ourPass(log, empty, muted),
    facts: () => ourPass(log, empty, loud),
  }
  for (let round = 0; round < WARM_UP_ROUNDS + passes; round++) {
    for (const [name, pass] of Object.entries(kinds)) {
      if (pass === null) continue
      // The first pass only wakes the process and fills the caches.
      await pass()
      const took = await pass()
      if (round >= WARM_UP_ROUNDS) times[name].push(took)
    }
  }
  await native?.replay.end()
  const perEvent = (name) => median(times[name]) / log.events
  const ours = perEvent('muted')
  const facts = perEvent('facts')
  const [nativeCell, ratio] = native === null ? ['-', '-'] : [perEvent('native').toFixed(1), (ours / perEvent('native')).toFixed(2)]
  const count = `${log.events}${log.whole ? '' : '+'}`
  const name = relative(process.cwd(), path)
  printRow([name, count, native?.version ?? '-', nativeCell, ours.toFixed(1), facts.toFixed(1), (facts / ours).toFixed(2), ratio])
  if (why !== null) console.log(`  not replayed natively: ${why}`)
  if (!log.whole) console.log(`  the first batches of the log, at most ${EVENTS_MAX} events`)
}

/** The interpreter that answers for a log, started; or why there is none. */
async function nativeReplay(log) {
  const python = matching(log.runtime)
  if (python === undefined)
    return {
      native: null,
      why: `no CPython ${log.runtime.version} of ${log.runtime.pointerBits} bits, nor another of its minor version, is here`,
    }
  const columns = nativeColumns(log)
  if (columns === null) return { native: null, why: 'a request asks for 4 GiB or more' }
  try {
    const replay = startNativeReplay(python, columns, folder)
    await replay.pass()
    return { native: { replay, version: python.version }, why: null }
  } catch (error) {
    return { native: null, why: error.message }
  }
}

/** The interpreter of the very version, else another of its minor version with blocks of the same alignment. */
function matching({ version, pointerBits, alignmentBytes }) {
  const minor = version.split('.').slice(0, 2).join('.')
  const alike = pythons.filter(
    (python) =>
      python.pointerBits === pointerBits &&
      python.version.startsWith(`${minor}.`) &&
      (alignmentBytes === undefined || 512 / python.sizeClasses === alignmentBytes),
  )
  return alike.find((python) => python.version === version) ?? alike[0]
}

/** Nanoseconds of one replay. */
function ourPass(log, empty, emit) {
  const draft = allocatorMechanism.thaw(empty)
  const start = process.hrtime.bigint()
  for (const batch of log.batches) {
    const rejected = allocatorMechanism.applyBatch(draft, batch, 0, batch.length, emit)
    if (rejected >= 0) fail(`${log.path}: event ${batch.firstIndex + rejected} cannot have happened; see reheap verify`)
    emit.clear()
  }
  return Number(process.hrtime.bigint() - start)
}

function median(times) {
  const sorted = [...times].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)]
}
