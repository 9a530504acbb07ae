/**
 * Runs the programs of the truth test on the real interpreters under every setting and keeps what their collectors did.
 *
 * usage: node scripts/collector/record-real-runs.mjs [--program NAME]... | [--check PROGRAM,VERSION,THRESHOLDS]...
 *   writes scripts/collector/fixtures/real-runs.json
 *   --program  runs only this one anew; the others stay as they are kept
 *   --check  runs only this one, such as trees,3.13.2,150,4,3, writes nothing, and exits 1 if it is not as kept
 */
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { realRuns } from './comparison.mjs'
import { cases, withThresholds } from './programs.mjs'
import { realRun } from './real-run.mjs'

async function run({ name, version, source }, thresholds) {
  const { output, collections, uncollectedMax } = await realRun(version, withThresholds(source, thresholds))
  const found = collections.map(({ generation, collected, uncollectable }) => [generation, collected, uncollectable])
  return { program: name, version, thresholds, output: output.trim(), uncollectedMax, collections: found }
}

async function checkOne(text) {
  const [name, version, ...thresholds] = text.split(',')
  const program = cases.find((one) => one.name === name && one.version === version)
  const kept = program && keptRun(program, thresholds.join(','))
  if (program === undefined || kept === undefined) throw new Error(`--check ${text}: there is no such run`)
  const isSame = JSON.stringify(await run(program, kept.thresholds)) === JSON.stringify(kept)
  console.log(`${text}: ${isSame ? 'as kept' : 'NOT AS KEPT'}`)
  return isSame
}

/** @param names of programs; undefined: all */
async function record(names) {
  const runs = []
  for (const program of cases) {
    const isWanted = names === undefined || names.includes(program.name)
    for (const thresholds of program.settings) runs.push(isWanted ? await recordOne(program, thresholds) : keptRun(program, thresholds))
  }
  const lines = runs.map((done) => `  ${JSON.stringify(done)}`)
  writeFileSync(new URL('fixtures/real-runs.json', import.meta.url), `[\n${lines.join(',\n')}\n]\n`)
}

async function recordOne(program, thresholds) {
  const done = await run(program, thresholds)
  const { collections, uncollectedMax } = done
  console.log(done.program, done.version, thresholds, `${collections.length} collections, ${uncollectedMax} uncollected at most`)
  return done
}

const keptRun = ({ name, version }, thresholds) =>
  realRuns().find((one) => one.program === name && one.version === version && one.thresholds === thresholds)

const OPTIONS = { check: { type: 'string', multiple: true }, program: { type: 'string', multiple: true } }
const { values } = parseArgs({ options: OPTIONS })
if (values.check === undefined) await record(values.program)
else for (const text of values.check) if (!(await checkOne(text))) process.exitCode = 1
