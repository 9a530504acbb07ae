/**
 * Replays recorded logs through every layer, from Python's calls down to pages, and prints events a second.
 *
 * usage, in a built checkout: node packages/machine/bench/layers.mjs [--passes N] [--program COMMAND] [LOG...]
 *   LOG         a log as JSON Lines, plain or gzip, of CPython's allocator or of a whole process (default: recordings of the repository)
 *   --passes N  passes that are measured (default 9); the figures are medians
 *   --program COMMAND  of one log: what it is a recording of, run three times without a recorder
 *
 *   without host  millions of events a second through the allocator alone, where the log names no host
 *   all layers    through the allocator, the C library, areas, pages and RAM, for the state alone
 *   with facts    the same, every fact written, as a verification does
 *   program       the time that the program ran: that of the command, else, slowed by its recorder, that of the log's own times;
 *                 and how many times as fast the replay of all layers is
 */
import { spawnSync } from 'node:child_process'
import { createReadStream, existsSync, readdirSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { OPCODE_RANGES } from '../../kernel/dist/index.js'
import { readJsonl } from '../../trace/dist/index.js'
import { profileOfRuntime, Replay } from '../dist/index.js'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))
const WARM_UP = 3
/** A short log is replayed so often in one pass that the clock sees it. */
const PASS_EVENTS = 2_000_000
const WIDTHS = [10, 12, 10, 10, 16]

const { values, positionals } = options()
const passes = Number(values.passes)
if (!Number.isInteger(passes) || passes < 3) fail(`--passes ${values.passes}: a median needs 3 passes or more`)
print(['events', 'without host', 'all layers', 'with facts', 'program, ratio', 'log'])
for (const path of positionals.length > 0 ? positionals : recordings()) await benchmark(path)

function fail(message) {
  console.error(`bench: ${message}`)
  process.exit(2)
}

function options() {
  try {
    return parseArgs({
      options: { passes: { type: 'string', default: '9' }, program: { type: 'string' } },
      allowPositionals: true,
    })
  } catch (error) {
    return fail(error.message.split('. ')[0])
  }
}

/** The recordings that packages keep as fixtures. */
function recordings() {
  const folders = readdirSync(join(ROOT, 'packages')).map((name) => join(ROOT, 'packages', name, 'test', 'fixtures'))
  return folders.filter(existsSync).flatMap((fixtures) =>
    readdirSync(fixtures)
      .filter((name) => /^(?:cpython|native)-.*\.jsonl(?:\.gz)?$/.test(name))
      .map((name) => join(fixtures, name)),
  )
}

function print(cells) {
  console.log(cells.map((cell, place) => (place < WIDTHS.length ? String(cell).padStart(WIDTHS[place]) : cell)).join('  '))
}

async function read(path) {
  const opened = await readJsonl(createReadStream(path), { name: path })
  if (opened._tag === 'Left') fail(opened.left.message)
  const { header, batches } = opened.right
  const profile = profileOfRuntime({ pointerBits: 64, ...header.runtime })
  if (profile._tag === 'Left') fail(`${path}: ${profile.left}`)
  const kept = []
  for await (const batch of batches) {
    if (batch._tag === 'Left') fail(batch.left.message)
    kept.push(batch.right)
  }
  return { profile: profile.right, batches: kept }
}

async function benchmark(path) {
  const { profile, batches } = await read(path)
  const events = batches.reduce((sum, { length }) => sum + length, 0)
  const namesHost = batches.some(({ code, length }) => code.subarray(0, length).some(isOfHost))
  const speed = (options) => {
    const rounds = Math.max(1, Math.round(PASS_EVENTS / events))
    const times = Array.from({ length: WARM_UP + passes }, () => pass(batches, profile, options, rounds) / rounds).slice(WARM_UP)
    return events / median(times) / 1e6
  }
  const alone = namesHost ? '-' : speed({ muted: true }).toFixed(2)
  const all = speed({ muted: true, isHosted: true })
  const facts = speed({ isHosted: true })
  const seconds = values.program === undefined ? recordedSeconds(batches) : ranSeconds(values.program)
  const ran = seconds === null ? '-' : `${seconds.toFixed(2)} s, ${(seconds / (events / all / 1e6)).toFixed(1)} x`
  print([events, alone, all.toFixed(2), facts.toFixed(2), ran, relative(process.cwd(), path)])
}

function isOfHost(code) {
  return code >= OPCODE_RANGES.hostMemory.from && code <= OPCODE_RANGES.hostMemory.to
}

/** @returns seconds */
function pass(batches, profile, options, rounds) {
  const start = performance.now()
  for (let round = 0; round < rounds; round++) {
    const replay = new Replay({ recorded: profile, ...options })
    for (const batch of batches) {
      const fed = replay.feed(batch)
      if (fed._tag === 'Left') fail(`event ${fed.left.index}: ${fed.left.reason.message}`)
    }
  }
  return (performance.now() - start) / 1000
}

/** Last time less the first, in seconds; null: the log tells none. */
function recordedSeconds(batches) {
  const times = batches.flatMap(({ time, length }) =>
    time === null ? [] : [...time.subarray(0, length)].filter((at) => !Number.isNaN(at)),
  )
  return times.length < 2 ? null : (times.at(-1) - times[0]) / 1e9
}

/** A program's own time, without a recorder. */
function ranSeconds(command) {
  const times = Array.from({ length: 3 }, () => {
    const start = performance.now()
    const { status } = spawnSync(command, { shell: true, stdio: 'ignore' })
    if (status !== 0) fail(`--program ${command}: ended with exit status ${status}`)
    return (performance.now() - start) / 1000
  })
  return median(times)
}

function median(numbers) {
  const sorted = numbers.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)]
}
