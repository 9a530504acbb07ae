/**
 * Runs generated object programs on real interpreters and in the simulation, and prints where they differ.
 *
 * usage, in a built checkout: node scripts/compare-objects.mjs [--runs N] [--seed S] [--deeds N] [--python 3.8,3.11] [--wasm 3.14.2]
 *                             [--json] [--record FILE]
 *   --runs N       programs for each interpreter (default 200)
 *   --seed S       which programs (default 1)
 *   --deeds N      deeds of a program at most (default 60)
 *   --python LIST  these native versions, of those that are found from 3.8 to 3.13 (default all; "none")
 *   --wasm LIST    these versions in WebAssembly (default all four; "none")
 *   --json         the table as JSON
 *   --record FILE  writes programs and what the interpreters printed, instead of comparing
 *
 * Exit status 1: there is a difference. The first one of each interpreter is shrunk with the interpreter in the loop.
 */
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { compareProgram, objectProfile, objectPrograms, packRecording, sourceOfProgram } from '../packages/properties/dist/index.js'
import { nativePythons, startNative, startWasm, WASM_VERSIONS } from './objects/interpreters.mjs'
import { describeDifference, shrunk } from './objects/shrinking.mjs'

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
    deeds: { type: 'string', default: '60' },
    python: { type: 'string' },
    wasm: { type: 'string' },
    json: { type: 'boolean', default: false },
    record: { type: 'string' },
  },
})
const programs = fc.sample(objectPrograms(Number(values.deeds)), { numRuns: Number(values.runs), seed: Number(values.seed) })
const wanted = (list, version) =>
  list === undefined || list.split(',').some((start) => version === start || version.startsWith(`${start}.`))
const starts = [
  ...nativePythons()
    .filter(({ version }) => wanted(values.python, version))
    .map((python) => () => startNative(python)),
  ...WASM_VERSIONS.filter((version) => wanted(values.wasm, version)).map((version) => () => startWasm(version)),
]

if (values.record !== undefined) await record(values.record)
else await compareAll()

async function record(file) {
  const runs = []
  for (const start of starts) {
    const interpreter = await start()
    const printed = []
    for (const program of programs) printed.push(await interpreter.run(sourceOfProgram(program)))
    interpreter.close()
    const { name, version, pointerBits } = interpreter
    runs.push({ name, version, pointerBits, printed })
  }
  const text = JSON.stringify(packRecording(programs, runs))
  writeFileSync(file, gzipSync(text, { level: 9 }))
  console.log(`${programs.length} programs on ${runs.length} interpreters`)
}

async function compareAll() {
  const rows = []
  for (const start of starts) {
    const row = await compareOn(await start())
    rows.push(row)
    if (values.json) continue
    console.log(
      `${row.interpreter.padEnd(22)}${String(row.programs).padStart(7)} programs${String(row.lines).padStart(9)} lines${String(row.differences).padStart(6)} differences`,
    )
    if (row.first !== null) console.log(row.first)
  }
  if (values.json) console.log(JSON.stringify(rows))
  else printMeetings(rows)
  process.exitCode = rows.some(({ differences }) => differences > 0) ? 1 : 0
}

async function compareOn(interpreter) {
  const profile = objectProfile(interpreter.version, interpreter.pointerBits)
  const meetings = new Map()
  let [lines, differences, first] = [0, 0, null]
  for (const program of programs) {
    const printed = await interpreter.run(sourceOfProgram(program))
    lines += printed.split('\n').length
    if (compareProgram(program, printed, profile, undefined, meetings) === null) continue
    differences++
    first ??= describeDifference(await shrunk(program, interpreter, profile), profile)
  }
  interpreter.close()
  return {
    interpreter: interpreter.name,
    programs: programs.length,
    lines,
    differences,
    first,
    met: Object.fromEntries([...meetings].sort()),
  }
}

/** What the programs met, on which interpreter how often: a program that meets nothing shows nothing. */
function printMeetings(rows) {
  const kinds = [...new Set(rows.flatMap(({ met }) => Object.keys(met)))].sort()
  console.log(`\n${'met'.padEnd(52)}${rows.map(({ interpreter }) => interpreter.replace(/^\w+ /, '').padStart(10)).join('')}`)
  for (const kind of kinds) console.log(`${kind.padEnd(52)}${rows.map(({ met }) => String(met[kind] ?? 0).padStart(10)).join('')}`)
}
