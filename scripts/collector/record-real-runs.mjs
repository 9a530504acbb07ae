/**
 * Runs every program of the truth test on the real interpreters under every setting and keeps what their collectors did.
 *
 * usage: node scripts/collector/record-real-runs.mjs     writes scripts/collector/real-runs.json
 */
import { writeFileSync } from 'node:fs'
import { cases, withThresholds } from './programs.mjs'
import { realRun } from './real-run.mjs'

const runs = []
for (const { name, version, source, settings } of cases) {
  for (const thresholds of settings) {
    const { output, collections, uncollectedMax } = await realRun(version, withThresholds(source, thresholds))
    const found = collections.map(({ generation, collected, uncollectable }) => [generation, collected, uncollectable])
    runs.push({ program: name, version, thresholds, output: output.trim(), uncollectedMax, collections: found })
    console.log(name, version, thresholds, `${found.length} collections, ${uncollectedMax} uncollected at most`)
  }
}
const lines = runs.map((run) => `  ${JSON.stringify(run)}`)
writeFileSync(new URL('real-runs.json', import.meta.url), `[\n${lines.join(',\n')}\n]\n`)
