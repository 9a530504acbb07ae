/**
 * Runs the tests of each mechanism under V8's coverage and prints, per package, lines and branches that its own tests and its laws reach
 * and how many of its wrong rules (test/*mutants.test.ts) they catch. Ends with 1 where a package is below 95 %.
 * Arguments are names of packages: `npm run coverage -- allocator`.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Tests of the laws of each, below `packages/properties/test`. */
const LAWS = {
  allocator: 'allocator',
  refcount: 'heap',
  'cycle-gc': 'heap',
  'device-memory': 'device',
  'host-memory': 'host',
}
const PERCENT_MIN = 95
const MECHANISMS = Object.keys(LAWS)
const root = fileURLToPath(new URL('..', import.meta.url))
const asked = process.argv.slice(2)
const unknown = asked.find((name) => !MECHANISMS.includes(name))
if (unknown !== undefined) {
  console.error(`coverage: ${unknown} is no mechanism; these are: ${MECHANISMS.join(', ')}`)
  process.exit(2)
}

/** @returns figures of one package, or null if its tests failed */
function measure(name, folder) {
  const report = join(folder, `${name}.json`)
  const args = [
    'node_modules/vitest/vitest.mjs',
    'run',
    `packages/${name}/`,
    `packages/properties/test/${LAWS[name]}.test.ts`,
    '--reporter=json',
    `--outputFile=${report}`,
    '--coverage',
  ]
  args.push(`--coverage.include=packages/${name}/src/**`, '--coverage.exclude=**/*.test.ts', '--coverage.exclude=**/index.ts')
  args.push('--coverage.reporter=json-summary', `--coverage.reportsDirectory=${join(folder, name)}`)
  const run = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8', env: { ...process.env, REHEAP_TESTS: 'all' } })
  if (run.status !== 0) {
    console.error(run.stdout.slice(-4000), run.stderr.slice(-4000))
    return null
  }
  const { total } = JSON.parse(readFileSync(join(folder, name, 'coverage-summary.json'), 'utf8'))
  const wrongRules = JSON.parse(readFileSync(report, 'utf8'))
    .testResults.filter((file) => file.name.endsWith('mutants.test.ts'))
    .flatMap((file) => file.assertionResults)
  const caught = wrongRules.filter(({ status }) => status === 'passed').length
  return { lines: total.lines.pct, branches: total.branches.pct, wrongRules: `${caught} of ${wrongRules.length}` }
}

const folder = mkdtempSync(join(tmpdir(), 'reheap-coverage-'))
let isLow = false
try {
  console.log('mechanism       lines  branches  wrong-rule tests passed')
  for (const name of asked.length > 0 ? asked : MECHANISMS) {
    const found = measure(name, folder)
    isLow ||= found === null || found.lines < PERCENT_MIN || found.branches < PERCENT_MIN
    if (found === null) console.log(`${name.padEnd(13)} its tests failed`)
    else
      console.log(
        `${name.padEnd(13)} ${found.lines.toFixed(1).padStart(5)} % ${found.branches.toFixed(1).padStart(7)} %  ${found.wrongRules}`,
      )
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
process.exit(isLow ? 1 : 0)
