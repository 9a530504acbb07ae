/**
 * Predicts, from one recording of each program, what the collector does under other thresholds, and compares every collection
 * and the maximum of uncollected containers with real runs under those thresholds.
 *
 * usage: node scripts/compare-whatif.mjs [--program NAME]... [--version 3.13.2|3.14.2]
 *   --program NAME  this program of scripts/programs/collector, and no others but those named likewise
 *   --version V     only this interpreter
 *
 * The real runs are kept in scripts/collector/real-runs.json; scripts/collector/record-real-runs.mjs makes them anew.
 * Exit 1 if a prediction differs that is not known to.
 */
import { parseArgs } from 'node:util'
import { compared, perGeneration } from './collector/comparison.mjs'
import { cases } from './collector/programs.mjs'

const { values } = parseArgs({ options: { program: { type: 'string', multiple: true }, version: { type: 'string' } } })
const isWanted = ({ name, version }) =>
  (values.program === undefined || values.program.includes(name)) && (values.version === undefined || values.version === version)
const counts = { same: 0, known: 0, different: 0 }
const columns = (cells) =>
  [
    cells[0].padEnd(14),
    cells[1].padEnd(7),
    cells[2].padEnd(11),
    cells[3].padEnd(12),
    cells[4].padEnd(12),
    cells[5].padStart(9),
    cells[6],
  ].join(' ')

console.log(columns(['program', 'CPython', 'thresholds', 'predicted', 'really', 'max', ' ']))
for (const program of cases.filter(isWanted)) {
  for (const { thresholds, predicted, real, difference } of await compared(program)) {
    const outcome = difference === null ? 'same' : program.isKnownToDiffer ? 'known' : 'different'
    counts[outcome]++
    const max = String(predicted.uncollectedMax)
    const remark = { same: 'same', known: `differs, as is known: ${difference}`, different: `DIFFERS: ${difference}` }[outcome]
    console.log(columns([program.name, program.version, thresholds, perGeneration(predicted), perGeneration(real), max, remark]))
  }
}
console.log(`\npredicted and really: collections of generation 0, 1, 2; max: most uncollected containers, as predicted`)
console.log(`${counts.same} the same, ${counts.different} differ, ${counts.known} differ as is known`)
process.exitCode = counts.different === 0 ? 0 : 1
